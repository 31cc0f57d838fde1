import { defineProcessor } from '../../server/extension/processor.ts';
import { WaitingBatch } from './waiting-batch.ts';
import { properties, START } from './wait-properties.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Holds FlowFiles until Notify has told often enough that they may go.',
  tags: ['cache', 'wait', 'release', 'distributed', 'map', 'signal', 'hold'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: {
    success: 'FlowFiles that may go',
    wait: 'FlowFiles that must wait: lead it back to this processor, unless Wait Mode keeps them in their queue',
    expired: 'FlowFiles that waited longer than the Expiration Duration',
    failure: 'FlowFiles without identifier or number',
  },
  writesAttributes: {
    [START]: 'When the FlowFile began to wait, milliseconds since 1970',
    'wait.counter.<counterName>': 'The counters as they were when the FlowFile was looked at; wait.counter.total is their sum',
  },
  /** Identifiers that wait, until when they are left alone. */
  onScheduled: () => new Map<string, number>(),
  async onTrigger(session, context) {
    const { client: resting, properties: values } = context;
    const now = context.now();
    for (const [id, until] of resting) if (until < now) resting.delete(id);
    let chosen: string | undefined;
    const nameless = new Set<number>();
    let count = 0;
    const taken = session.getMatching((flowFile) => {
      if (count >= values.batch) return 'stop';
      const id = values.identifier(flowFile)?.trim();
      if (!id) nameless.add(flowFile.id);
      else if (resting.has(id) || (chosen ?? id) !== id) return 'skip';
      else {
        chosen = id;
        count++;
      }
      return 'take';
    });
    if (taken.length === 0) return context.yield();
    const batch = new WaitingBatch(session, context);
    for (const flowFile of taken.filter(({ id }) => nameless.has(id))) batch.fail(flowFile, 'its Release Signal Identifier is empty');
    if (chosen === undefined) return;
    const hasProgressed = await batch.look(
      chosen,
      taken.filter(({ id }) => !nameless.has(id)),
    );
    if (!hasProgressed && values.penalty !== undefined) resting.set(chosen, now + values.penalty);
    if (!hasProgressed && values.mode === 'keep' && values.penalty === undefined) context.yield();
  },
});
