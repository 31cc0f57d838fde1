import { defineControllerService } from '../../server/extension/service.ts';
import { closeCache, openCache } from './cache-directory.ts';
import { NO_PORT, rulesOf, serverProperties } from './cache-properties.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.distributed.cache.server.map', bundle: 'nifi-distributed-cache-services-nar' },
  description: 'Keeps keys and values that processors share, on disk: a restart forgets none. Clients of this runtime find it by its port.',
  tags: ['cluster', 'server', 'cache', 'key/value', 'distributed', 'map'],
  provides: [],
  properties: serverProperties,
  details: NO_PORT,
  onEnabled: (context) => openCache(context.properties.port, rulesOf(context, 'map')),
  onDisabled: closeCache,
});
