import { SET_CACHE, type SetCache } from '../../server/extension/map-cache.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { cacheAt } from './cache-directory.ts';
import { clientProperties, hostProblems } from './cache-properties.ts';

/** The cache is looked up with each call: its server may be enabled later, or again. */
const clientOf = (port: number): SetCache => ({
  addIfAbsent: async (value) => cacheAt(port, 'SetCacheServer').putIfAbsent(value, '') === undefined,
  contains: async (value) => cacheAt(port, 'SetCacheServer').get(value) !== undefined,
  remove: async (value) => cacheAt(port, 'SetCacheServer').remove(value),
});

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.distributed.cache.client', bundle: 'nifi-distributed-cache-services-nar' },
  description: 'Lets processors share values that a SetCacheServer of this runtime keeps.',
  tags: ['cluster', 'cache', 'set', 'distributed', 'state'],
  provides: [SET_CACHE],
  properties: clientProperties('SetCacheServer'),
  validate: hostProblems('SetCacheServer'),
  onEnabled: ({ properties: { port } }) => clientOf(port),
});
