import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { fragmentProblem, packBins } from '../../server/extension/flowfile-bins.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { binRules, type Client, type Context, fail, lookInto, merge, properties, type Session } from './merge-record.ts';
import { ERROR_ATTRIBUTE, isBadData, RECORD_ATTRIBUTES } from '../../server/extension/record-flow.ts';

/** What one trigger looks into at most. */
const BATCH = 250;

/** All that waits and is known, and the next FlowFiles that are not; only these are taken. */
function gather(session: Session, client: Client): { waiting: FlowFile[]; fresh: FlowFile[] } {
  const waiting: FlowFile[] = [];
  let taken = 0;
  const fresh = session.getMatching((flowFile) => {
    const isKnown = client.has(flowFile.id);
    if (!isKnown && taken >= BATCH) return 'skip';
    waiting.push(flowFile);
    if (isKnown) return 'skip';
    taken++;
    return 'take';
  });
  return { waiting, fresh };
}

/** Looks into FlowFiles; what cannot be merged goes to failure, and is not returned. */
async function sound(session: Session, fresh: readonly FlowFile[], context: Context, looked: Client): Promise<FlowFile[]> {
  const usable: FlowFile[] = [];
  let order = [...looked.values()].reduce((last, known) => Math.max(last, known.order), 0);
  for (const flowFile of fresh) {
    try {
      const problem = context.properties.strategy === 'Defragment' ? fragmentProblem(flowFile) : undefined;
      if (problem) fail(session, [flowFile], `This is no fragment: ${problem}.`, context);
      else {
        looked.set(flowFile.id, await lookInto(session, flowFile, ++order, context));
        usable.push(flowFile);
      }
    } catch (thrown) {
      if (!isBadData(thrown)) throw thrown;
      fail(session, [flowFile], messageOf(thrown), context);
    }
  }
  return usable;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Merges FlowFiles of records that have the same schema into one FlowFile: as many as you say, or the parts of a FlowFile that was split.',
  details:
    'Each FlowFile is read once when it is first seen, to learn its schema and how many records it holds, and again when it is merged. Fragments whose schemas differ are written with the fields of all of them.',
  tags: ['merge', 'record', 'content', 'correlation', 'stream', 'event'],
  input: 'required',
  sideEffectFree: true,
  triggerWhenEmpty: true,
  properties,
  relationships: {
    merged: 'The merged records',
    original: 'The FlowFiles that were merged',
    failure: 'FlowFiles that cannot be read or merged, such as fragments without the others of their FlowFile',
  },
  readsAttributes: {
    'fragment.identifier': 'For Defragment: parts with the same value belong together',
    'fragment.count': 'For Defragment: how many parts there are; one of the parts must say it',
  },
  writesAttributes: {
    ...RECORD_ATTRIBUTES,
    ...ERROR_ATTRIBUTE,
    'merge.count': 'How many FlowFiles were merged',
    'merge.bin.age': 'How long the oldest waited, milliseconds',
    'merge.uuid': 'On original: the uuid of the merged FlowFile',
    'merge.completion.reason': 'Why they were merged now',
    '<Attributes from Record Writer>': 'What the writer tells of the schema',
  },
  validate: ({ strategy, minRecords, maxRecords, minBytes, maxBytes }) => [
    ...(strategy !== 'Defragment' && maxRecords !== undefined && minRecords > maxRecords ? ['Minimum Number of Records is greater than Maximum Number of Records'] : []),
    ...(strategy !== 'Defragment' && maxBytes !== undefined && minBytes > maxBytes ? ['Minimum Bin Size is greater than Maximum Bin Size'] : []),
  ],
  onScheduled: (): Client => new Map(),
  async onTrigger(session, context) {
    const { client } = context;
    const { waiting, fresh } = gather(session, client);
    const looked: Client = new Map(waiting.flatMap(({ id }) => (client.has(id) ? [[id, client.get(id)!]] : [])));
    const usable = await sound(session, fresh, context, looked);
    const bins = packBins(
      waiting.filter(({ id }) => looked.has(id)).sort((a, b) => looked.get(a.id)!.order - looked.get(b.id)!.order),
      binRules(context, looked, fresh.length === 0),
      context.now(),
    ).filter(({ reason }) => reason);
    const ripe = new Set(bins.flatMap(({ flowFiles }) => flowFiles.map(({ id }) => id)));
    const taken = new Set([...usable, ...session.getMatching(({ id }) => (ripe.has(id) ? 'take' : 'skip'))].map(({ id }) => id));
    const whole = bins.filter(({ flowFiles }) => flowFiles.every(({ id }) => taken.has(id)));
    for (const bin of whole) await merge(session, bin, context, looked);
    const merged = new Set(whole.flatMap(({ flowFiles }) => flowFiles.map(({ id }) => id)));
    // What another task took meanwhile leaves its bin incomplete: the rest waits for the next turn.
    session.requeue(waiting.filter(({ id }) => taken.has(id) && !merged.has(id)));
    client.clear();
    for (const [id, known] of looked) if (!merged.has(id)) client.set(id, known);
    if (fresh.length === 0 && bins.length === 0) context.yield();
  },
});
