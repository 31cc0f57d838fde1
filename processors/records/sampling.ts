import { PropertyError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';

type Batches = AsyncIterable<RecordBatch>;

/** Numbers from 0 up to 1 that follow from a seed (mulberry32); without one they differ each time. */
export function randomNumbers(seed: number | undefined): () => number {
  if (seed === undefined) return Math.random;
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The records for which `isWanted` holds; the first has the number 1. */
export async function* chosen(batches: Batches, isWanted: (number: number) => boolean): AsyncGenerator<RecordBatch> {
  let number = 0;
  for await (const batch of batches) {
    const wanted = batch.filter(() => isWanted(++number));
    if (wanted.length > 0) yield wanted;
  }
}

/** So many records, each with the same chance to be among them (Algorithm R). */
export async function* reservoir(batches: Batches, size: number, random: () => number): AsyncGenerator<RecordBatch> {
  const kept: DataRecord[] = [];
  let seen = 0;
  for await (const batch of batches) {
    for (const record of batch) {
      const place = seen++ < size ? kept.length : Math.floor(random() * seen);
      if (place < size) kept[place] = record;
    }
  }
  if (kept.length > 0) yield kept;
}

/** A text such as `3,6-8,-2,20-` as a test of numbers. Throws PropertyError. */
export function ranges(text: string): (number: number) => boolean {
  const all = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map((part): readonly [number, number] => {
      const found = /^\s*(\d*)\s*(-?)\s*(\d*)\s*$/.exec(part);
      if (!found || (found[1] === '' && found[3] === '')) throw new PropertyError(`Sampling Range '${text}' is not a list of numbers and ranges such as 1,4-7,20-.`);
      const [, from, dash, to] = found;
      return dash ? [Number(from), to === '' ? Number.POSITIVE_INFINITY : Number(to)] : [Number(from), Number(from)];
    });
  return (number) => all.length === 0 || all.some(([from, to]) => number >= from && number <= to);
}
