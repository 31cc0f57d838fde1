import { avroSchemaText } from '../../server/extension/avro-schema.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { ERROR_ATTRIBUTE, orFailure, readerAndWriter, readRecords } from '../../server/extension/record-flow.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes the schema of the records, as the reader has it, into an attribute.',
  tags: ['record', 'generic', 'schema', 'json', 'csv', 'avro', 'freeform', 'text', 'xml'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    reader: readerAndWriter.reader,
    cacheSize: property.integer('Schema Cache Size', 'Kept for flows made in NiFi: the text of a schema is not kept, as making it takes no time', { default: '10', min: 1 }),
  },
  relationships: { success: 'FlowFiles with the schema of their records', failure: 'FlowFiles whose schema cannot be found; they are as they came' },
  writesAttributes: { ...ERROR_ATTRIBUTE, 'avro.schema': "The schema as Avro's JSON" },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile) => {
      const { schema } = await readRecords(session, flowFile, context.properties.reader);
      session.transfer(session.putAttribute(flowFile, 'avro.schema', avroSchemaText(schema)), 'success');
    }),
});
