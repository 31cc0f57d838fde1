import path from 'node:path';
import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { closeCache, openCache } from './cache-directory.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.distributed.cache.server.map', bundle: 'nifi-distributed-cache-services-nar' },
  description: 'Keeps keys and values that processors share, on disk: a restart forgets none. Clients of this runtime find it by its port.',
  tags: ['cluster', 'server', 'cache', 'key/value', 'distributed', 'map'],
  provides: [],
  properties: {
    port: property.integer('Port', 'The number by which clients find it', { default: '4557', min: 1, max: 65535 }),
    maximum: property.integer('Maximum Cache Entries', 'Beyond so many entries some are evicted', { default: '10000', min: 1 }),
    eviction: property.choice('Eviction Strategy', 'Which entries are evicted', choices('Least Frequently Used', 'Least Recently Used', 'First In, First Out'), {
      default: 'Least Frequently Used',
    }),
    directory: property.text('Persistence Directory', 'The folder of the database; without it the data directory of this runtime'),
    ssl: property.service('SSL Context Service', 'Kept for flows made in NiFi: nothing goes over a network', SSL_CONTEXT),
    maximumSize: property.dataSize('Maximum Read Size', 'The largest value that is kept', { default: '1 MB', required: false }),
  },
  details: 'NiFi opens a port for the clients of a cluster. This runtime is one process: clients reach the cache directly, and no port is opened.',
  onEnabled: ({ id, dataDirectory, properties: { port, maximum, eviction, directory, maximumSize } }) =>
    openCache(port, { file: path.join(directory ?? dataDirectory, `map-cache-${id}.db`), maximum, eviction, maximumSize: maximumSize ?? 1024 * 1024 }),
  onDisabled: closeCache,
});
