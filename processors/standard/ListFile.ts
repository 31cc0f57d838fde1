import path from 'node:path';
import type { ComponentContext } from '../../server/extension/component.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { permissionText } from '../../server/extension/file-attributes.ts';
import { type ListedFileRecord, writeFileRecords } from '../../server/extension/file-records.ts';
import { EntityTracker } from '../../server/extension/listing.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { chooseNew } from '../../server/extension/tracked-listing.ts';
import { fileAttributes, type Owners, readOwners } from './file-details.ts';
import { type ListedFile, listFiles, type ListingRules } from './file-listing.ts';
import { javaRegex, wholly } from './java-regex.ts';
import { properties } from './list-file-properties.ts';

interface Client {
  readonly rules: ListingRules;
  readonly owners: Owners;
  readonly tracker: EntityTracker | undefined;
}

type Context = ProcessContext<typeof properties, Client>;

function rulesOf({ properties: values }: ComponentContext<typeof properties>): ListingRules {
  const { directory, recurse, ignoreHidden, filter, pathFilter, minAge, maxAge = Number.POSITIVE_INFINITY, minSize, maxSize = Number.POSITIVE_INFINITY } = values;
  const name = wholly(javaRegex(filter));
  const folder = recurse && pathFilter !== undefined ? wholly(javaRegex(pathFilter)) : undefined;
  const isWanted = ({ stats, modified }: ListedFile): boolean => {
    const age = Date.now() - modified;
    return age >= minAge && age <= maxAge && stats.size >= minSize && stats.size <= maxSize;
  };
  return { directory, recurse, ignoreHidden, isWantedName: (text) => name.test(text), isWantedFolder: (text) => folder?.test(text) ?? true, isWanted };
}

function attributes({ name, folder, stats }: ListedFile, { client, properties: { directory, withDetails } }: Context): Record<string, string> {
  const own = { filename: name, path: `${folder === '' ? '.' : folder}${path.sep}`, 'absolute.path': `${path.resolve(directory, folder)}${path.sep}` };
  return withDetails ? { ...own, ...fileAttributes(stats, client.owners) } : own;
}

async function list({ client, name, properties: { directory }, signal }: Context): Promise<ListedFile[]> {
  try {
    return await listFiles(client.rules, signal);
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ProcessError(`${name} cannot list ${directory}: ${messageOf(cause)}. Check that the directory exists and that this process may read it.`, { cause });
  }
}

const recordOf = ({ name, size, modified, stats, path: full }: ListedFile, { users, groups }: Owners): ListedFileRecord => ({
  filename: name,
  path: path.dirname(full),
  size,
  modified,
  permissions: permissionText(stats.mode),
  owner: users.get(stats.uid) ?? String(stats.uid),
  group: groups.get(stats.gid) ?? String(stats.gid),
});

async function trigger(session: ProcessSession<'success'>, context: Context): Promise<void> {
  const { client, properties: values } = context;
  const rules = { strategy: values.strategy, precision: values.precision, tracker: client.tracker, place: path.resolve(values.directory), scope: 'local' } as const;
  const { listed, remember } = await chooseNew(await list(context), session, rules, Date.now());
  if (listed.length === 0) return context.yield();
  const records = listed.map((file) => recordOf(file, client.owners));
  if (values.writer) session.transfer(await writeFileRecords(session, values.writer, records), 'success');
  else for (const file of listed) session.transfer(session.putAttributes(session.create(), attributes(file, context)), 'success');
  remember(session);
}

async function start(context: ComponentContext<typeof properties>): Promise<Client> {
  const { strategy, cache, window = 0, initial, node = '' } = context.properties;
  const tracking = { key: `ListedEntities::${context.id}::${node}`, window, startsWithAll: initial !== 'window' };
  const tracker = strategy === 'entities' && cache ? new EntityTracker({ cache, ...tracking }) : undefined;
  return { rules: rulesOf(context), owners: await readOwners(), tracker };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Lists a directory: an empty FlowFile for each file that is new or was changed since the last listing. A following FetchFile reads them.',
  tags: ['file', 'get', 'list', 'ingest', 'source', 'filesystem'],
  input: 'forbidden',
  triggerSerially: true,
  defaults: { schedulingPeriod: '1 min' },
  stateful: { scope: 'local', description: 'The newest time of change listed so far, and the files that bore it. Clearing it lists everything again.' },
  properties,
  relationships: { success: 'A FlowFile for each file' },
  writesAttributes: {
    filename: 'The name of the file',
    path: 'Its folder, from the Input Directory; ./ for the directory itself',
    'absolute.path': 'Its folder, from the root of the file system',
    'file.owner': 'The name of its owner',
    'file.group': 'The name of its group',
    'file.size': 'Its size in bytes',
    'file.permissions': 'Who may do what, such as rw-r--r--',
    'file.lastModifiedTime': 'When it was last changed',
    'file.lastAccessTime': 'When it was last read',
    'file.creationTime': 'When it was made',
  },
  validate: ({ strategy, cache, maxAge, minAge, maxSize, minSize }) => [
    ...(strategy === 'entities' && cache === undefined ? ["'Entity Tracking State Cache' is required to use 'Tracking Entities' listing strategy"] : []),
    ...(maxAge !== undefined && maxAge < minAge ? ['Maximum File Age is less than Minimum File Age'] : []),
    ...(maxSize !== undefined && maxSize < minSize ? ['Maximum File Size is less than Minimum File Size'] : []),
  ],
  onScheduled: start,
  onTrigger: trigger,
});
