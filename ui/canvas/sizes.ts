import type { PlacedKind, PositionDto } from '../api/shapes.ts';

/** How large components are on the canvas. */
export const SIZES = {
  processor: { width: 304, height: 128 },
  group: { width: 384, height: 176 },
  'input-port': { width: 240, height: 48 },
  'output-port': { width: 240, height: 48 },
  funnel: { width: 48, height: 48 },
} as const satisfies Partial<Record<PlacedKind, { width: number; height: number }>>;

/** NiFi gives a processor 352 by 128. Ours is drawn in the middle of that place: flows keep their layout, and lines get more room. */
const INSET: Partial<Record<PlacedKind, number>> = { processor: 24 };

/** Where a component is drawn whose stored position is given. */
export function drawnAt(kind: PlacedKind, { x, y }: PositionDto): PositionDto {
  return { x: x + (INSET[kind] ?? 0), y };
}

/** The position to store for a component that is drawn at a place. */
export function storedAt(kind: PlacedKind, { x, y }: PositionDto): PositionDto {
  return { x: x - (INSET[kind] ?? 0), y };
}

/** So much room at the left edge of the canvas is the toolbar's, in pixels. */
export const TOOLBAR = 88;

/** What stays free around everything, so that nothing lies behind the toolbar or the controls. */
export const FIT_PADDING = { top: '6%', right: '6%', bottom: '80px', left: '104px' } as const;

/** Components snap to this grid. */
export const GRID = 8;
