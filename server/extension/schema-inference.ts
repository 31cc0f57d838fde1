import { ProcessError } from './errors.ts';
import { type DataRecord, ExactNumber, MAX_DEPTH, type RecordBatch, type RecordValue } from './record.ts';
import { type DateFormats, parseDate } from './record-dates.ts';
import { choiceOf, type DataType, decimalType, mergeTypes, type RecordSchema, recordType, type SchemaField, TYPES } from './record-schema.ts';

const DATE_KINDS = ['timestamp', 'date', 'time'] as const;
/** A record with more fields than this is most likely not records. */
const MAX_FIELDS = 100_000;

/** The type of a text: a date or time where it has the format of one, else string. */
export function typeOfText(text: string, formats: DateFormats): DataType {
  for (const kind of DATE_KINDS) if (formats[kind] !== undefined && parseDate(text, kind, formats[kind]) !== undefined) return TYPES[kind];
  return TYPES.string;
}

/** The type of a number: whole ones by their size, others double, or decimal where a double would round. */
export function typeOfNumber(value: number | bigint | ExactNumber): DataType {
  if (typeof value === 'number') return !Number.isInteger(value) ? TYPES.double : Math.abs(value) < 2 ** 31 ? TYPES.int : TYPES.long;
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? TYPES.long : TYPES.bigint;
  const digits = value.text.replace(/[eE].*$/, '').replace('-', '');
  const point = digits.indexOf('.');
  return decimalType(digits.replace('.', '').replace(/^0+/, '').length, point < 0 ? 0 : digits.length - point - 1);
}

/** Gathers the types that a field was seen with (NiFi's FieldTypeInference). */
export class Seen {
  #type: DataType | undefined;
  #inner: SchemaInference | undefined;
  #elements: Seen | undefined;
  readonly #formats: DateFormats;
  readonly #depth: number;

  constructor(formats: DateFormats, depth: number) {
    if (depth > MAX_DEPTH) throw new ProcessError(`The content is nested more than ${MAX_DEPTH} deep.`);
    this.#formats = formats;
    this.#depth = depth;
  }

  add(value: RecordValue | undefined): void {
    if (value === null || value === undefined) return;
    if (typeof value === 'string') this.#take(this.#type === TYPES.string ? TYPES.string : typeOfText(value, this.#formats));
    else if (typeof value === 'boolean') this.#take(TYPES.boolean);
    else if (Array.isArray(value)) this.#addList(value);
    else if (typeof value === 'object' && !(value instanceof ExactNumber)) this.record().look(value);
    else this.#take(typeOfNumber(value));
  }

  addType(type: DataType): void {
    this.#take(type);
  }

  /** What was seen in records that the field holds. */
  record(): SchemaInference {
    return (this.#inner ??= new SchemaInference(this.#formats, this.#depth + 1));
  }

  /** What was seen in lists that the field holds. */
  elements(): Seen {
    return (this.#elements ??= new Seen(this.#formats, this.#depth + 1));
  }

  #addList(list: readonly RecordValue[]): void {
    const elements = this.elements();
    for (const one of list) elements.add(one);
  }

  #take(type: DataType): void {
    this.#type = this.#type === undefined || this.#type === type ? type : mergeTypes(this.#type, type);
  }

  get type(): DataType | undefined {
    const types: DataType[] = this.#type ? [this.#type] : [];
    if (this.#inner) types.push(recordType(this.#inner.schema));
    if (this.#elements) types.push({ kind: 'array', element: this.#elements.type ?? TYPES.string });
    return types.length === 0 ? undefined : choiceOf(types);
  }
}

/** Finds the schema of records by looking at all of them. A field without any value is a string. */
export class SchemaInference {
  readonly #fields = new Map<string, Seen>();
  readonly #formats: DateFormats;
  readonly #depth: number;

  constructor(formats: DateFormats = {}, depth = 0) {
    this.#formats = formats;
    this.#depth = depth;
  }

  look(record: DataRecord): void {
    for (const name in record) this.field(name).add(record[name]);
  }

  field(name: string): Seen {
    let seen = this.#fields.get(name);
    if (!seen) {
      if (this.#fields.size >= MAX_FIELDS) throw new ProcessError(`The records have more than ${MAX_FIELDS} fields: these are not records, most likely.`);
      seen = new Seen(this.#formats, this.#depth);
      this.#fields.set(name, seen);
    }
    return seen;
  }

  get schema(): RecordSchema {
    return { fields: [...this.#fields].map(([name, seen]): SchemaField => ({ name, type: seen.type ?? TYPES.string, nullable: true })) };
  }
}

/** The schema of records that are all in memory. */
export function inferSchema(records: RecordBatch, formats: DateFormats = {}): RecordSchema {
  const inference = new SchemaInference(formats);
  for (const record of records) inference.look(record);
  return inference.schema;
}

/** The type of a single value; undefined of null. */
export function inferType(value: RecordValue): DataType | undefined {
  const seen = new Seen({}, 0);
  seen.add(value);
  return seen.type;
}
