import type { ComponentContext } from '../../server/extension/component.ts';
import { timeText } from '../../server/extension/file-attributes.ts';
import { type ListedFileRecord, writeFileRecords } from '../../server/extension/file-records.ts';
import { EntityTracker } from '../../server/extension/listing.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { chooseNew } from '../../server/extension/tracked-listing.ts';
import { directoryOf, joined, type RemoteAddress } from './remote-files.ts';
import { listRemote, type RemoteFile } from './remote-listing.ts';
import type { listing } from './transfer-properties.ts';
import type { Transfers } from './transfers.ts';

export interface ListingClient extends Transfers {
  readonly tracker: EntityTracker | undefined;
  readonly maxListed: number;
  readonly isWanted: (file: RemoteFile) => boolean;
}

type Properties = typeof listing;

/** What a listing keeps while it runs. */
export function listingClient(context: ComponentContext<Properties>, transfers: Transfers, extra: Pick<ListingClient, 'maxListed' | 'isWanted'>): ListingClient {
  const { strategy, cache, window = 0, initial } = context.properties;
  const tracker = strategy === 'entities' && cache ? new EntityTracker({ cache, key: `ListedEntities::${context.id}`, window, startsWithAll: initial !== 'window' }) : undefined;
  return { ...transfers, ...extra, tracker };
}

/** What is wrong with the properties of a listing together. */
export function listingProblems({ strategy, cache, window }: { strategy: string; cache: unknown; window: unknown }): string[] {
  if (strategy !== 'entities') return [];
  return [
    ...(cache === undefined ? ["'Entity Tracking State Cache' is required to use 'Tracking Entities' listing strategy"] : []),
    ...(window === undefined ? ["'Entity Tracking Time Window' is required to use 'Tracking Entities' listing strategy"] : []),
  ];
}

const recordOf = ({ name, path, ...file }: RemoteFile): ListedFileRecord => ({ ...file, filename: name, path: directoryOf(path) });

function attributesOf({ name, path, size, modified, permissions, owner, group }: RemoteFile, protocol: string, { host, port, user }: RemoteAddress): Record<string, string> {
  const directory = directoryOf(path);
  return {
    [`${protocol}.remote.host`]: host,
    [`${protocol}.remote.port`]: String(port),
    [`${protocol}.listing.user`]: user,
    'file.lastModifiedTime': timeText(modified),
    ...(permissions === undefined ? {} : { 'file.permissions': permissions }),
    ...(owner === undefined ? {} : { 'file.owner': owner }),
    ...(group === undefined ? {} : { 'file.group': group }),
    'file.size': String(size),
    filename: name,
    ...(directory === '' ? {} : { path: directory }),
  };
}

/** One listing. Throws RemoteError where the server cannot be reached or the directory not be listed. */
export async function listTrigger(session: ProcessSession<'success'>, context: ProcessContext<Properties, ListingClient>): Promise<void> {
  const { client, properties, log, signal } = context;
  const { writer, strategy, precision } = properties;
  const address = client.address();
  const directory = properties.directory ?? '';
  const rules = { ...properties, directory, maxListed: client.maxListed, isWanted: client.isWanted };
  const found = await client.pool.use(address, signal, (connection) => listRemote(connection, rules, log));
  const place = joined(`${address.host}:${address.port}`, directory);
  const { listed, remember } = await chooseNew(found, session, { strategy, precision, tracker: client.tracker, place, scope: 'cluster' }, context.now());
  if (listed.length === 0) {
    if (strategy === 'time-window') remember(session);
    return context.yield();
  }
  if (writer) session.transfer(await writeFileRecords(session, writer, listed.map(recordOf)), 'success');
  else for (const file of listed) session.transfer(session.putAttributes(session.create(), attributesOf(file, client.protocol, address)), 'success');
  remember(session);
}
