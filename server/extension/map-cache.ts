import { serviceContract } from './service.ts';

/** A value with its revision: the number of its changes. */
export interface CacheEntry {
  readonly value: string;
  readonly revision: number;
}

/** Keys and values that processors share (NiFi's DistributedMapCacheClient and its atomic form). Methods throw ProcessError where the cache cannot be reached. */
export interface MapCache {
  get(key: string): Promise<CacheEntry | undefined>;
  /** Sets the value, whatever was there. */
  put(key: string, value: string): Promise<void>;
  /** Sets the value unless there is one; returns the one that was there. */
  putIfAbsent(key: string, value: string): Promise<CacheEntry | undefined>;
  /** Sets the value if the present one still has this revision; undefined means that there is none. Returns whether it did. */
  replace(key: string, value: string, revision: number | undefined): Promise<boolean>;
  /** Where a revision is given, only if the entry still has it. Returns whether there was one. */
  remove(key: string, revision?: number): Promise<boolean>;
  /** All keys. */
  keys(): Promise<string[]>;
}

/** Values that processors share, each once (NiFi's DistributedSetCacheClient). Methods throw ProcessError where the cache cannot be reached. */
export interface SetCache {
  /** Returns whether the value is new. */
  addIfAbsent(value: string): Promise<boolean>;
  contains(value: string): Promise<boolean>;
  /** Returns whether it was there. */
  remove(value: string): Promise<boolean>;
}

const PACKAGE = 'org.apache.nifi.distributed.cache.client';

export const MAP_CACHE = serviceContract<MapCache>(`${PACKAGE}.DistributedMapCacheClient`);
export const ATOMIC_MAP_CACHE = serviceContract<MapCache>(`${PACKAGE}.AtomicDistributedMapCacheClient`);
export const SET_CACHE = serviceContract<SetCache>(`${PACKAGE}.DistributedSetCacheClient`);
