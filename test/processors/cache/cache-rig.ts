import type { MapCache } from '../../../server/extension/map-cache.ts';
import { closeCache, openCache } from '../../../processors/cache/cache-directory.ts';
import type { CacheRules, MapCacheStore } from '../../../processors/cache/map-cache-store.ts';
import MapCacheClientService from '../../../processors/cache/MapCacheClientService.ts';
import { type RealService, temporaryDirectory } from '../../runner.ts';

let ports = 20_000;

/** A cache on disk and the real client service that finds it; `release` after the test. */
export function cacheRig(rules: Partial<CacheRules> = {}): { client: RealService; store: MapCacheStore; release(): void } {
  const port = ports++;
  const store = openCache(port, { file: `${temporaryDirectory()}/cache.db`, maximum: 100, eviction: 'Least Recently Used', maximumSize: 1000, ...rules });
  const client = { definition: MapCacheClientService, properties: { 'Server Hostname': 'localhost', 'Server Port': String(port) } };
  return { client: client as unknown as RealService, store, release: () => closeCache(store) };
}

/** A client whose server cannot be reached. */
export const unreachable = (): MapCache => {
  const fail = (): Promise<never> => Promise.reject(new Error('no cache'));
  return { get: fail, put: fail, putIfAbsent: fail, replace: fail, remove: fail, keys: fail };
};
