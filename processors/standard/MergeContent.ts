import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { type Bin, packBins, unanimousAttributes } from '../../server/extension/flowfile-bins.ts';
import { type Delimiters, delimiter, mergeAttributes, mergeContent, orderFragments, packageAttributes, placedFragmentProblem, type Session } from './merge-content.ts';
import { properties } from './merge-properties.ts';
import { type Client, rules } from './merge-rules.ts';
import { isPackage, packed } from './packaging.ts';

type Context = ProcessContext<typeof properties, Client>;

async function delimitersOf(flowFile: FlowFile, { properties: { delimiters, header, footer, demarcator } }: Context): Promise<Delimiters> {
  const read = (text: (flowFile: FlowFile) => string | undefined): Promise<Uint8Array> =>
    delimiter(delimiters === 'Do Not Use Delimiters' ? undefined : text(flowFile), delimiters);
  return { header: await read(header), footer: await read(footer), demarcator: await read(demarcator) };
}

function fail(session: Session, flowFiles: readonly FlowFile[], reason: string, { log, name }: Context): void {
  log.error(`${name} could not merge ${flowFiles.length} FlowFile(s): ${reason}. They were routed to failure.`);
  session.transfer(flowFiles, 'failure');
}

/** The contents in one, with the attributes that follow from the format. */
async function put(session: Session, bin: Bin, context: Context): Promise<{ content: FlowFile; attributes: Record<string, string> }> {
  const { format, compression, keepPath, tarTime } = context.properties;
  if (!isPackage(format)) return { content: await mergeContent(session, bin, await delimitersOf(bin.flowFiles[0]!, context)), attributes: {} };
  const rules = { format, level: Number(compression), keepsPath: keepPath, time: tarTime };
  const content = await session.writeStream(session.create(bin.flowFiles), packed(session, bin.flowFiles, rules));
  return { content, attributes: packageAttributes(bin.flowFiles, format) };
}

async function merge(session: Session, bin: Bin, context: Context): Promise<void> {
  const { strategy, attributes } = context.properties;
  const problem = strategy === 'Defragment' ? orderFragments(bin) : undefined;
  if (problem) return fail(session, bin.flowFiles, problem, context);
  const { content: merged, attributes: packing } = await put(session, bin, context);
  const kept = attributes === 'Keep All Unique Attributes' ? unanimousAttributes(bin.flowFiles) : {};
  session.transfer(session.putAttributes(merged, { ...kept, ...mergeAttributes(bin, Date.now()), ...packing, 'merge.uuid': merged.uuid }), 'merged');
  for (const flowFile of bin.flowFiles) session.transfer(session.putAttribute(flowFile, 'merge.uuid', merged.uuid), 'original');
}

/** Looks at all that waits without taking it, and notes when it was first seen; says whether there is anything new. */
function look(session: Session, { client }: Context): { waiting: FlowFile[]; news: boolean } {
  const waiting: FlowFile[] = [];
  session.getMatching((flowFile) => {
    waiting.push(flowFile);
    return 'skip';
  });
  const now = Date.now();
  const before = new Map(client);
  client.clear();
  for (const { id } of waiting) client.set(id, before.get(id) ?? now);
  return { waiting, news: waiting.some(({ id }) => !before.has(id)) };
}

async function mergeReady(session: Session, waiting: readonly FlowFile[], isQuiet: boolean, context: Context): Promise<boolean> {
  const malformed = context.properties.strategy === 'Defragment' ? waiting.filter((flowFile) => placedFragmentProblem(flowFile) !== undefined) : [];
  const sound = malformed.length === 0 ? waiting : waiting.filter((flowFile) => placedFragmentProblem(flowFile) === undefined);
  const ready = packBins(sound, rules(context, isQuiet), Date.now()).filter(({ reason }) => reason);
  const wanted = new Set([...malformed, ...ready.flatMap(({ flowFiles }) => flowFiles)].map(({ id }) => id));
  if (wanted.size === 0) return false;
  session.getMatching(({ id }) => (wanted.has(id) ? 'take' : 'skip'));
  for (const flowFile of malformed) fail(session, [flowFile], placedFragmentProblem(flowFile)!, context);
  for (const bin of ready) await merge(session, bin, context);
  return true;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Merges the content of FlowFiles into one: as many as you say, or the parts of a FlowFile that was split.',
  tags: ['merge', 'content', 'correlation', 'stream', 'concatenation', 'archive', 'tar', 'zip', 'flowfile-stream', 'flowfile-stream-v3'],
  input: 'required',
  sideEffectFree: true,
  triggerWhenEmpty: true,
  properties,
  relationships: {
    merged: 'The merged FlowFiles',
    original: 'The FlowFiles that were merged',
    failure: 'FlowFiles that cannot be merged, such as fragments without the others of their FlowFile',
  },
  readsAttributes: {
    'fragment.identifier': 'For Defragment: parts with the same value belong together',
    'fragment.index': 'For Defragment: the place of the part',
    'fragment.count': 'For Defragment: how many parts there are; one of the parts must say it',
    'segment.original.filename': 'The filename of the merged FlowFile',
    'tar.permissions': 'For TAR: the permissions of the entry, such as rw-r--r--',
  },
  writesAttributes: {
    filename: 'The filename of the one FlowFile, the segment.original.filename, or a number that differs each time',
    'merge.count': 'How many FlowFiles were merged',
    'merge.bin.age': 'How long the oldest waited, milliseconds',
    'merge.uuid': 'The uuid of the merged FlowFile',
    'merge.reason': 'Why they were merged now',
  },
  validate: ({ format, strategy, minEntries, maxEntries, minBytes, maxBytes }) => [
    ...(format === 'Binary Concatenation' || isPackage(format) ? [] : [`Merge Format '${format}' is not supported by this runtime: choose another one`]),
    ...(strategy !== 'Defragment' && minEntries > maxEntries ? ['Minimum Number of Entries is greater than Maximum Number of Entries'] : []),
    ...(strategy !== 'Defragment' && maxBytes !== undefined && minBytes > maxBytes ? ['Minimum Group Size is greater than Maximum Group Size'] : []),
  ],
  onScheduled: (): Client => new Map(),
  async onTrigger(session, context) {
    const { waiting, news } = look(session, context);
    const merged = waiting.length > 0 && (await mergeReady(session, waiting, !news, context));
    if (!merged && !news) context.yield();
  },
});
