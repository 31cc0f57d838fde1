import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { sortPairs } from './enrichment-pairs.ts';
import { type Client, join, properties } from './join-enrichment.ts';
import { QueryEngine } from './query-engine.ts';
import { RECORD_ATTRIBUTES } from '../../server/extension/record-flow.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Puts records together with their enrichment: the two FlowFiles that ForkEnrichment made of one, after the second was enriched.',
  tags: ['enrichment', 'fork', 'join', 'record', 'sql', 'wrap', 'recordpath', 'merge', 'combine', 'streams'],
  input: 'required',
  sideEffectFree: true,
  triggerWhenEmpty: true,
  properties,
  relationships: {
    joined: 'The records of both',
    original: 'The two FlowFiles that were joined',
    timeout: 'FlowFiles whose other half did not come in time',
    failure: 'FlowFiles that cannot be joined',
  },
  writesAttributes: RECORD_ATTRIBUTES,
  onScheduled: async ({ properties: { strategy } }): Promise<Client> => ({ engine: strategy === 'SQL' ? await QueryEngine.open() : undefined, seen: new Map() }),
  async onTrigger(session, context) {
    const { client, properties: values } = context;
    const now = context.now();
    const waiting: FlowFile[] = [];
    session.getMatching((flowFile) => {
      waiting.push(flowFile);
      return 'skip';
    });
    client.seen = new Map(waiting.map(({ id }) => [id, client.seen.get(id) ?? now]));
    const { pairs, late, strays } = sortPairs(waiting, ({ id }) => client.seen.get(id)!, { now, timeout: values.timeout, maxGroups: values.maxBins });
    const wanted = new Set(
      [...pairs.slice(0, 1).flatMap(({ original, enrichment }) => [original, enrichment]), ...late, ...strays.map(([flowFile]) => flowFile)].map(({ id }) => id),
    );
    const taken = new Set(session.getMatching(({ id }) => (wanted.has(id) ? 'take' : 'skip')).map(({ id }) => id));
    const isTaken = ({ id }: FlowFile): boolean => taken.has(id);
    session.transfer(late.filter(isTaken), 'timeout');
    for (const [flowFile, reason] of strays.filter(([each]) => isTaken(each))) {
      context.log.error(`${context.name} cannot join ${flowFile.getAttribute('filename')}: ${reason}. It was routed to failure.`);
      session.transfer(flowFile, 'failure');
    }
    const [pair] = pairs;
    if (pair && isTaken(pair.original) && isTaken(pair.enrichment)) await join(session, pair, context);
    else if (taken.size === 0) context.yield();
    // Another task had the other half in hand.
    else if (pair) session.requeue([pair.original, pair.enrichment].filter(isTaken));
  },
  onStopped: ({ engine }) => engine?.close(),
});
