import { createHash } from 'node:crypto';
import type { MapCache } from '../../server/extension/map-cache.ts';
import { type DataRecord, stringifyExactly } from '../../server/extension/record.ts';
import type { RecordPath } from '../../server/extension/record-path/record-path.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';

/** Whether a key was there before; it is there afterwards. */
export type Filter = (key: string) => boolean | Promise<boolean>;

export function hashSet(): Filter {
  const seen = new Set<string>();
  return (key) => {
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  };
}

/** A Bloom filter for so many keys: it takes about one new key in `1 / chance` for a known one, in little memory. */
export function bloomFilter(capacity: number, chance: number): Filter {
  const probability = Math.min(Math.max(chance, 1e-9), 0.99);
  const size = Math.max(64, Math.min(2 ** 31, Math.ceil((-Math.max(1, capacity) * Math.log(probability)) / Math.LN2 ** 2)));
  const hashes = Math.max(1, Math.round((size / Math.max(1, capacity)) * Math.LN2));
  const bits = new Uint8Array(Math.ceil(size / 8));
  return (key) => {
    const digest = createHash('sha256').update(key).digest();
    const [first, second] = [digest.readUInt32LE(0), (digest.readUInt32LE(4) | 1) >>> 0];
    let known = true;
    for (let index = 0; index < hashes; index++) {
      const place = (first + index * second) % size;
      const mask = 1 << (place & 7);
      if ((bits[place >> 3]! & mask) === 0) known = false;
      bits[place >> 3]! |= mask;
    }
    return known;
  };
}

/**
 * A cache that is shared between FlowFiles. Entries carry the FlowFile's uuid: where a FlowFile comes again because its session was
 * rolled back, its records are no duplicates of themselves.
 */
export function cacheFilter(cache: MapCache, puts: boolean, uuid: string): Filter {
  const own = hashSet();
  return async (key) => {
    const known = puts ? await cache.putIfAbsent(key, uuid) : await cache.get(key);
    if (!puts) return known !== undefined;
    return (await own(key)) || (known !== undefined && known.value !== uuid);
  };
}

/** What makes two records the same: all of their values, or what the paths lead to. */
export function keyOf(record: DataRecord, schema: RecordSchema, paths: readonly (readonly [string, RecordPath])[]): string {
  if (paths.length === 0) return stringifyExactly(schema.fields.map(({ name }) => record[name] ?? null));
  return stringifyExactly(paths.map(([name, path]) => [name, ...path.evaluate(record, schema).flatMap(({ value }) => (value === null || value === undefined ? [] : [value]))]));
}

export const hashed = (key: string, algorithm: string): string => (algorithm === 'none' ? key : createHash(algorithm.toLowerCase().replace('-', '')).update(key).digest('hex'));
