import type { RecordBatch } from '../../server/extension/record.ts';
import { type OpenContent, RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { EVENT_STYLE, EventInference, eventOf, isEvents } from './windows-events.ts';
import { type XmlNode, xmlNodes } from './xml-nodes.ts';
import { recordOfNode } from './xml-records.ts';

async function* events(open: OpenContent): AsyncGenerator<XmlNode[]> {
  for await (const nodes of xmlNodes(open(), isEvents)) yield nodes.map(eventOf);
}

async function* records(open: OpenContent, schema: RecordSchema, lenient: boolean): AsyncGenerator<RecordBatch> {
  for await (const batch of events(open)) yield batch.map((event) => recordOfNode(event, schema, { ...EVENT_STYLE, lenient }));
}

const factory: RecordReaderFactory = {
  async read(open, _flowFile, { lenient = false } = {}) {
    const inference = new EventInference();
    for await (const batch of events(open)) for (const event of batch) inference.look(event);
    const { schema } = inference;
    return { schema, batches: records(open, schema, lenient) };
  },
};

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.windowsevent', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads Windows events as XML, as ConsumeWindowsEventLog writes them: the root element is <Events> or one <Event>.',
  details: 'The fields of `System` are always the same; those of `EventData` and their types are found out from its elements <Data Name="...">.',
  tags: ['xml', 'windows', 'event', 'log', 'record', 'reader', 'parser'],
  properties: {},
  provides: [RECORD_READER],
  onEnabled: () => factory,
});
