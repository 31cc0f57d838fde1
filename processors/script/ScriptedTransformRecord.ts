import { messageOf, ProcessError, PropertyError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { type OpenContent, RECORD_READER, RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { scriptLimits, scriptSource, sourceProblems, startScript } from './script-source.ts';
import { forBatches, transformed } from './transformed-records.ts';

type Session = ProcessSession<'success' | 'failure'>;

/** The content from its beginning, as often as it is asked for. */
const opener = (session: Session, flowFile: FlowFile): OpenContent => {
  return () => session.readStream(flowFile);
};

export default defineProcessor({
  description: 'Changes records by a script in JavaScript or TypeScript, shut off from the process, files and network, with limits on time and memory.',
  details:
    'The script defines `function transform(record, { index, attributes })`. It returns the record as it is to be, a list of records, or null for none. `log(text)` writes to the log. Whole numbers beyond 2^53 and long decimals come as text, and become numbers again. It runs in QuickJS: the language of ES2023 without timers, modules, process, files and network; it runs twice over each FlowFile, first to learn the schema.',
  tags: ['script', 'javascript', 'typescript', 'record', 'transform', 'filter', 'modify', 'update', 'restricted'],
  restrictions: { 'execute-code': 'Lets whoever configures it run code on the server.' },
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    reader: property.service('Record Reader', 'Reads the records', RECORD_READER, { required: true }),
    writer: property.service('Record Writer', 'Writes the records', RECORD_SET_WRITER, { required: true }),
    ...scriptSource('Defines function transform(record, { index, attributes }), which returns the record as it is to be'),
    ...scriptLimits('How long the script may take for a batch of records'),
  },
  relationships: { success: 'The changed records', failure: 'FlowFiles whose records cannot be read or written, or for which the script failed; they are as they came' },
  writesAttributes: {
    'mime.type': 'The type of the content, as the writer says',
    'record.count': 'How many records the FlowFile holds',
    'record.error.message': 'On failure: why',
  },
  validate: sourceProblems,
  onScheduled: ({ properties: values }) => startScript(values, forBatches),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const { reader, writer } = context.properties;
    try {
      const { schema, batches, read } = await transformed(
        () => reader.read(opener(session, flowFile), flowFile),
        context.client,
        flowFile,
        (line) => context.log.info(line),
      );
      let count = 0;
      async function* counted(): AsyncGenerator<RecordBatch> {
        for await (const batch of batches) {
          count += batch.length;
          yield batch;
        }
      }
      const written = await session.writeStream(flowFile, writer.write({ schema, batches: counted() }, flowFile));
      session.transfer(session.putAttributes(written, { 'mime.type': writer.mimeType, ...writer.attributes?.(schema, flowFile), 'record.count': String(count) }), 'success');
      session.adjustCounter('Records Transformed', count);
      if (read > count) session.adjustCounter('Records Dropped', read - count);
    } catch (thrown) {
      if (!(thrown instanceof ProcessError || thrown instanceof PropertyError || thrown instanceof SyntaxError || thrown instanceof RangeError)) throw thrown;
      context.log.error(`${context.name} could not transform ${flowFile.getAttribute('filename')}: ${messageOf(thrown)} It was routed to failure.`);
      session.transfer(session.putAttribute(flowFile, 'record.error.message', messageOf(thrown)), 'failure');
    }
  },
  onStopped: (client) => client.stop(),
});
