import { PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { remove, schemaPath } from '../../server/extension/record-path/path-value.ts';
import { compileRecordPath, type RecordPath } from '../../server/extension/record-path/record-path.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { type Changing, changedRecords } from './record-changes.ts';
import { ERROR_ATTRIBUTE, orFailure, readerAndWriter, readRecords, writeRecords } from '../../server/extension/record-flow.ts';
import { withoutFields } from './schema-changes.ts';

function remover(paths: readonly RecordPath[], schema: RecordSchema): Changing {
  const gone = new Map<string, readonly string[]>();
  const change = (record: DataRecord): DataRecord => {
    for (const path of paths) {
      // From the back, so that places in lists stay what they are.
      for (const place of [...path.evaluate(record, schema)].reverse()) {
        remove(place);
        if (typeof place.key === 'string') gone.set(JSON.stringify(schemaPath(place)), schemaPath(place));
      }
    }
    return record;
  };
  return { change, schemaAfter: () => withoutFields(schema, [...gone.values()]) };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Takes fields out of records and out of their schema: each property that you add holds the RecordPath of such a field.',
  tags: ['update', 'record', 'generic', 'schema', 'json', 'csv', 'avro', 'freeform', 'text', 'remove', 'delete'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: readerAndWriter,
  dynamicProperties: {
    name: 'A description of the field to remove',
    value: 'A RecordPath to the field to be removed.',
    description: 'The field that goes',
    expressions: 'flowfile',
  },
  relationships: { success: 'The records without the fields', failure: 'FlowFiles whose records cannot be read or written; they are as they came' },
  writesAttributes: ERROR_ATTRIBUTE,
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile) => {
      const { reader, writer } = context.properties;
      if (context.dynamic.size === 0) throw new PropertyError('No field to remove is set: add a property that holds its RecordPath.');
      const paths = [...context.dynamic.values()].map((path) => compileRecordPath(path(flowFile)));
      const changed = await changedRecords(
        () => readRecords(session, flowFile, reader),
        (schema) => remover(paths, schema),
      );
      session.transfer((await writeRecords(session, flowFile, changed, writer)).flowFile, 'success');
    }),
});
