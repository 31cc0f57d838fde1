import type { FieldType, RecordValue } from './record.ts';

/** The types without parameters. Dates and times are ISO 8601 text in records, whatever a format says on the outside. */
export type PlainKind = 'boolean' | 'byte' | 'short' | 'int' | 'long' | 'bigint' | 'float' | 'double' | 'string' | 'char' | 'uuid' | 'date' | 'time' | 'timestamp';

/** What a value of a record may be: NiFi's RecordFieldType. */
export type DataType =
  | { readonly kind: PlainKind }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'enum'; readonly symbols: readonly string[] }
  | { readonly kind: 'array'; readonly element: DataType }
  | { readonly kind: 'map'; readonly value: DataType }
  | { readonly kind: 'record'; readonly schema: RecordSchema }
  | { readonly kind: 'choice'; readonly options: readonly DataType[] };

export interface SchemaField {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Stands in where a record has no such field. */
  readonly defaultValue?: RecordValue;
  readonly aliases?: readonly string[];
}

export interface RecordSchema {
  readonly fields: readonly SchemaField[];
  readonly name?: string;
  readonly namespace?: string;
  /** The Avro schema that it was made from, where it was. */
  readonly text?: string;
}

const plain = <K extends PlainKind>(kind: K): { readonly kind: K } => Object.freeze({ kind });

/** The types that need nothing said about them. */
export const TYPES = {
  boolean: plain('boolean'),
  byte: plain('byte'),
  short: plain('short'),
  int: plain('int'),
  long: plain('long'),
  bigint: plain('bigint'),
  float: plain('float'),
  double: plain('double'),
  string: plain('string'),
  char: plain('char'),
  uuid: plain('uuid'),
  date: plain('date'),
  time: plain('time'),
  timestamp: plain('timestamp'),
};
/** Bytes are a list of numbers from 0 to 255, as in NiFi. */
export const BYTES: DataType = { kind: 'array', element: TYPES.byte };

/** A field that may be null. */
export const field = (name: string, type: DataType): SchemaField => ({ name, type, nullable: true });
export const schemaOf = (fields: readonly SchemaField[]): RecordSchema => ({ fields });
export const decimalType = (precision: number, scale: number): DataType => ({ kind: 'decimal', precision, scale });
export const recordType = (schema: RecordSchema): DataType => ({ kind: 'record', schema });

/** A choice, or the one type where all are the same; choices inside are taken apart. */
export function choiceOf(types: readonly DataType[]): DataType {
  const options: DataType[] = [];
  for (const type of types.flatMap((one) => (one.kind === 'choice' ? one.options : [one]))) if (!options.some((known) => sameType(known, type))) options.push(type);
  return options.length === 1 ? options[0]! : { kind: 'choice', options };
}

const sameAll = (a: readonly DataType[], b: readonly DataType[]): boolean => a.length === b.length && a.every((type, index) => sameType(type, b[index]!));

function sameSchema(a: RecordSchema, b: RecordSchema): boolean {
  return a === b || (a.fields.length === b.fields.length && a.fields.every(({ name, type }, index) => name === b.fields[index]!.name && sameType(type, b.fields[index]!.type)));
}

export function sameType(a: DataType, b: DataType): boolean {
  if (a === b) return true;
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.precision === b.precision && a.scale === b.scale;
  if (a.kind === 'enum' && b.kind === 'enum') return a.symbols.join() === b.symbols.join();
  if (a.kind === 'array' && b.kind === 'array') return sameType(a.element, b.element);
  if (a.kind === 'map' && b.kind === 'map') return sameType(a.value, b.value);
  if (a.kind === 'record' && b.kind === 'record') return sameSchema(a.schema, b.schema);
  if (a.kind === 'choice' && b.kind === 'choice') return sameAll(a.options, b.options);
  return a.kind === b.kind;
}

/** Numbers from narrow to wide. */
const WIDTH: readonly string[] = ['byte', 'short', 'int', 'long', 'bigint', 'float', 'double', 'decimal'];

/** Whether each value of `b` is one of `a` too (NiFi's RecordFieldType.isWiderThan, text left out). */
export const isWider = (a: DataType, b: DataType): boolean => WIDTH.includes(a.kind) && WIDTH.indexOf(b.kind) >= 0 && WIDTH.indexOf(a.kind) > WIDTH.indexOf(b.kind);

function mergedDecimal(a: DataType, b: DataType): DataType | undefined {
  if (a.kind !== 'decimal' || b.kind !== 'decimal') return undefined;
  const scale = Math.max(a.scale, b.scale);
  return decimalType(Math.max(a.precision - a.scale, b.precision - b.scale) + scale, scale);
}

/** The type that holds the values of both: the wider number, a record with the fields of both, or a choice. */
export function mergeTypes(a: DataType, b: DataType): DataType {
  if (a === b || sameType(a, b)) return a;
  if (a.kind === 'record' && b.kind === 'record') return recordType(mergeSchemas(a.schema, b.schema));
  if (a.kind === 'array' && b.kind === 'array') return { kind: 'array', element: mergeTypes(a.element, b.element) };
  if (a.kind === 'map' && b.kind === 'map') return { kind: 'map', value: mergeTypes(a.value, b.value) };
  if (isWider(a, b)) return a;
  if (isWider(b, a)) return b;
  return mergedDecimal(a, b) ?? mergeIntoChoice(a, b);
}

/** Records and numbers among the options are merged with what is like them. */
function mergeIntoChoice(a: DataType, b: DataType): DataType {
  const options = a.kind === 'choice' ? [...a.options] : [a];
  for (const type of b.kind === 'choice' ? b.options : [b]) {
    const like = options.findIndex((known) => mergeTypesAlike(known, type));
    if (like < 0) options.push(type);
    else options[like] = mergeTypes(options[like]!, type);
  }
  return choiceOf(options);
}

const mergeTypesAlike = (a: DataType, b: DataType): boolean =>
  sameType(a, b) || isWider(a, b) || isWider(b, a) || (a.kind === b.kind && ['record', 'array', 'map', 'decimal'].includes(a.kind));

/** All fields of both, in the order of their first sight. */
export function mergeSchemas(a: RecordSchema, b: RecordSchema): RecordSchema {
  if (a === b) return a;
  const fields = new Map(a.fields.map((one) => [one.name, one]));
  for (const other of b.fields) {
    const known = fields.get(other.name);
    fields.set(other.name, known ? { ...known, nullable: known.nullable || other.nullable, type: mergeTypes(known.type, other.type) } : other);
  }
  return { name: a.name ?? b.name, namespace: a.namespace ?? b.namespace, fields: [...fields.values()] };
}

const FIELD_TYPES: Readonly<Partial<Record<DataType['kind'], FieldType>>> = {
  boolean: 'boolean',
  byte: 'integer',
  short: 'integer',
  int: 'integer',
  long: 'integer',
  bigint: 'integer',
  float: 'double',
  double: 'double',
  decimal: 'decimal',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  array: 'json',
  map: 'json',
  record: 'json',
};

/** The nearest of the few types that warehouses and mappings know. */
export const fieldTypeOf = (type: DataType): FieldType => FIELD_TYPES[type.kind] ?? 'text';

/** NiFi's name of a type, such as INT or ARRAY[STRING]: what `field.type` and messages say. */
export function typeName(type: DataType): string {
  if (type.kind === 'array') return `ARRAY[${typeName(type.element)}]`;
  if (type.kind === 'map') return `MAP[${typeName(type.value)}]`;
  if (type.kind === 'choice') return `CHOICE[${type.options.map(typeName).join(', ')}]`;
  return type.kind.toUpperCase();
}
