import type { ComponentLog } from '../../server/extension/component.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { permissionMode, timeOf } from '../../server/extension/file-attributes.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { absolute, ensureDirectory } from './remote-directories.ts';
import { type FileTraits, isPlainName, joined, nameOf, type RemoteConnection, RemoteError } from './remote-files.ts';
import type { putting } from './transfer-properties.ts';
import { type Transfers, transitUri } from './transfers.ts';

/** What becomes of FlowFiles of PutSFTP and PutFTP. */
export const putRelationships = {
  success: 'FlowFiles that were written, or whose file was left as Conflict Resolution has it',
  failure: 'FlowFiles that could not be written',
  reject: 'FlowFiles without content, or whose name is taken',
};

type Session = ProcessSession<keyof typeof putRelationships>;

export interface PuttingClient extends Transfers {
  readonly blindly: boolean;
  readonly owner?: (flowFile: FlowFile) => string | undefined;
  readonly group?: (flowFile: FlowFile) => string | undefined;
  /** Run with the connection before and after a file is written. */
  readonly before?: (connection: RemoteConnection, flowFile: FlowFile) => Promise<void>;
  readonly after?: (connection: RemoteConnection, flowFile: FlowFile) => Promise<void>;
}

type Context = ProcessContext<typeof putting, PuttingClient>;

/** Under which name a FlowFile is written, or where it goes instead. */
type Decision = { readonly name: string } | { readonly way: 'success' | 'failure' | 'reject'; readonly reason: string };

async function freeName(connection: RemoteConnection, directory: string, name: string): Promise<Decision> {
  for (let number = 1; number < 100; number++) {
    if (!(await connection.find(joined(directory, `${number}.${name}`)))) return { name: `${number}.${name}` };
  }
  return { way: 'reject', reason: `no free name was found for ${name} in 99 tries` };
}

async function decide(connection: RemoteConnection, directory: string, name: string, conflict: string): Promise<Decision> {
  const present = conflict === 'NONE' ? undefined : await connection.find(joined(directory, name));
  if (!present) return { name };
  if (present.kind === 'directory') return { way: 'reject', reason: `${name} is a directory in ${directory}` };
  const reason = `${directory} holds a file ${name} already (Conflict Resolution ${conflict})`;
  if (conflict === 'REPLACE') return { name };
  if (conflict === 'RENAME') return freeName(connection, directory, name);
  return { way: conflict === 'IGNORE' ? 'success' : conflict === 'REJECT' ? 'reject' : 'failure', reason };
}

function numberOf(text: string | undefined, property: string, log: ComponentLog): number | undefined {
  if (!text) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text);
  log.warn(`${property} gives '${text}', which is no number: it is left as it is`);
  return undefined;
}

function traitsOf(flowFile: FlowFile, { client, properties, log }: Context): FileTraits {
  const [time, rights] = [properties.modified(flowFile)?.trim(), properties.permissions(flowFile)?.trim()];
  const modified = time ? Math.floor(timeOf(time) / 1000) : undefined;
  const mode = rights ? permissionMode(rights) : undefined;
  if (Number.isNaN(modified)) log.warn(`Last Modified Time gives '${time}', which is no time such as 2026-11-23T14:36:00+0000: it is left as it is`);
  if (rights && mode === undefined) log.warn(`Permissions gives '${rights}', which is neither like rw-r--r-- nor like 644: they are left as they are`);
  const owner = numberOf(client.owner?.(flowFile), 'Remote Owner', log);
  const group = numberOf(client.group?.(flowFile), 'Remote Group', log);
  const given = Object.entries({ mode, modified: Number.isNaN(modified) ? undefined : modified, owner, group }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

/** As in NiFi, a file that keeps other traits than it should is written all the same. */
async function dress(connection: RemoteConnection, path: string, traits: FileTraits, log: ComponentLog): Promise<void> {
  if (Object.keys(traits).length === 0) return;
  await connection.setTraits(path, traits).catch((thrown: RemoteError) => {
    if (thrown.fault === 'lost') throw thrown;
    log.warn(`${path} is written, but not all of its attributes are set: ${thrown.message}`);
  });
}

/** Under another name first, if so configured: nobody takes half a file for a whole one. */
async function writeFully(connection: RemoteConnection, session: Session, flowFile: FlowFile, directory: string, name: string, context: Context): Promise<void> {
  const { temporaryName, dotRename } = context.properties;
  const unfinished = temporaryName(flowFile) || (dotRename === false ? name : `.${name}`);
  if (!isPlainName(unfinished)) throw new RemoteError('refused', `Temporary Filename gives '${unfinished}', which is not a name of a file`);
  const [part, target] = [joined(directory, unfinished), joined(directory, name)];
  let isOurs = false;
  const content = async function* (): AsyncGenerator<Uint8Array> {
    // Content is asked for once the file is open: from then on what is there is ours.
    isOurs = true;
    yield* session.readStream(flowFile);
  };
  try {
    await connection.write(part, content());
    await dress(connection, part, traitsOf(flowFile, context), context.log);
    if (part !== target) await connection.rename(part, target, true);
  } catch (thrown) {
    // Without a connection it stays, under a name that says that it is not complete.
    if (isOurs && connection.isOpen) await connection.remove(part).catch(() => undefined);
    throw thrown;
  }
}

async function put(connection: RemoteConnection, session: Session, flowFile: FlowFile, context: Context): Promise<void> {
  const { client, properties, log } = context;
  const name = nameOf(flowFile.getAttribute('filename')!);
  if (!isPlainName(name)) throw new RemoteError('refused', `filename is '${name}', which is not a name of a file`);
  const directory = absolute(connection, properties.directory(flowFile) ?? '');
  const decision = await decide(connection, directory, name, properties.conflict);
  if ('way' in decision) {
    log[decision.way === 'success' ? 'info' : 'warn'](`${name} was not written: ${decision.reason}`);
    return session.transfer(decision.way === 'failure' ? session.penalize(flowFile) : flowFile, decision.way);
  }
  await client.before?.(connection, flowFile);
  if (properties.creates) await ensureDirectory(connection, directory, client.blindly);
  await writeFully(connection, session, flowFile, directory, decision.name, context);
  await client.after?.(connection, flowFile);
  session.report('SEND', flowFile, transitUri(client.protocol, client.address(flowFile), joined(directory, decision.name)));
  session.transfer(flowFile, 'success');
}

/** Writes the next FlowFile. */
export async function putTrigger(session: Session, context: Context): Promise<void> {
  const flowFile = session.get();
  if (!flowFile) return;
  const { client, log, signal, properties } = context;
  if (flowFile.size === 0 && properties.rejectsEmpty !== false) {
    log.warn(`${flowFile.getAttribute('filename')} has no content and was rejected (Reject Zero-Byte Files)`);
    return session.transfer(session.penalize(flowFile), 'reject');
  }
  try {
    await client.pool.use(client.address(flowFile), signal, (connection) => put(connection, session, flowFile, context));
  } catch (thrown) {
    // What is not the server's fault, such as content that cannot be read, is tried again.
    if (signal.aborted || !(thrown instanceof ProcessError)) throw thrown;
    log.error(`${flowFile.getAttribute('filename')} was not written: ${messageOf(thrown)}. It was penalized and routed to failure.`);
    session.transfer(session.penalize(flowFile), 'failure');
    if (thrown instanceof RemoteError && thrown.fault === 'lost') context.yield();
  }
}
