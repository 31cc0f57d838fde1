import { RECORD_SET_WRITER, type RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { ServiceChoice, serviceToUse } from './service-choice.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Many writers behind one service: each FlowFile says which one writes it.',
  tags: ['lookup', 'result', 'set', 'writer', 'serializer', 'record', 'recordset', 'row'],
  properties: { toUse: serviceToUse('recordsetwriter.name') },
  dynamicProperties: {
    name: 'Name of the RecordSetWriter',
    value: 'A RecordSetWriterFactory controller service',
    description: 'A writer under the name that FlowFiles say',
    expressions: 'none',
    service: RECORD_SET_WRITER,
  },
  provides: [RECORD_SET_WRITER],
  onEnabled({ properties: { toUse }, dynamicServices, name }): RecordSetWriterFactory {
    const choice = new ServiceChoice<RecordSetWriterFactory>(dynamicServices, toUse, name);
    return {
      mimeType: 'application/octet-stream',
      async *write(records, flowFile) {
        yield* choice.of(flowFile).write(records, flowFile);
      },
      attributes(schema, flowFile) {
        const writer = choice.of(flowFile);
        return { 'mime.type': writer.mimeType, ...writer.attributes?.(schema, flowFile) };
      },
    };
  },
});
