import { ProcessError } from '../../server/extension/errors.ts';
import { type CacheRules, MapCacheStore } from './map-cache-store.ts';

/** The caches of this process by their port: what stands in for the network between NiFi's clients and servers. */
const caches = new Map<number, MapCacheStore>();

/** Throws an Error where another cache has this port. */
export function openCache(port: number, rules: CacheRules): MapCacheStore {
  if (caches.has(port)) throw new Error(`Port ${port} belongs to another MapCacheServer. Choose another port.`);
  const cache = new MapCacheStore(rules);
  caches.set(port, cache);
  return cache;
}

export function closeCache(cache: MapCacheStore): void {
  for (const [port, known] of caches) if (known === cache) caches.delete(port);
  cache.close();
}

/** Throws ProcessError where there is none. */
export function cacheAt(port: number): MapCacheStore {
  const cache = caches.get(port);
  if (!cache) throw new ProcessError(`There is no cache at port ${port}: enable a MapCacheServer with this port.`);
  return cache;
}
