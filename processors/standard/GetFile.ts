import { createReadStream } from 'node:fs';
import { access, constants, unlink } from 'node:fs/promises';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { fileAttributes, type Owners, readOwners } from './file-details.ts';
import { type ListedFile, listFiles } from './file-listing.ts';
import { checkRegex, javaRegex, wholly } from './java-regex.ts';

const properties = {
  directory: property.text('Input Directory', 'The directory to read', { required: true, expressions: 'environment' }),
  filter: property.text('File Filter', 'Only files whose whole name matches', { default: '[^\\.].*', validate: checkRegex }),
  pathFilter: property.text('Path Filter', 'Only files in folders whose whole path below the directory matches', { validate: checkRegex }),
  batch: property.integer('Batch Size', 'How many files each trigger reads', { default: '10', min: 1 }),
  keeps: property.boolean('Keep Source File', 'Whether files stay where they are; they are then read again and again', { default: 'false' }),
  recurse: property.boolean('Recurse Subdirectories', 'Whether the folders inside are read too', { default: 'true' }),
  interval: property.duration('Polling Interval', 'How long to wait between two listings', { default: '30 sec' }),
  ignoreHidden: property.boolean('Ignore Hidden Files', 'Whether files and folders whose names begin with a dot are left out', { default: 'true' }),
  minAge: property.duration('Minimum File Age', 'Leaves out files changed more recently', { default: '0 sec' }),
  maxAge: property.duration('Maximum File Age', 'Leaves out files changed longer ago'),
  minSize: property.dataSize('Minimum File Size', 'Leaves out smaller files', { default: '0 B' }),
  maxSize: property.dataSize('Maximum File Size', 'Leaves out larger files'),
};

interface Client {
  readonly owners: Owners;
  /** Listed, not read yet. */
  waiting: ListedFile[];
  /** Read, but not removed before the session is stored. */
  readonly taken: Set<string>;
  listed: number;
}

type Context = ProcessContext<typeof properties, Client>;

async function list({ client, properties: values, signal, now }: Context): Promise<void> {
  if (client.waiting.length > 0 || now() - client.listed < values.interval) return;
  const name = wholly(javaRegex(values.filter));
  const folder = values.pathFilter === undefined ? undefined : wholly(javaRegex(values.pathFilter));
  const { directory, recurse, ignoreHidden, minAge, maxAge = Number.POSITIVE_INFINITY, minSize, maxSize = Number.POSITIVE_INFINITY } = values;
  client.listed = now();
  client.waiting = await listFiles(
    {
      directory,
      recurse,
      ignoreHidden,
      isWantedName: (each) => name.test(each),
      isWantedFolder: (each) => folder?.test(each) ?? true,
      isWanted({ path, stats: { size }, modified }) {
        const age = Date.now() - modified;
        return !client.taken.has(path) && size >= minSize && size <= maxSize && age >= minAge && age <= maxAge;
      },
    },
    signal,
  ).catch((cause: Error) => {
    throw new ProcessError(`${directory} cannot be listed: ${cause.message}. Check that the directory exists and may be read.`, { cause });
  });
}

async function read(session: ProcessSession<'success'>, { path, name, folder, stats }: ListedFile, context: Context): Promise<void> {
  const { keeps, directory } = context.properties;
  const { taken, owners } = context.client;
  // What cannot be removed would be read for ever.
  if (!keeps) await access(path, constants.W_OK);
  const absolute = path.slice(0, path.length - name.length);
  const { 'file.size': _, ...details } = fileAttributes(stats, owners);
  const flowFile = session.create();
  const written = await session.writeStream(flowFile, createReadStream(path)).catch((thrown: unknown) => {
    session.remove(flowFile);
    throw thrown;
  });
  const named = session.putAttributes(written, { ...details, filename: name, path: folder === '' ? './' : `${folder}/`, 'absolute.path': absolute });
  session.report('RECEIVE', named, `file://${path}`);
  session.transfer(named, 'success');
  if (keeps) return;
  taken.add(path);
  session.afterCommit(() => {
    unlink(path).then(
      () => taken.delete(path),
      (thrown: unknown) => context.log.error(`${path} in ${directory} was read but cannot be removed: ${messageOf(thrown)}. Remove it, or it is read again after a restart.`),
    );
  });
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads files from a directory, and removes them once what was read is stored.',
  tags: ['ingress', 'input', 'restricted', 'get', 'files', 'source', 'local', 'filesystem'],
  restrictions: {
    'read-filesystem': 'Lets whoever configures it read any file that the server may read.',
    'write-filesystem': 'Lets whoever configures it remove any file that the server may remove.',
  },
  input: 'forbidden',
  triggerWhenEmpty: true,
  properties,
  relationships: { success: 'A FlowFile with the content of each file' },
  writesAttributes: {
    filename: 'The name of the file',
    path: 'Its folder below the Input Directory',
    'absolute.path': 'Its folder',
    'file.creationTime': 'When it was made',
    'file.lastModifiedTime': 'When it was changed',
    'file.lastAccessTime': 'When it was read',
    'file.owner': 'Its owner',
    'file.group': 'Its group',
    'file.permissions': 'Such as rw-r--r--',
  },
  onScheduled: async (): Promise<Client> => ({ owners: await readOwners(), waiting: [], taken: new Set(), listed: Number.NEGATIVE_INFINITY }),
  async onTrigger(session, context) {
    await list(context);
    const batch = context.client.waiting.splice(0, context.properties.batch);
    if (batch.length === 0) return context.yield();
    for (const file of batch) await read(session, file, context).catch((thrown: unknown) => context.log.warn(`${file.path} is left out: ${messageOf(thrown)}`));
  },
});
