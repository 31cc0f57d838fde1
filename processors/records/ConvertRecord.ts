import type { FlowFile } from '../../server/extension/flowfile.ts';
import { messageOf, ProcessError, PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { type OpenContent, RECORD_READER, RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import type { ProcessSession } from '../../server/extension/session.ts';

/** Content up to this is read at once. */
const SMALL = 1024 ** 2;

const properties = {
  reader: property.service('Record Reader', 'Reads the records', RECORD_READER, { required: true }),
  writer: property.service('Record Writer', 'Writes the records', RECORD_SET_WRITER, { required: true }),
  withEmpty: property.boolean('Include Zero Record FlowFiles', 'Whether FlowFiles without records go on; otherwise they end here', { default: 'true' }),
};

type Session = ProcessSession<'success' | 'failure'>;
type Context = ProcessContext<typeof properties>;

function opener(session: Session, flowFile: FlowFile): OpenContent {
  if (flowFile.size > SMALL) return () => session.readStream(flowFile);
  const bytes = session.read(flowFile);
  return async function* () {
    yield bytes;
  };
}

async function convert(session: Session, flowFile: FlowFile, { properties: { reader, writer, withEmpty } }: Context): Promise<void> {
  const { fields, batches } = await reader.read(opener(session, flowFile), flowFile);
  let count = 0;
  async function* counted(): AsyncGenerator<RecordBatch> {
    for await (const batch of batches) {
      count += batch.length;
      yield batch;
    }
  }
  const written = await session.writeStream(flowFile, writer.write({ fields, batches: counted() }, flowFile));
  session.adjustCounter('Records Processed', count);
  if (count === 0 && !withEmpty) return session.remove(written);
  session.transfer(session.putAttributes(written, { 'record.count': String(count), 'mime.type': writer.mimeType }), 'success');
}

const isBadData = (thrown: unknown): boolean => thrown instanceof ProcessError || thrown instanceof PropertyError || thrown instanceof SyntaxError;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Converts records from one format to another: a reader service reads them, a writer service writes them.',
  tags: ['convert', 'record', 'generic', 'json', 'avro', 'csv', 'freeform', 'text', 'logs', 'log', 'schema'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'The converted records', failure: 'FlowFiles whose records cannot be read or written; they are as they came' },
  writesAttributes: {
    'mime.type': 'The type of the content, as the writer says',
    'record.count': 'How many records the FlowFile holds',
    'record.error.message': 'On failure: why',
  },
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      await convert(session, flowFile, context);
    } catch (thrown) {
      if (!isBadData(thrown)) throw thrown;
      const reason = messageOf(thrown);
      context.log.error(`${context.name} could not convert ${flowFile.getAttribute('filename')}: ${reason} It was routed to failure.`);
      session.transfer(session.putAttribute(flowFile, 'record.error.message', reason), 'failure');
    }
  },
});
