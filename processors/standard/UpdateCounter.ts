import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Adds to a counter for each FlowFile: for finding faults, and for counting.',
  tags: ['counter', 'debug', 'instrumentation'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    counter: property.text('Counter Name', 'The name of the counter', { required: true, expressions: 'flowfile' }),
    delta: property.integer('Delta', 'What each FlowFile adds to the counter; may be negative', { default: '1', min: Number.MIN_SAFE_INTEGER, expressions: 'flowfile' }),
  },
  relationships: { success: 'All FlowFiles' },
  readsAttributes: { counterName: 'The name of the counter, where Counter Name says ${counterName}' },
  onTrigger(session, { properties: { counter, delta } }) {
    const flowFiles = session.getBatch(100);
    for (const flowFile of flowFiles) session.adjustCounter(counter(flowFile), delta(flowFile));
    session.transfer(flowFiles, 'success');
  },
});
