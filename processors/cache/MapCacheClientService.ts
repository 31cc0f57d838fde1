import type { MapCache } from '../../server/extension/map-cache.ts';
import { ATOMIC_MAP_CACHE, MAP_CACHE } from '../../server/extension/map-cache.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { cacheAt } from './cache-directory.ts';

const OWN_NAMES = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0']);

/** The cache is looked up with each call: its server may be enabled later, or again. */
function clientOf(port: number): MapCache {
  return {
    get: async (key) => cacheAt(port).get(key),
    put: async (key, value) => cacheAt(port).put(key, value),
    putIfAbsent: async (key, value) => cacheAt(port).putIfAbsent(key, value),
    replace: async (key, value, revision) => cacheAt(port).replace(key, value, revision),
    remove: async (key) => cacheAt(port).remove(key),
    keys: async () => cacheAt(port).keys(),
  };
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.distributed.cache.client', bundle: 'nifi-distributed-cache-services-nar' },
  description: 'Lets processors share keys and values that a MapCacheServer of this runtime keeps.',
  tags: ['cluster', 'cache', 'distributed', 'state', 'map'],
  provides: [ATOMIC_MAP_CACHE, MAP_CACHE],
  properties: {
    host: property.text('Server Hostname', 'localhost: the server is one of this runtime', { required: true }),
    port: property.integer('Server Port', 'The port of the MapCacheServer', { default: '4557', min: 1, max: 65535 }),
    ssl: property.service('SSL Context Service', 'Kept for flows made in NiFi: nothing goes over a network', SSL_CONTEXT),
    timeout: property.duration('Communications Timeout', 'Kept for flows made in NiFi: nothing goes over a network', { default: '30 secs' }),
  },
  validate: ({ host }) => (OWN_NAMES.has(host.toLowerCase()) ? [] : [`Server Hostname '${host}' is not supported: this runtime reaches its own MapCacheServer only, at localhost`]),
  onEnabled: ({ properties: { port } }) => clientOf(port),
});
