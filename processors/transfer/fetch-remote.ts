import type { FlowFile } from '../../server/extension/flowfile.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { absolute, ensureDirectory } from './remote-directories.ts';
import { directoryOf, faultOf, joined, nameOf, type RemoteAddress, type RemoteConnection } from './remote-files.ts';
import type { fetching } from './transfer-properties.ts';
import { finish, LOG_LEVELS, type Transfers, transitUri } from './transfers.ts';

/** What becomes of FlowFiles of FetchSFTP and FetchFTP. */
export const fetchRelationships = {
  success: 'FlowFiles with the content of the file',
  'comms.failure': 'FlowFiles whose file could not be read because the server could not be reached or broke off',
  'not.found': 'FlowFiles whose file does not exist',
  'permission.denied': 'FlowFiles whose file may not be read',
};

type Session = ProcessSession<keyof typeof fetchRelationships>;

export interface FetchingClient extends Transfers {
  /** Directories are made without looking whether they are there. */
  readonly blindly: boolean;
}

type Context = ProcessContext<typeof fetching, FetchingClient>;

/** Missing properties that hang together. */
export const fetchProblems = ({ completion, destination }: { completion: string; destination: () => string | undefined }): string[] =>
  completion === 'Move File' && destination() === undefined ? ['Move Destination Directory must be set for Completion Strategy Move File'] : [];

function attributesOf(protocol: string, { host, port }: RemoteAddress, file: string): Record<string, string> {
  const directory = directoryOf(file);
  return {
    [`${protocol}.remote.host`]: host,
    [`${protocol}.remote.port`]: String(port),
    [`${protocol}.remote.filename`]: file,
    filename: nameOf(file),
    ...(directory === '' ? {} : { path: directory }),
  };
}

/** Where a FlowFile goes whose file cannot be read; its content is what it was. */
function refuse(session: Session, flowFile: FlowFile, thrown: unknown, attributes: Record<string, string>, { log, properties }: Context): void {
  const fault = faultOf(thrown);
  const way = fault === 'missing' ? 'not.found' : fault === 'denied' ? 'permission.denied' : 'comms.failure';
  const level = way === 'not.found' ? LOG_LEVELS[properties.missingLevel] : 'error';
  if (level) log[level](`${properties.file(flowFile)} was not fetched: ${messageOf(thrown)}`);
  session.transfer(session.penalize(session.putAttributes(flowFile, { ...attributes, 'fetch.failure.reason': way })), way);
}

async function complete(
  connection: RemoteConnection,
  file: string,
  move: { readonly directory: string; readonly creates: boolean; readonly blindly: boolean } | undefined,
): Promise<void> {
  if (!move) {
    return connection.remove(file).catch((thrown: unknown) => {
      if (faultOf(thrown) !== 'missing') throw thrown;
    });
  }
  const directory = absolute(connection, move.directory);
  if (move.creates) await ensureDirectory(connection, directory, move.blindly);
  await connection.rename(file, joined(directory, nameOf(file)), false);
}

/** What is done to the file waits until its content is stored: a kill in between leaves it where it is. */
function completeLater(session: Session, flowFile: FlowFile, address: RemoteAddress, file: string, { client, log, properties }: Context): void {
  const { completion, destination, creates } = properties;
  if (completion === 'None') return;
  const move = completion === 'Move File' ? { directory: destination(flowFile) ?? '', creates, blindly: client.blindly } : undefined;
  session.afterCommit(() => finish(client, address, log, `${file} was fetched, but stays where it is`, (connection) => complete(connection, file, move)));
}

/** Reads the file that the next FlowFile names. */
export async function fetchTrigger(session: Session, context: Context): Promise<void> {
  const flowFile = session.get();
  if (!flowFile) return;
  const { client, signal, properties } = context;
  const file = properties.file(flowFile);
  let attributes: Record<string, string> = {};
  try {
    const address = client.address(flowFile);
    attributes = attributesOf(client.protocol, address, file);
    const fetched = await client.pool.use(address, signal, (connection) => session.writeStream(flowFile, connection.read(file)));
    session.report('FETCH', fetched, transitUri(client.protocol, address, file));
    session.transfer(session.putAttributes(fetched, attributes), 'success');
    completeLater(session, flowFile, address, file, context);
  } catch (thrown) {
    // What is not the server's fault, such as a full disk, is tried again.
    if (signal.aborted || !(thrown instanceof ProcessError)) throw thrown;
    refuse(session, flowFile, thrown, attributes, context);
  }
}
