import { ProcessError, PropertyError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { isObject } from '../../server/extension/record-coercion.ts';
import { type PathValue, schemaPath } from '../../server/extension/record-path/path-value.ts';
import { compileRecordPath, type RecordPath } from '../../server/extension/record-path/record-path.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { changedRecords, withAttributes } from './record-changes.ts';
import { FORMAT_TAGS, orFailure, readerAndWriter, readRecords, writeRecords } from '../../server/extension/record-flow.ts';
import { renamedField } from './schema-changes.ts';

interface Renaming {
  readonly path: RecordPath;
  readonly name: (flowFile?: FlowFile) => string;
}

/** Gives a field another name in its place among the others. */
function rename({ parent, key }: PathValue, name: string): void {
  const holder = parent?.value;
  if (!isObject(holder) || typeof key !== 'string' || !Object.hasOwn(holder, key) || key === name) return;
  if (Object.hasOwn(holder, name)) throw new ProcessError(`The field '${key}' cannot be called '${name}': the record has a field of this name.`);
  const entries = Object.entries(holder);
  for (const [other] of entries) delete holder[other];
  for (const [other, value] of entries) holder[other === key ? name : other] = value;
}

function renamer(flowFile: FlowFile, renamings: readonly Renaming[], schema: RecordSchema) {
  const renamed = new Map<string, { path: readonly string[]; name: string }>();
  const change = (record: DataRecord, index: number): DataRecord => {
    for (const { path, name } of renamings) {
      for (const place of path.evaluate(record, schema)) {
        const wanted = name(withAttributes(flowFile, { 'field.name': place.name, 'record.index': String(index + 1) }));
        if (typeof place.key === 'string') renamed.set(JSON.stringify(schemaPath(place)), { path: schemaPath(place), name: wanted });
        rename(place, wanted);
      }
    }
    return record;
  };
  // Fields inside others first: their paths lead through the old names.
  const order = () => [...renamed.values()].sort((a, b) => b.path.length - a.path.length);
  return { change, schemaAfter: () => order().reduce((changed, { path, name }) => renamedField(changed, path, name), schema) };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Gives fields of records other names: each property that you add is the RecordPath of a field, and its value the new name.',
  tags: ['update', 'field', 'rename', ...FORMAT_TAGS],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: readerAndWriter,
  dynamicProperties: {
    name: 'A RecordPath that identifies which field(s) to update',
    value: 'The new name to assign to the Record field',
    description: 'The new name',
    expressions: 'flowfile',
  },
  relationships: { success: 'The records with their new names', failure: 'FlowFiles whose records cannot be read, changed or written; they are as they came' },
  writesAttributes: { 'record.index': 'Inside expressions only: the number of the record' },
  onScheduled({ dynamic }): Renaming[] {
    if (dynamic.size === 0) throw new PropertyError('No field to rename is set: add a property whose name is its RecordPath.');
    return [...dynamic].map(([path, name]) => ({ path: compileRecordPath(path), name }));
  },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile) => {
      const { reader, writer } = context.properties;
      const changed = await changedRecords(
        () => readRecords(session, flowFile, reader),
        (schema) => renamer(flowFile, context.client, schema),
      );
      session.transfer((await writeRecords(session, flowFile, changed, writer)).flowFile, 'success');
    }),
});
