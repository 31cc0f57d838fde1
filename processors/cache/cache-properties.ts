import path from 'node:path';
import { choices } from '../../server/extension/choices.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { property } from '../../server/extension/property.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import type { CacheKind } from './cache-directory.ts';
import type { CacheRules } from './map-cache-store.ts';

const OWN_NAMES = new Set(['localhost', '127.0.0.1', '::1', '0.0.0.0']);

/** What the servers ask. */
export const serverProperties = {
  port: property.integer('Port', 'The number by which clients find it', { default: '4557', min: 1, max: 65535 }),
  maximum: property.integer('Maximum Cache Entries', 'Beyond so many entries some are evicted', { default: '10000', min: 1 }),
  eviction: property.choice('Eviction Strategy', 'Which entries are evicted', choices('Least Frequently Used', 'Least Recently Used', 'First In, First Out'), {
    default: 'Least Frequently Used',
  }),
  directory: property.text('Persistence Directory', 'The folder of the database; without it the data directory of this runtime'),
  ssl: property.service('SSL Context Service', 'Kept for flows made in NiFi: nothing goes over a network', SSL_CONTEXT),
  maximumSize: property.dataSize('Maximum Read Size', 'The largest value that is kept', { default: '1 MB', required: false }),
};

export const NO_PORT = 'NiFi opens a port for the clients of a cluster. This runtime is one process: clients reach the cache directly, and no port is opened.';

/** How a server keeps its entries; `prefix` begins the name of its file. */
export function rulesOf({ id, dataDirectory, properties }: ComponentContext<typeof serverProperties>, prefix: string): CacheRules {
  const { maximum, eviction, directory, maximumSize } = properties;
  return { file: path.join(directory ?? dataDirectory, `${prefix}-cache-${id}.db`), maximum, eviction, maximumSize: maximumSize ?? 1024 * 1024 };
}

/** What the clients ask. */
export const clientProperties = (server: CacheKind) => ({
  host: property.text('Server Hostname', 'localhost: the server is one of this runtime', { required: true }),
  port: property.integer('Server Port', `The port of the ${server}`, { default: '4557', min: 1, max: 65535 }),
  ssl: property.service('SSL Context Service', 'Kept for flows made in NiFi: nothing goes over a network', SSL_CONTEXT),
  timeout: property.duration('Communications Timeout', 'Kept for flows made in NiFi: nothing goes over a network', { default: '30 secs' }),
});

export const hostProblems =
  (server: CacheKind) =>
  ({ host }: { readonly host: string }): string[] =>
    OWN_NAMES.has(host.toLowerCase()) ? [] : [`Server Hostname '${host}' is not supported: this runtime reaches its own ${server} only, at localhost`];
