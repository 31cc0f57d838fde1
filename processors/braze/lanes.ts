import { MOST_OBJECTS } from './braze.ts';
import type { Sendable } from './rows.ts';

/** What the body of a request may hold, in bytes: Braze refuses more than 4 MB. */
const MOST_BYTES = 3_500_000;

/**
 * Rows in lanes that are sent beside each other: all rows of a key are in the same lane, in their order. The same rows make the same
 * lanes, so that a run that was cut off knows how far each of them came.
 */
export function lanesOf(rows: readonly Sendable[], most: number): Sendable[][] {
  const full = rows.length === 0 ? 1 : Math.ceil(rows.length / MOST_OBJECTS[rows[0]!.kind]);
  const lanes = Array.from({ length: Math.max(1, Math.min(most, full)) }, (): Sendable[] => []);
  for (const row of rows) lanes[hash(row.key) % lanes.length]!.push(row);
  return lanes;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/** The requests of a lane, each as full as Braze allows. */
export function* requestsOf(lane: readonly Sendable[]): Generator<readonly Sendable[]> {
  let [open, bytes, seen] = [[] as Sendable[], 0, new Set<string>()];
  for (const row of lane) {
    const size = Buffer.byteLength(JSON.stringify(row.object)) + 1;
    const fits = open.length < MOST_OBJECTS[row.kind] && bytes + size <= MOST_BYTES && open[0]?.family === row.family && !(row.alone !== undefined && seen.has(row.alone));
    if (open.length > 0 && !fits) {
      yield open;
      [open, bytes, seen] = [[], 0, new Set()];
    }
    open.push(row);
    bytes += size;
    if (row.alone !== undefined) seen.add(row.alone);
  }
  if (open.length > 0) yield open;
}
