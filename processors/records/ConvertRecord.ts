import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { ERROR_ATTRIBUTE, FORMAT_TAGS, orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES, writeRecords } from '../../server/extension/record-flow.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Converts records from one format to another: a reader service reads them, a writer service writes them.',
  tags: ['convert', ...FORMAT_TAGS],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    ...readerAndWriter,
    withEmpty: property.boolean('Include Zero Record FlowFiles', 'Whether FlowFiles without records go on; otherwise they end here', { default: 'true' }),
  },
  relationships: { success: 'The converted records', failure: 'FlowFiles whose records cannot be read or written; they are as they came' },
  writesAttributes: { ...RECORD_ATTRIBUTES, ...ERROR_ATTRIBUTE },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile) => {
      const { reader, writer, withEmpty } = context.properties;
      const written = await writeRecords(session, flowFile, await readRecords(session, flowFile, reader), writer);
      session.adjustCounter('Records Processed', written.count);
      if (written.count === 0 && !withEmpty) return session.remove(written.flowFile);
      session.transfer(written.flowFile, 'success');
    }),
});
