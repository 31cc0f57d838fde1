const MARGIN = 24;

/** How far something that begins at `start` must move to lie within `room`; what is larger than the room stays where it is. */
export function shiftInto(start: number, size: number, room: number): number {
  if (size > room - 2 * MARGIN) return 0;
  if (start + size > room - MARGIN) return room - MARGIN - start - size;
  return start < MARGIN ? MARGIN - start : 0;
}
