import type { FlowComponent, PlacedKind, PositionDto } from '../api/shapes.ts';

/** The room that a component takes in NiFi's layout, by which positions are stored. */
const ROOM: Readonly<Record<PlacedKind, { readonly width: number; readonly height: number }>> = {
  processor: { width: 352, height: 128 },
  group: { width: 384, height: 176 },
  'input-port': { width: 240, height: 48 },
  'output-port': { width: 240, height: 48 },
  funnel: { width: 48, height: 48 },
  label: { width: 240, height: 96 },
};
const GRID = 8;
const snap = (value: number): number => Math.round(value / GRID) * GRID;

/** The position to store for a component whose middle is to be at a point. */
export function positionAround(kind: PlacedKind, { x, y }: PositionDto): PositionDto {
  const { width, height } = ROOM[kind];
  return { x: snap(x - width / 2), y: snap(y - height / 2) };
}

/** The left upper corner of several components. */
export function placeOf(components: readonly FlowComponent[]): PositionDto {
  const positions = components.flatMap(({ kind, entity }) => (kind === 'connection' ? [] : [entity.component.position]));
  return positions.length === 0 ? { x: 0, y: 0 } : { x: Math.min(...positions.map(({ x }) => x)), y: Math.min(...positions.map(({ y }) => y)) };
}
