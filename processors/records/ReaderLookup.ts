import { RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { ServiceChoice, serviceToUse } from './service-choice.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Many readers behind one service: each FlowFile says which one reads it.',
  tags: ['lookup', 'parse', 'record', 'row', 'reader'],
  properties: { toUse: serviceToUse('recordreader.name') },
  dynamicProperties: {
    name: 'Name of the RecordReader',
    value: 'A RecordReaderFactory controller service',
    description: 'A reader under the name that FlowFiles say',
    expressions: 'none',
    service: RECORD_READER,
  },
  provides: [RECORD_READER],
  onEnabled({ properties: { toUse }, dynamicServices, name }): RecordReaderFactory {
    const choice = new ServiceChoice<RecordReaderFactory>(dynamicServices, toUse, name);
    return { read: async (open, flowFile, options) => choice.of(flowFile).read(open, flowFile, options) };
  },
});
