import { ProcessError } from '../../server/extension/errors.ts';
import { type CacheRules, MapCacheStore } from './map-cache-store.ts';

/** The caches of this process by their port: what stands in for the network between NiFi's clients and servers. */
const caches = new Map<number, { readonly store: MapCacheStore; readonly kind: CacheKind }>();

/** A server keeps keys with values, or keys only. */
export type CacheKind = 'MapCacheServer' | 'SetCacheServer';

/** Throws an Error where another cache has this port. */
export function openCache(port: number, rules: CacheRules, kind: CacheKind = 'MapCacheServer'): MapCacheStore {
  const present = caches.get(port);
  if (present) throw new Error(`Port ${port} belongs to another ${present.kind}. Choose another port.`);
  const store = new MapCacheStore(rules);
  caches.set(port, { store, kind });
  return store;
}

export function closeCache(cache: MapCacheStore): void {
  for (const [port, known] of caches) if (known.store === cache) caches.delete(port);
  cache.close();
}

/** Throws ProcessError where there is none. */
export function cacheAt(port: number, kind: CacheKind = 'MapCacheServer'): MapCacheStore {
  const cache = caches.get(port);
  if (cache?.kind !== kind) throw new ProcessError(`There is no cache at port ${port}: enable a ${kind} with this port.`);
  return cache.store;
}
