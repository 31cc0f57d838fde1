import { timeText } from '../../server/extension/file-attributes.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { absolute } from './remote-directories.ts';
import { directoryOf, faultOf, type RemoteAddress } from './remote-files.ts';
import { listRemote, type RemoteFile } from './remote-listing.ts';
import type { getting } from './transfer-properties.ts';
import { finish, type Transfers, transitUri } from './transfers.ts';

export interface GettingClient extends Transfers {
  /** Listed, not read yet. */
  waiting: RemoteFile[];
  /** Read, but not removed before the session is stored; or being read by another task. */
  readonly taken: Set<string>;
  /** When the last listing began, milliseconds since 1970. */
  listed: number;
  home: string;
}

export const gettingClient = (transfers: Transfers): GettingClient => ({ ...transfers, waiting: [], taken: new Set(), listed: Number.NEGATIVE_INFINITY, home: '' });

type Context = ProcessContext<typeof getting, GettingClient>;

async function list({ client, properties, log, signal, now }: Context, address: RemoteAddress): Promise<void> {
  if (client.waiting.length > 0 || now() - client.listed < properties.interval) return;
  client.listed = now();
  const directory = properties.directory() ?? '';
  const rules = { ...properties, directory, isWanted: ({ path }: RemoteFile) => !client.taken.has(path) };
  const found = await client.pool.use(address, signal, (connection) => {
    client.home = absolute(connection, '');
    return listRemote(connection, rules, log);
  });
  client.waiting = properties.isOrdered ? found.sort((a, b) => (a.path < b.path ? -1 : 1)) : found;
}

function attributesOf({ name, path, modified, permissions, owner, group }: RemoteFile, source: string, host: string, home: string): Record<string, string> {
  const directory = directoryOf(path);
  const root = path.startsWith('/') ? directory : `${home}/${directory.replace(/^\.\/?/, '')}`;
  return {
    'file.lastModifiedTime': timeText(modified),
    ...(permissions === undefined ? {} : { 'file.permissions': permissions }),
    ...(owner === undefined ? {} : { 'file.owner': owner }),
    ...(group === undefined ? {} : { 'file.group': group }),
    [`get${source}.remote.source`]: host,
    path: `${directory}/`.replace('//', '/'),
    filename: name,
    'absolute.path': `${root}/`.replaceAll(/\/+/g, '/'),
  };
}

async function read(session: ProcessSession<'success'>, file: RemoteFile, address: RemoteAddress, { client, properties, log, signal }: Context): Promise<void> {
  const { path } = file;
  const flowFile = session.create();
  const written = await client.pool
    .use(address, signal, (connection) => session.writeStream(flowFile, connection.read(path)))
    .catch((thrown: unknown) => {
      session.remove(flowFile);
      throw thrown;
    });
  session.report('RECEIVE', written, transitUri(client.protocol, address, path));
  session.transfer(session.putAttributes(written, attributesOf(file, client.protocol, address.host, client.home)), 'success');
  if (!properties.deletes) return void client.taken.delete(path);
  session.afterCommit(() =>
    finish(client, address, log, `${path} was read but cannot be removed. It is read again after a restart`, async (connection) => {
      await connection.remove(path);
      client.taken.delete(path);
    }),
  );
}

/** Reads one file; what cannot be read is told of and looked for again in the next listing. */
export async function getTrigger(session: ProcessSession<'success'>, context: Context): Promise<void> {
  const { client, log, signal } = context;
  const address = client.address();
  await list(context, address);
  const file = client.waiting.shift();
  if (!file) return context.yield();
  client.taken.add(file.path);
  try {
    await read(session, file, address, context);
  } catch (thrown) {
    client.taken.delete(file.path);
    if (signal.aborted) throw thrown;
    log.error(`${file.path} was not read: ${messageOf(thrown)}`);
    if (faultOf(thrown) === 'lost') context.yield();
  }
}
