import { createReadStream } from 'node:fs';
import path from 'node:path';
import { ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { javaRegex, wholly } from './java-regex.ts';
import { findFiles, lastLineEnd, lookAt, placesState, readPlaces, rolledFiles, type TailedFile, type TailPlace } from './tail-files.ts';
import { properties } from './tail-properties.ts';

interface Client {
  files: readonly string[];
  lookedUp: number;
}

type Session = ProcessSession<'success'>;
type Context = ProcessContext<typeof properties, Client>;

async function filesToTail({ client, properties: { mode, files, directory, recursive, lookup, maximumAge }, now }: Context): Promise<readonly string[]> {
  if (mode === 'Single file') return [files];
  if (now() - client.lookedUp < lookup) return client.files;
  client.lookedUp = now();
  client.files = await findFiles(directory!, wholly(javaRegex(files)), recursive, Date.now() - maximumAge).catch((cause: Error) => {
    throw new ProcessError(`${directory} cannot be listed: ${cause.message}. Check that Base Directory exists and may be read.`, { cause });
  });
  return client.files;
}

/** Sends what stands between two places of a file. */
async function send(session: Session, tailed: TailedFile, name: string, from: number, to: number): Promise<void> {
  if (to <= from) return;
  const extension = path.extname(name);
  const filename = `${path.basename(name, extension)}.${from}-${to}${extension}`;
  const flowFile = session.create();
  const written = await session.writeStream(flowFile, createReadStream(tailed.file, { start: from, end: to - 1 }));
  const told = session.putAttributes(written, { filename, 'tailfile.original.path': name, 'mime.type': 'text/plain' });
  session.report('RECEIVE', told, `file://${tailed.file}`, `FlowFile contains bytes ${from} through ${to} of ${tailed.file}`);
  session.transfer(told, 'success');
}

/** What was written after the last look to a file that has been renamed since, and to those that came and went meanwhile. */
async function sendRolled(session: Session, place: TailPlace, isCut: boolean, { properties: { rolling } }: Context): Promise<void> {
  if (rolling === undefined) return;
  const rolled = await rolledFiles(place.file, rolling);
  const at = rolled.findIndex(({ inode }) => inode === place.inode);
  const missed = at >= 0 ? rolled.slice(at) : rolled.filter(({ timestamp }) => timestamp > place.timestamp);
  for (const [index, one] of missed.entries()) {
    // A file that was copied and then cut: the copy begins with what was read.
    const isSame = one.inode === place.inode || (isCut && index === 0 && one.size >= place.position);
    await send(session, one, place.file, isSame ? place.position : 0, one.size);
  }
}

async function begin(session: Session, now: TailedFile, { properties: { start, rolling } }: Context): Promise<TailPlace> {
  if (start === 'Beginning of Time' && rolling !== undefined) for (const one of await rolledFiles(now.file, rolling)) await send(session, one, now.file, 0, one.size);
  return { file: now.file, inode: now.inode, position: start === 'Current Time' ? now.size : 0, timestamp: now.timestamp };
}

/** Sends the whole lines that are new in a file; returns how far it is read now. */
async function tail(session: Session, file: string, known: TailPlace | undefined, context: Context): Promise<TailPlace | undefined> {
  const now = await lookAt(file);
  if (!now) return known;
  let place = known ?? (await begin(session, now, context));
  if (place.inode !== now.inode || now.size < place.position) {
    await sendRolled(session, place, place.inode === now.inode, context);
    place = { file, inode: now.inode, position: 0, timestamp: now.timestamp };
  }
  const end = await lastLineEnd(file, place.position, now.size);
  await send(session, now, file, place.position, end);
  return { ...place, position: end, timestamp: now.timestamp };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Follows files that grow, such as logs: sends the lines that are new, also when the file is renamed and begun anew.',
  tags: ['file', 'log', 'tail', 'restricted', 'text', 'source'],
  restrictions: { 'read-filesystem': 'Lets whoever configures it read any file that the server may read.' },
  input: 'forbidden',
  triggerSerially: true,
  defaults: { schedulingPeriod: '30 sec' },
  stateful: { scope: 'local', description: 'How far each file has been read.' },
  properties,
  relationships: { success: 'A FlowFile with the new lines' },
  writesAttributes: { 'tailfile.original.path': 'The file that was followed' },
  validate: ({ mode, directory, lineStart }) => [
    ...(mode === 'Multiple files' && directory === undefined ? ['Base Directory must be set for Multiple files'] : []),
    ...(lineStart === undefined ? [] : ['Line Start Pattern is not supported by this runtime: leave it empty']),
  ],
  onScheduled: (): Client => ({ files: [], lookedUp: Number.NEGATIVE_INFINITY }),
  async onTrigger(session, context) {
    const before = session.getState('local');
    const places = readPlaces(before);
    for (const file of await filesToTail(context)) {
      const place = await tail(session, file, places.get(file), context);
      if (place) places.set(file, place);
    }
    const state = placesState(places);
    if (Object.entries(state).every(([key, value]) => before.get(key) === value)) return context.yield();
    session.setState('local', state);
  },
});
