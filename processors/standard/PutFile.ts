import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, chmod, chown, mkdir, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { permissionMode, timeOf } from '../../server/extension/file-attributes.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { messageOf, PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { choices } from '../../server/extension/choices.ts';
import { type Owners, readOwners } from './file-details.ts';

const LARGE = 1024 ** 2;

const properties = {
  directory: property.text('Directory', 'Where files are written', { required: true, expressions: 'flowfile' }),
  conflict: property.choice('Conflict Resolution Strategy', 'What to do when there is a file of this name', choices('replace', 'ignore', 'fail'), { default: 'fail' }),
  create: property.boolean('Create Missing Directories', 'Whether directories that are missing are made; otherwise the FlowFile goes to failure', { default: 'true' }),
  maxCount: property.integer('Maximum File Count', 'How many files the directory may hold', { min: 1 }),
  modified: property.text('Last Modified Time', 'The time of change that the file gets, such as 2026-11-23T14:36:00+0000', { expressions: 'flowfile' }),
  permissions: property.text('Permissions', 'Such as rw-r--r-- or 644', { expressions: 'flowfile' }),
  owner: property.text('Owner', 'The user who owns the file; this process needs the right to give files away', { expressions: 'flowfile' }),
  group: property.text('Group', 'The group of the file', { expressions: 'flowfile' }),
};

type Session = ProcessSession<'success' | 'failure'>;
type Context = ProcessContext<typeof properties, Owners>;

const idOf = (name: string, names: ReadonlyMap<number, string>): number => {
  const id = /^\d+$/.test(name) ? Number(name) : [...names].find(([, known]) => known === name)?.[0];
  if (id === undefined) throw new PropertyError(`this machine knows no user or group '${name}'`);
  return id;
};

/** Time, permissions and owner, as far as they are given. */
async function dress(file: string, flowFile: FlowFile, { client: { users, groups }, properties: { modified, permissions, owner, group } }: Context): Promise<void> {
  const [time, rights, user, team] = [modified(flowFile), permissions(flowFile), owner(flowFile), group(flowFile)];
  if (rights) {
    const mode = permissionMode(rights.trim());
    if (mode === undefined) throw new PropertyError(`Permissions gives '${rights}', which is neither like rw-r--r-- nor like 644`);
    await chmod(file, mode);
  }
  if (user || team) await chown(file, user ? idOf(user, users) : process.getuid!(), team ? idOf(team, groups) : process.getgid!());
  if (!time) return;
  const at = timeOf(time) / 1000;
  if (Number.isNaN(at)) throw new PropertyError(`Last Modified Time gives '${time}', which is no time`);
  await utimes(file, at, at);
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Under another name first: nobody sees half a file. */
async function writeFully(session: Session, flowFile: FlowFile, target: string, context: Context): Promise<void> {
  const unfinished = path.join(path.dirname(target), `.${randomUUID()}.part`);
  try {
    if (flowFile.size > LARGE) await pipeline(session.readStream(flowFile), createWriteStream(unfinished), { signal: context.signal });
    else await writeFile(unfinished, session.read(flowFile));
    await dress(unfinished, flowFile, context);
    await rename(unfinished, target);
  } catch (thrown) {
    await rm(unfinished, { force: true });
    throw thrown;
  }
}

async function put(session: Session, flowFile: FlowFile, context: Context): Promise<void> {
  const { directory, conflict, create, maxCount } = context.properties;
  const folder = path.resolve(directory(flowFile));
  const target = path.join(folder, path.basename(flowFile.getAttribute('filename')!));
  if (create) await mkdir(folder, { recursive: true });
  const taken = await exists(target);
  if (taken && conflict === 'ignore') return;
  if (taken && conflict === 'fail') throw new Error(`${target} exists already (Conflict Resolution Strategy)`);
  if (maxCount !== undefined && !taken && (await readdir(folder)).length >= maxCount) throw new Error(`${folder} holds ${maxCount} files or more (Maximum File Count)`);
  await writeFully(session, flowFile, target, context);
  session.report('SEND', flowFile, pathToFileURL(target).href);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes the content of FlowFiles to files, named after their filename.',
  tags: ['put', 'local', 'copy', 'archive', 'files', 'filesystem', 'restricted'],
  restrictions: { 'write-filesystem': 'Lets whoever configures it write any file that the server may write.' },
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles that were written', failure: 'FlowFiles that could not be written' },
  readsAttributes: { filename: 'The name of the file' },
  onScheduled: () => readOwners(),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      await put(session, flowFile, context);
      session.transfer(flowFile, 'success');
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      context.log.error(`${context.name} could not write ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}. It was penalized and routed to failure.`);
      session.transfer(session.penalize(flowFile), 'failure');
    }
  },
});
