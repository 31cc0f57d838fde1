import { defineProcessor } from '../../server/extension/processor.ts';
import { ERROR_ATTRIBUTE, orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES, writeRecords } from '../../server/extension/record-flow.ts';
import { scriptLimits, scriptSource, sourceProblems, startScript } from './script-source.ts';
import { forBatches, transformed } from './transformed-records.ts';

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
    ...readerAndWriter,
    ...scriptSource('Defines function transform(record, { index, attributes }), which returns the record as it is to be'),
    ...scriptLimits('How long the script may take for a batch of records'),
  },
  relationships: { success: 'The changed records', failure: 'FlowFiles whose records cannot be read or written, or for which the script failed; they are as they came' },
  writesAttributes: { ...RECORD_ATTRIBUTES, ...ERROR_ATTRIBUTE },
  validate: sourceProblems,
  onScheduled: ({ properties: values }) => startScript(values, forBatches),
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile) => {
      const { reader, writer } = context.properties;
      const { schema, batches, read } = await transformed(
        () => readRecords(session, flowFile, reader),
        context.client,
        flowFile,
        (line) => context.log.info(line),
      );
      const { flowFile: written, count } = await writeRecords(session, flowFile, { schema, batches }, writer);
      session.transfer(written, 'success');
      session.adjustCounter('Records Transformed', count);
      if (read > count) session.adjustCounter('Records Dropped', read - count);
    }),
  onStopped: (client) => client.stop(),
});
