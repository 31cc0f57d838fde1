import { randomUUID } from 'node:crypto';
import { defineProcessor } from '../../server/extension/processor.ts';
import { GROUP, ROLE } from './enrichment-pairs.ts';

const BATCH = 100;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Sends a FlowFile on as it is, and a copy of it to be enriched; JoinEnrichment puts both together again.',
  tags: ['fork', 'join', 'enrich', 'record'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {},
  relationships: { original: 'The FlowFile as it came', enrichment: 'The copy that is to become its enrichment' },
  writesAttributes: { [GROUP]: 'The same for both', [ROLE]: 'ORIGINAL or ENRICHMENT' },
  onTrigger(session) {
    for (const flowFile of session.getBatch(BATCH)) {
      const group = randomUUID();
      session.transfer(session.putAttributes(session.clone(flowFile), { [GROUP]: group, [ROLE]: 'ENRICHMENT' }), 'enrichment');
      session.transfer(session.putAttributes(flowFile, { [GROUP]: group, [ROLE]: 'ORIGINAL' }), 'original');
    }
  },
});
