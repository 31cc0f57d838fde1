import type { SchemaElement } from 'hyparquet';
import { ProcessError } from '../../server/extension/errors.ts';
import type { RecordValue } from '../../server/extension/record.ts';
import { coerce, isObject, textOf } from '../../server/extension/record-coercion.ts';
import { microsOf, millisOf } from '../../server/extension/record-dates.ts';
import { unscaled } from '../../server/extension/record-decimals.ts';
import { type DataType, type RecordSchema, type SchemaField, typeName } from '../../server/extension/record-schema.ts';
import { zoneOf } from '../../server/extension/java/zones.ts';

/** A value as Parquet stores it; undefined where it does not fit. Null is never asked about. */
type Encode = (value: RecordValue) => unknown;

/** How Parquet stores a type: its elements, the own one first, and its values. */
interface Stored {
  readonly elements: readonly SchemaElement[];
  readonly encode: Encode;
}

/** A column of the file. */
export interface ParquetColumn {
  readonly name: string;
  /** The value of a record as Parquet stores it. Throws ProcessError, which names the field. */
  readonly encode: (value: RecordValue | undefined) => unknown;
}

const UTC = zoneOf('UTC');
const DAY = 86_400_000;
/** Records deeper than this inside one another are refused. */
const MAX_DEPTH = 100;

type Primitive = Omit<SchemaElement, 'name' | 'repetition_type'>;
const TEXT: Primitive = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };

const ofText = (convert: (text: string) => unknown, type: DataType): Encode => {
  return (value) => {
    const text = coerce(value, type);
    return typeof text === 'string' ? convert(text) : undefined;
  };
};
const asIs =
  (type: DataType): Encode =>
  (value) =>
    coerce(value, type);
const asLong: Encode = (value) => {
  const whole = coerce(value, { kind: 'long' });
  return whole === undefined ? undefined : BigInt(whole as number | bigint);
};

const PLAIN: Readonly<Partial<Record<DataType['kind'], readonly [Primitive, Encode]>>> = {
  boolean: [{ type: 'BOOLEAN' }, asIs({ kind: 'boolean' })],
  byte: [{ type: 'INT32' }, asIs({ kind: 'int' })],
  short: [{ type: 'INT32' }, asIs({ kind: 'int' })],
  int: [{ type: 'INT32' }, asIs({ kind: 'int' })],
  long: [{ type: 'INT64' }, asLong],
  float: [{ type: 'FLOAT' }, asIs({ kind: 'float' })],
  double: [{ type: 'DOUBLE' }, asIs({ kind: 'double' })],
  date: [{ type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }, ofText((text) => Math.floor(millisOf(text.slice(0, 10), UTC) / DAY), { kind: 'date' })],
  time: [
    { type: 'INT64', converted_type: 'TIME_MICROS', logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' } },
    ofText((text) => BigInt(microsOf(text, UTC)), { kind: 'time' }),
  ],
  timestamp: [
    { type: 'INT64', converted_type: 'TIMESTAMP_MICROS', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } },
    ofText((text) => BigInt(microsOf(text)), { kind: 'timestamp' }),
  ],
};

/** How many bytes hold any number of so many digits. */
function bytesFor(precision: number): number {
  let bytes = 1;
  while (2n ** BigInt(bytes * 8 - 1) <= 10n ** BigInt(precision)) bytes++;
  return bytes;
}

function decimal(precision: number, scale: number): readonly [Primitive, Encode] {
  const digits = Math.max(precision, scale, 1);
  const limit = 10n ** BigInt(digits);
  const encode: Encode = (value) => {
    const number = coerce(value, { kind: 'decimal', precision, scale });
    const whole = number === undefined ? undefined : unscaled(number, scale);
    return whole !== undefined && whole < limit && whole > -limit ? whole : undefined;
  };
  const kind = { converted_type: 'DECIMAL', precision: digits, scale, logical_type: { type: 'DECIMAL', precision: digits, scale } } as const;
  return [{ type: 'FIXED_LEN_BYTE_ARRAY', type_length: bytesFor(digits), ...kind }, encode];
}

const bytesOf: Encode = (value) => {
  const bytes = coerce(value, { kind: 'array', element: { kind: 'byte' } });
  return Array.isArray(bytes) ? Uint8Array.from(bytes as number[]) : undefined;
};

/** Lists have three levels, which every reader knows and nothing less can hold nulls. */
function list(name: string, element: DataType, repetition: SchemaElement['repetition_type'], depth: number): Stored {
  const inner = stored('element', element, true, depth + 1);
  return {
    elements: [
      { name, repetition_type: repetition, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...inner.elements,
    ],
    encode: (value) => (Array.isArray(value) ? allOr(value.map((one) => orNull(one, inner.encode))) : undefined),
  };
}

function map(name: string, type: DataType, repetition: SchemaElement['repetition_type'], depth: number): Stored {
  const inner = stored('value', type, true, depth + 1);
  return {
    elements: [
      { name, repetition_type: repetition, num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
      { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
      { name: 'key', repetition_type: 'REQUIRED', ...TEXT },
      ...inner.elements,
    ],
    encode(value) {
      if (!isObject(value)) return undefined;
      return allOr(
        Object.entries(value).map(([key, one]) => ({ key, value: orNull(one, inner.encode) })),
        ({ value: one }) => one,
      );
    },
  };
}

function struct(name: string, { fields }: RecordSchema, repetition: SchemaElement['repetition_type'], depth: number): Stored {
  const columns = columnsOf(fields, depth + 1);
  return {
    elements: [{ name, repetition_type: repetition, num_children: fields.length }, ...columns.elements],
    encode: (value) => (isObject(value) ? Object.fromEntries(columns.columns.map((one) => [one.name, one.encode(value[one.name])])) : undefined),
  };
}

const orNull = (value: RecordValue, encode: Encode): unknown => (value === null ? null : encode(value));
const allOr = <T>(values: T[], of: (value: T) => unknown = (value) => value): T[] | undefined => (values.some((one) => of(one) === undefined) ? undefined : values);

function stored(name: string, type: DataType, nullable: boolean, depth: number): Stored {
  if (depth > MAX_DEPTH) throw new ProcessError(`The schema is nested more than ${MAX_DEPTH} deep, or holds itself: Parquet cannot store it.`);
  const repetition = nullable ? 'OPTIONAL' : 'REQUIRED';
  if (type.kind === 'array' && type.element.kind !== 'byte') return list(name, type.element, repetition, depth);
  if (type.kind === 'map') return map(name, type.value, repetition, depth);
  // A group without members cannot be stored, so that it becomes JSON text.
  if (type.kind === 'record' && type.schema.fields.length > 0) return struct(name, type.schema, repetition, depth);
  const [primitive, encode] = primitiveOf(type);
  return { elements: [{ name, repetition_type: repetition, ...primitive }], encode };
}

function primitiveOf(type: DataType): readonly [Primitive, Encode] {
  if (type.kind === 'decimal') return decimal(type.precision, type.scale);
  if (type.kind === 'array') return [{ type: 'BYTE_ARRAY' }, bytesOf];
  return PLAIN[type.kind] ?? [TEXT, textOf];
}

function columnOf({ name, type, nullable, defaultValue }: SchemaField, encode: Encode): ParquetColumn {
  return {
    name,
    encode(given) {
      const value = given ?? defaultValue ?? null;
      if (value === null && nullable) return null;
      const result = value === null ? undefined : encode(value);
      if (result === undefined)
        throw new ProcessError(value === null ? `Field '${name}' has no value, and its type takes none.` : `The value of field '${name}' does not fit its type ${typeName(type)}.`);
      return result;
    },
  };
}

function columnsOf(fields: readonly SchemaField[], depth: number): { elements: SchemaElement[]; columns: ParquetColumn[] } {
  const elements: SchemaElement[] = [];
  const columns: ParquetColumn[] = [];
  for (const one of fields) {
    const made = stored(one.name, one.type, one.nullable, depth);
    elements.push(...made.elements);
    columns.push(columnOf(one, made.encode));
  }
  return { elements, columns };
}

/** A schema as Parquet describes it, and its columns. Types of NiFi that Parquet does not know are text, as Avro writes them. Throws ProcessError. */
export function parquetSchema({ fields, name = 'nifiRecord' }: RecordSchema): { readonly elements: SchemaElement[]; readonly columns: readonly ParquetColumn[] } {
  const { elements, columns } = columnsOf(fields, 0);
  return { elements: [{ name, num_children: fields.length }, ...elements], columns };
}
