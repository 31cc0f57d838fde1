import type { PositionDto } from '../api/shapes.ts';

/** Edits of the bend points of a connection. Pure; the lists are never changed in place. */

type Bends = readonly PositionDto[];

export function moveBend(bends: Bends, index: number, to: PositionDto): Bends {
  return bends.map((bend, at) => (at === index ? to : bend));
}

/** `index`: the place that the new one takes. */
export function insertBend(bends: Bends, index: number, at: PositionDto): Bends {
  return [...bends.slice(0, index), at, ...bends.slice(index)];
}

export function removeBend(bends: Bends, index: number): Bends {
  return bends.filter((_, at) => at !== index);
}

/** The middles of the pieces of a line. */
export function segments(points: Bends): PositionDto[] {
  return points.slice(1).map((point, index) => ({ x: (point.x + points[index]!.x) / 2, y: (point.y + points[index]!.y) / 2 }));
}

/** Which piece of a line a point lies nearest to: where a bend put there belongs. */
export function nearestSegment(points: Bends, at: PositionDto): number {
  const distances = points.slice(1).map((end, index) => distanceTo(points[index]!, end, at));
  return distances.indexOf(Math.min(...distances));
}

function distanceTo(a: PositionDto, b: PositionDto, p: PositionDto): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length));
  return Math.hypot(p.x - a.x - share * dx, p.y - a.y - share * dy);
}
