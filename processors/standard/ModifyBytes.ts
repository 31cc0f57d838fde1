import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { slice } from './byte-pieces.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Cuts bytes off the beginning and the end of content, or throws all of it away.',
  tags: ['discard', 'binary', 'keep'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    start: property.dataSize('Start Offset', 'How many bytes the beginning loses', { default: '0 B', expressions: 'flowfile' }),
    end: property.dataSize('End Offset', 'How many bytes the end loses', { default: '0 B', expressions: 'flowfile' }),
    all: property.boolean('Remove All Content', 'Whether all of the content goes', { default: 'false' }),
  },
  relationships: { success: 'All FlowFiles' },
  async onTrigger(session, { properties: { start, end, all } }) {
    for (const flowFile of session.getBatch(10)) {
      const from = start(flowFile);
      const to = flowFile.size - end(flowFile);
      const isEmpty = all || from >= to;
      const isWhole = !all && from === 0 && to === flowFile.size;
      if (isWhole) session.transfer(flowFile, 'success');
      else session.transfer(isEmpty ? session.write(flowFile, '') : await session.writeStream(flowFile, slice(session.readStream(flowFile), from, to)), 'success');
    }
  },
});
