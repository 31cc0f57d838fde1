import type { ConnectionEntity } from '../api/shapes.ts';
import type { Movement } from './view-model.ts';

/** What was last seen of a connection. */
export interface Sample {
  readonly flowFilesIn: number;
  readonly flowFilesOut: number;
  readonly flowFilesQueued: number;
  /** When data last moved, milliseconds; 0 where it has not been seen to. */
  readonly movedAt: number;
}

export type Samples = ReadonlyMap<string, Sample>;

/** A connection counts as moving so long after the last sign of it. */
export const LINGER_MILLIS = 2500;

/**
 * Compares an answer with the one before. The API gives sums over five minutes, from which old figures fall out: a growing
 * sum or a queue of another length are signs of movement, a shrinking sum is not.
 */
export function sample(previous: Samples, connections: readonly ConnectionEntity[], now: number): Samples {
  return new Map(
    connections.map(({ id, status }) => {
      const { flowFilesIn, flowFilesOut, flowFilesQueued } = status.aggregateSnapshot;
      const before = previous.get(id);
      const moved = before !== undefined && (flowFilesIn > before.flowFilesIn || flowFilesOut > before.flowFilesOut || flowFilesQueued !== before.flowFilesQueued);
      return [id, { flowFilesIn, flowFilesOut, flowFilesQueued, movedAt: moved ? now : (before?.movedAt ?? 0) }];
    }),
  );
}

export function movementOf(seen: Sample | undefined, now: number): Movement {
  if (!seen) return 'idle';
  if (seen.movedAt > 0 && now - seen.movedAt < LINGER_MILLIS) return 'moving';
  return seen.flowFilesIn > 0 || seen.flowFilesOut > 0 ? 'recent' : 'idle';
}
