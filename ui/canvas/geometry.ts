import type { PositionDto } from '../api/shapes.ts';
import type { Lane } from './view-model.ts';

/** Where connections run. Pure geometry in canvas coordinates. */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Route {
  /** For the `d` of an SVG path. */
  readonly path: string;
  /** Where the middle of the label goes. */
  readonly label: PositionDto;
  /** How wide the label may be without covering a node. */
  readonly room: number;
}

export interface Course {
  readonly bends: readonly PositionDto[];
  /** Which bend carries the label. */
  readonly labelIndex: number;
  readonly lane: Lane;
}

const CORNER = 16;
/** Room for labels side by side, and one below the other. */
const LANE_WIDTH = 208;
const LANE_HEIGHT = 56;
const LOOP_REACH = 96;
const LOOP_RISE = 28;

const centre = ({ x, y, width, height }: Rectangle): PositionDto => ({ x: x + width / 2, y: y + height / 2 });
const middle = (a: PositionDto, b: PositionDto): PositionDto => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** Where the line from the middle of a rectangle to a point leaves the rectangle. */
export function borderPoint(rectangle: Rectangle, toward: PositionDto): PositionDto {
  const { x, y } = centre(rectangle);
  const [dx, dy] = [toward.x - x, toward.y - y];
  if (dx === 0 && dy === 0) return { x, y };
  const scale = Math.min(dx === 0 ? Number.POSITIVE_INFINITY : rectangle.width / 2 / Math.abs(dx), dy === 0 ? Number.POSITIVE_INFINITY : rectangle.height / 2 / Math.abs(dy));
  return { x: x + dx * scale, y: y + dy * scale };
}

/** Points on the sides that face each other, and the direction in which the line leaves and arrives. */
function facing(source: Rectangle, target: Rectangle): { from: PositionDto; to: PositionDto; vertical: boolean } {
  const [a, b] = [centre(source), centre(target)];
  const gapX = Math.abs(b.x - a.x) - (source.width + target.width) / 2;
  const gapY = Math.abs(b.y - a.y) - (source.height + target.height) / 2;
  const vertical = gapY >= gapX;
  const [signX, signY] = [Math.sign(b.x - a.x) || 1, Math.sign(b.y - a.y) || 1];
  const side = ({ width, height }: Rectangle, { x, y }: PositionDto, sign: number): PositionDto =>
    vertical ? { x, y: y + (sign * signY * height) / 2 } : { x: x + (sign * signX * width) / 2, y };
  return { from: side(source, a, 1), to: side(target, b, -1), vertical };
}

/** A line through points whose corners are rounded. */
export function roundedPath(points: readonly PositionDto[], radius = CORNER): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${first.x},${first.y}`;
  for (const [index, point] of rest.entries()) {
    const next = rest[index + 1];
    const before = index === 0 ? first : rest[index - 1]!;
    path += next ? corner(before, point, next, radius) : `L${point.x},${point.y}`;
  }
  return path;
}

function corner(before: PositionDto, at: PositionDto, after: PositionDto, radius: number): string {
  const near = (other: PositionDto): PositionDto => {
    const distance = Math.hypot(other.x - at.x, other.y - at.y);
    const share = distance === 0 ? 0 : Math.min(radius, distance / 2) / distance;
    return { x: at.x + (other.x - at.x) * share, y: at.y + (other.y - at.y) * share };
  };
  const [enter, leave] = [near(before), near(after)];
  return `L${enter.x},${enter.y}Q${at.x},${at.y} ${leave.x},${leave.y}`;
}

/** A soft S between two sides that face each other. */
function curve(from: PositionDto, to: PositionDto, vertical: boolean): string {
  const half = middle(from, to);
  const [one, two] = vertical
    ? [
        { x: from.x, y: half.y },
        { x: to.x, y: half.y },
      ]
    : [
        { x: half.x, y: from.y },
        { x: half.x, y: to.y },
      ];
  return `M${from.x},${from.y}C${one.x},${one.y} ${two.x},${two.y} ${to.x},${to.y}`;
}

/** Lies beside the straight way, for the second and further connections between two nodes. */
function beside(source: Rectangle, target: Rectangle, lane: Lane): PositionDto {
  const { from, to, vertical } = facing(source, target);
  const half = middle(from, to);
  return vertical ? { x: half.x + lane * LANE_WIDTH, y: half.y } : { x: half.x, y: half.y + lane * LANE_HEIGHT };
}

function loop({ x, y, width, height }: Rectangle, lane: Lane): Route {
  const [right, middleY] = [x + width, y + height / 2 + lane * LANE_HEIGHT * 1.5];
  const [top, bottom, out] = [middleY - LOOP_RISE, middleY + LOOP_RISE, right + LOOP_REACH];
  return {
    path: roundedPath([
      { x: right, y: top },
      { x: out, y: top },
      { x: out, y: bottom },
      { x: right, y: bottom },
    ]),
    label: { x: out, y: middleY },
    room: Number.POSITIVE_INFINITY,
  };
}

/** How a connection runs from one node to another. */
export function route(source: Rectangle, target: Rectangle, isLoop: boolean, { bends, labelIndex, lane }: Course): Route {
  if (isLoop && bends.length === 0) return loop(source, lane);
  if (bends.length === 0 && lane === 0) {
    const { from, to, vertical } = facing(source, target);
    return { path: curve(from, to, vertical), label: middle(from, to), room: vertical ? Number.POSITIVE_INFINITY : Math.abs(to.x - from.x) };
  }
  const through = bends.length > 0 ? bends : [beside(source, target, lane)];
  const points = [borderPoint(source, through[0]!), ...through, borderPoint(target, through.at(-1)!)];
  return { path: roundedPath(points), label: through[Math.min(Math.max(labelIndex, 0), through.length - 1)]!, room: Number.POSITIVE_INFINITY };
}
