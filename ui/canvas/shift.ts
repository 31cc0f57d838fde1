const MARGIN = 24;

/** How far something that begins at `start` must move to lie within `room`; what is larger than the room stays where it is. `before`: what stays free at the beginning. */
export function shiftInto(start: number, size: number, room: number, before = MARGIN): number {
  if (size > room - before - MARGIN) return 0;
  if (start + size > room - MARGIN) return room - MARGIN - start - size;
  return start < before ? before - start : 0;
}
