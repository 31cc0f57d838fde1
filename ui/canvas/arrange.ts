import type { PositionDto } from '../api/shapes.ts';
import type { Arrangement } from '../shared/canvas-view.ts';
import type { Rectangle } from './geometry.ts';

/** How several components are lined up. Pure. */

export interface Placed extends Rectangle {
  readonly id: string;
}

type Axis = 'x' | 'y';
const LENGTH = { x: 'width', y: 'height' } as const;

/** New left upper corners of those that move. */
export function arrange(arrangement: Arrangement, placed: readonly Placed[]): Map<string, PositionDto> {
  const moved = arrangement === 'across' || arrangement === 'down' ? distribute(placed, arrangement === 'across' ? 'x' : 'y') : align(placed, arrangement);
  return new Map([...moved].filter(([id, { x, y }]) => placed.some((each) => each.id === id && (each.x !== x || each.y !== y))));
}

function align(placed: readonly Placed[], arrangement: Arrangement): Map<string, PositionDto> {
  const axis: Axis = arrangement === 'left' || arrangement === 'centre' || arrangement === 'right' ? 'x' : 'y';
  const start = Math.min(...placed.map((each) => each[axis]));
  const end = Math.max(...placed.map((each) => each[axis] + each[LENGTH[axis]]));
  const share = arrangement === 'left' || arrangement === 'top' ? 0 : arrangement === 'right' || arrangement === 'bottom' ? 1 : 0.5;
  return new Map(placed.map((each) => [each.id, { x: each.x, y: each.y, [axis]: Math.round(start + (end - start - each[LENGTH[axis]]) * share) }]));
}

/** The same room between each two; the outermost stay. */
function distribute(placed: readonly Placed[], axis: Axis): Map<string, PositionDto> {
  const sorted = [...placed].sort((a, b) => a[axis] - b[axis]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last || sorted.length < 3) return new Map();
  const taken = sorted.reduce((sum, each) => sum + each[LENGTH[axis]], 0);
  const gap = (last[axis] + last[LENGTH[axis]] - first[axis] - taken) / (sorted.length - 1);
  let at = first[axis];
  return new Map(
    sorted.map((each) => {
      const place = { x: each.x, y: each.y, [axis]: Math.round(at) };
      at += each[LENGTH[axis]] + gap;
      return [each.id, place];
    }),
  );
}
