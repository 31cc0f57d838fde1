import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import { coerce } from '../../server/extension/record-coercion.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import { type PathValue, replace, schemaPath } from '../../server/extension/record-path/path-value.ts';
import { type DataType, field, mergeTypes, type RecordSchema, recordType, TYPES } from '../../server/extension/record-schema.ts';
import { inferType } from '../../server/extension/schema-inference.ts';

/** Writes values into records and remembers what the schema must become so that they fit. */
export class RecordChanges {
  readonly #changes = new Map<string, { path: readonly string[]; type: DataType }>();

  /** Puts a value in a place: as the field's type where it can be that, else the field gets a further type. */
  set(place: PathValue, value: RecordValue, type: DataType = (value === null ? undefined : inferType(value)) ?? TYPES.string): void {
    const fitting = place.type === undefined || value === null ? undefined : coerce(value, place.type);
    replace(place, fitting ?? value);
    if (place.type === undefined || (fitting === undefined && value !== null)) this.note(schemaPath(place), type);
  }

  note(path: readonly string[], type: DataType): void {
    const key = JSON.stringify(path);
    const known = this.#changes.get(key);
    this.#changes.set(key, { path, type: known ? mergeTypes(known.type, type) : type });
  }

  applyTo(schema: RecordSchema): RecordSchema {
    return [...this.#changes.values()].reduce((changed, { path, type }) => withField(changed, path, type), schema);
  }
}

function withField(schema: RecordSchema, [name, ...rest]: readonly string[], type: DataType): RecordSchema {
  const known = schema.fields.find((one) => one.name === name);
  const changed = rest.length === 0 ? (known ? mergeTypes(known.type, type) : type) : inside(known?.type ?? recordType({ fields: [] }), rest, type);
  const fields = known ? schema.fields.map((one) => (one === known ? { ...one, type: changed } : one)) : [...schema.fields, field(name!, changed)];
  return { name: schema.name, namespace: schema.namespace, fields };
}

/** The same in the records that a type holds. */
function inside(type: DataType, path: readonly string[], added: DataType): DataType {
  if (type.kind === 'record') return recordType(withField(type.schema, path, added));
  if (type.kind === 'array') return { ...type, element: inside(type.element, path, added) };
  if (type.kind === 'map') return { ...type, value: path.length > 1 ? inside(type.value, path.slice(1), added) : mergeTypes(type.value, added) };
  return type.kind === 'choice' ? { ...type, options: type.options.map((option) => inside(option, path, added)) } : type;
}

/** How records are changed. */
export interface Changing {
  /** Records for which nothing comes back are left out. */
  readonly change: (record: DataRecord, index: number) => DataRecord | undefined;
  /** The schema that the records changed so far make. */
  readonly schemaAfter: () => RecordSchema;
}

async function* applied(batches: AsyncIterable<RecordBatch>, { change }: Changing): AsyncGenerator<DataRecord[]> {
  let index = 0;
  for await (const batch of batches)
    yield batch.flatMap((record) => {
      const result = change(record, index++);
      return result === undefined ? [] : [result];
    });
}

/**
 * Changes records one by one. The writer must know the schema before the first record, and a later record may change it: where
 * there is more than one batch, all are changed once to find it out, and read again to be written.
 */
export async function changedRecords(read: () => Promise<RecordSet>, changing: (schema: RecordSchema) => Changing): Promise<RecordSet> {
  const records = await read();
  const first = changing(records.schema);
  const changed = applied(records.batches, first);
  const heads: DataRecord[][] = [];
  let count = 0;
  for await (const batch of changed) if (count++ === 0) heads.push(batch);
  const schema = first.schemaAfter();
  if (count > 1) {
    const again = await read();
    return { schema, batches: applied(again.batches, changing(again.schema)) };
  }
  return {
    schema,
    batches: (async function* () {
      yield* heads;
    })(),
  };
}

/** A FlowFile with further attributes, for expressions only. */
export function withAttributes(flowFile: FlowFile, more: Readonly<Record<string, string>>): FlowFile {
  return {
    id: flowFile.id,
    uuid: flowFile.uuid,
    size: flowFile.size,
    entryDate: flowFile.entryDate,
    lineageStartDate: flowFile.lineageStartDate,
    getAttribute: (name) => more[name] ?? flowFile.getAttribute(name),
    get attributes() {
      return new Map([...flowFile.attributes, ...Object.entries(more)]);
    },
  };
}

/** Values that a path led to, as one: several make up a record. */
export function asOne(found: readonly PathValue[]): { value: RecordValue; type: DataType | undefined } {
  if (found.length <= 1) return { value: found[0]?.value ?? null, type: found[0]?.type };
  const fields = found.map(({ name, type, value }) => field(name, type ?? (value === null || value === undefined ? TYPES.string : (inferType(value) ?? TYPES.string))));
  return { value: Object.fromEntries(found.map(({ name, value }) => [name, value ?? null])), type: recordType({ fields }) };
}
