import type { FlowFile } from '../../server/extension/flowfile.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { copyOf, type DataRecord } from '../../server/extension/record.ts';
import { isObject, textOf } from '../../server/extension/record-coercion.ts';
import { compileRecordPath, type RecordPath } from '../../server/extension/record-path/record-path.ts';
import { type RecordSchema, TYPES, typeName } from '../../server/extension/record-schema.ts';
import { asOne, changedRecords, RecordChanges, withAttributes } from './record-changes.ts';
import { ERROR_ATTRIBUTE, FORMAT_TAGS, orFailure, readerAndWriter, readRecords, writeRecords } from '../../server/extension/record-flow.ts';
import { typeOrString } from '../../server/extension/record-path/path-value.ts';

interface Update {
  readonly path: RecordPath;
  readonly replacement: (flowFile?: FlowFile) => string;
}

/** Changes the records of one FlowFile. */
class Updating {
  readonly #changes = new RecordChanges();
  readonly #flowFile: FlowFile;
  readonly #updates: readonly Update[];
  #schema: RecordSchema;

  constructor(flowFile: FlowFile, updates: readonly Update[], schema: RecordSchema) {
    this.#flowFile = flowFile;
    this.#updates = updates;
    this.#schema = schema;
  }

  schemaAfter = (): RecordSchema => this.#changes.applyTo(this.#schema);

  /** The values are texts; their expressions may look at the field. */
  literally = (record: DataRecord, index: number): DataRecord => {
    for (const { path, replacement } of this.#updates) {
      for (const place of path.evaluate(record, this.#schema)) {
        const field = { 'field.name': place.name, 'field.value': place.value === null || place.value === undefined ? '' : textOf(place.value) };
        const seen = withAttributes(this.#flowFile, { ...field, 'field.type': typeName(typeOrString(place)), 'record.index': String(index + 1) });
        this.#changes.set(place, replacement(seen), TYPES.string);
      }
    }
    return record;
  };

  /** The values are paths to other values. */
  byPath = (record: DataRecord): DataRecord => {
    let current = record;
    for (const { path, replacement } of this.#updates) {
      const source = compileRecordPath(replacement(this.#flowFile));
      const absolute = source.isAbsolute ? asOne(source.evaluate(current, this.#schema)) : undefined;
      for (const place of path.evaluate(current, this.#schema)) {
        const { value, type } = absolute ?? asOne(source.evaluate(current, this.#schema, place));
        if (place.parent) this.#changes.set(place, copyOf(value), type);
        else if (isObject(value)) {
          current = value;
          if (type?.kind === 'record') this.#schema = type.schema;
        }
      }
    }
    return current;
  };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Changes fields of records: each property that you add is the RecordPath of fields, and its value what they become.',
  tags: ['update', ...FORMAT_TAGS],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    ...readerAndWriter,
    strategy: property.choice(
      'Replacement Value Strategy',
      'Whether values are texts, whose expressions may look at field.name, field.value, field.type and record.index, or paths to other values of the record',
      { 'literal-value': 'Literal Value', 'record-path-value': 'Record Path Value' },
      { default: 'literal-value' },
    ),
  },
  dynamicProperties: { name: 'A RecordPath.', value: 'The value to use', description: 'What the fields that the path leads to become', expressions: 'flowfile' },
  relationships: { success: 'The changed records', failure: 'FlowFiles whose records cannot be read, changed or written; they are as they came' },
  writesAttributes: { 'record.index': 'Inside expressions only: the number of the record', ...ERROR_ATTRIBUTE },
  onScheduled({ dynamic }): Update[] {
    if (dynamic.size === 0) throw new PropertyError('No RecordPath is set: add a property whose name is one.');
    return [...dynamic].map(([path, replacement]) => ({ path: compileRecordPath(path), replacement }));
  },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile) => {
      const { reader, writer, strategy } = context.properties;
      const changed = await changedRecords(
        () => readRecords(session, flowFile, reader),
        (schema) => {
          const updating = new Updating(flowFile, context.client, schema);
          return { change: strategy === 'literal-value' ? updating.literally : updating.byPath, schemaAfter: updating.schemaAfter };
        },
      );
      session.transfer((await writeRecords(session, flowFile, changed, writer)).flowFile, 'success');
    }),
});
