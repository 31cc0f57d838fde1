import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

const INDEX = 'copy.index';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Makes copies of each FlowFile; no content is copied. Good for load tests.',
  tags: ['test', 'load', 'duplicate'],
  input: 'required',
  supportsBatching: true,
  properties: {
    copies: property.integer('Number of Copies', 'How many copies of each FlowFile are made', { default: '100', expressions: 'flowfile' }),
  },
  relationships: { success: 'The FlowFile and its copies' },
  writesAttributes: { [INDEX]: 'Number of the copy, from 1; the original has 0' },
  onTrigger(session, { properties: { copies } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const count = copies(flowFile);
    for (let index = 1; index <= count; index++) session.transfer(session.putAttribute(session.clone(flowFile), INDEX, String(index)), 'success');
    session.transfer(session.putAttribute(flowFile, INDEX, '0'), 'success');
  },
});
