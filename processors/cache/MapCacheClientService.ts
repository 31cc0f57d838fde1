import type { MapCache } from '../../server/extension/map-cache.ts';
import { ATOMIC_MAP_CACHE, MAP_CACHE } from '../../server/extension/map-cache.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { cacheAt } from './cache-directory.ts';
import { clientProperties, hostProblems } from './cache-properties.ts';

/** The cache is looked up with each call: its server may be enabled later, or again. */
function clientOf(port: number): MapCache {
  return {
    get: async (key) => cacheAt(port).get(key),
    put: async (key, value) => cacheAt(port).put(key, value),
    putIfAbsent: async (key, value) => cacheAt(port).putIfAbsent(key, value),
    replace: async (key, value, revision) => cacheAt(port).replace(key, value, revision),
    remove: async (key, revision) => cacheAt(port).remove(key, revision),
    keys: async () => cacheAt(port).keys(),
  };
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.distributed.cache.client', bundle: 'nifi-distributed-cache-services-nar' },
  description: 'Lets processors share keys and values that a MapCacheServer of this runtime keeps.',
  tags: ['cluster', 'cache', 'distributed', 'state', 'map'],
  provides: [ATOMIC_MAP_CACHE, MAP_CACHE],
  properties: clientProperties('MapCacheServer'),
  validate: hostProblems('MapCacheServer'),
  onEnabled: ({ properties: { port } }) => clientOf(port),
});
