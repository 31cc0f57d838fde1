/** Avro's binary encoding (specification 1.12), read to be looked at. avsc makes functions from text, which the page's Content-Security-Policy refuses. */

/** A schema as it stands in JSON. */
export type AvroSchema = string | readonly AvroSchema[] | { readonly [key: string]: unknown };

/** Where reading is. Reading past the end throws RangeError. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
  /** So many values may still be read: a few bytes can claim to hold any number of them. */
  budget: number;
}

type Read = (from: Cursor) => unknown;

const MOST_DEPTH = 64;
const utf8 = new TextDecoder();

function take(from: Cursor, length: number): Uint8Array {
  if (length < 0 || from.at + length > from.bytes.length) throw new RangeError('The content ends in the middle of a value.');
  return from.bytes.subarray(from.at, (from.at += length));
}

/** A whole number, zigzag, seven bits a byte. */
export function readLong(from: Cursor): bigint {
  let [value, shift] = [0n, 0n];
  for (;;) {
    const [byte] = take(from, 1);
    value |= BigInt(byte! & 0x7f) << shift;
    if (byte! < 0x80) break;
    if ((shift += 7n) > 63n) throw new Error('A number has more than 64 bits.');
  }
  return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
}

const readInt = (from: Cursor): number => Number(readLong(from));
export const readBytes = (from: Cursor): Uint8Array => take(from, readInt(from));
export const readText = (from: Cursor): string => utf8.decode(readBytes(from));

function readFloat(from: Cursor, size: 4 | 8): number {
  const { buffer, byteOffset } = take(from, size);
  const view = new DataView(buffer, byteOffset, size);
  return size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

const exact = (value: bigint): number | bigint => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
const hex = (bytes: Uint8Array): string => `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;

const PRIMITIVES: Readonly<Record<string, Read>> = {
  null: () => null,
  boolean: (from) => take(from, 1)[0] === 1,
  int: readInt,
  long: (from) => exact(readLong(from)),
  float: (from) => readFloat(from, 4),
  double: (from) => readFloat(from, 8),
  bytes: (from) => hex(readBytes(from)),
  string: readText,
};

/** Calls `each` for every item of an array's or a map's blocks. */
function readBlocks(from: Cursor, each: () => void): void {
  for (let count = readLong(from); count !== 0n; count = readLong(from)) {
    // A block with its size in bytes before it, for those who skip it.
    if (count < 0n) readLong(from);
    for (let left = count < 0n ? -count : count; left > 0n; left--) each();
  }
}

function decimal(bytes: Uint8Array, scale: number): string {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  value = BigInt.asIntN(8 * bytes.length, value);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${value < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

const DAY = 86_400_000;
const iso = (millis: number): string => (Math.abs(millis) <= 100_000_000 * DAY ? new Date(millis).toISOString() : String(millis));

/** A point in time; micros and nanos keep their digits. */
function timestamp(value: bigint, perMilli: bigint, local: boolean): string {
  const rest = ((value % perMilli) + perMilli) % perMilli;
  const text = iso(Number((value - rest) / perMilli));
  const more = perMilli === 1n ? '' : rest.toString().padStart(perMilli === 1000n ? 3 : 6, '0');
  return text.replace('Z', `${more}${local ? '' : 'Z'}`);
}

/** What a logical type makes of a long; undefined where it is none that we know. */
function longAs(logical: unknown): ((value: bigint) => unknown) | undefined {
  const unit = { millis: 1n, micros: 1000n, nanos: 1_000_000n }[String(logical).split('-').at(-1)!];
  if (unit === undefined) return logical === 'date' ? (value) => iso(Number(value) * DAY).slice(0, 10) : undefined;
  if (/^time-/.test(String(logical))) return (value) => timestamp(value, unit, true).slice(11);
  return (value) => timestamp(value, unit, /^local-/.test(String(logical)));
}

function logicalRead(schema: Readonly<Record<string, unknown>>): Read | undefined {
  const { type, logicalType, scale = 0, size } = schema;
  if (logicalType === 'decimal' && type === 'bytes') return (from) => decimal(readBytes(from), Number(scale));
  if (logicalType === 'decimal' && type === 'fixed') return (from) => decimal(take(from, Number(size)), Number(scale));
  const as = type === 'int' || type === 'long' ? longAs(logicalType) : undefined;
  return as && ((from) => as(readLong(from)));
}

/** Makes readers of schemas; types that have a name are known by it. */
export class AvroReaders {
  readonly #named = new Map<string, Read>();

  reader(schema: AvroSchema, namespace = ''): Read {
    const read = this.#reader(schema, namespace);
    return (from) => {
      if (--from.budget < 0) throw new Error('There is more in a record than can be shown.');
      return read(from);
    };
  }

  #reader(schema: AvroSchema, namespace: string): Read {
    if (typeof schema === 'string') return PRIMITIVES[schema] ?? this.#reference(schema, namespace);
    if (Array.isArray(schema)) return this.#union(schema as readonly AvroSchema[], namespace);
    const told = schema as Readonly<Record<string, unknown>>;
    const space = (told.namespace as string | undefined) ?? namespace;
    if (told.type === 'array') return this.#array(told.items as AvroSchema, space);
    if (told.type === 'map') return this.#map(told.values as AvroSchema, space);
    if (typeof told.name === 'string') return this.#define(told, space);
    return logicalRead(told) ?? this.#reader(told.type as AvroSchema, space);
  }

  #reference(name: string, namespace: string): Read {
    const full = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
    const known = this.#named.get(full) ?? this.#named.get(name);
    if (!known) throw new Error(`The schema speaks of a type '${name}' that it does not define.`);
    return known;
  }

  #define(schema: Readonly<Record<string, unknown>>, namespace: string): Read {
    const name = schema.name as string;
    const full = name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
    let [read, depth]: [Read | undefined, number] = [undefined, 0];
    // A record may have itself in it.
    this.#named.set(full, (from) => {
      if (++depth > MOST_DEPTH) throw new Error(`Records lie more than ${MOST_DEPTH} deep in each other.`);
      const value = read!(from);
      depth--;
      return value;
    });
    read = this.#namedType(schema, full.slice(0, Math.max(0, full.lastIndexOf('.'))));
    return read;
  }

  #namedType(schema: Readonly<Record<string, unknown>>, namespace: string): Read {
    const { type, symbols, size } = schema;
    if (type === 'enum') return (from) => (symbols as readonly string[])[readInt(from)] ?? null;
    if (type === 'fixed') return logicalRead(schema) ?? ((from) => hex(take(from, Number(size))));
    const fields = (schema.fields as readonly { readonly name: string; readonly type: AvroSchema }[]).map((field) => [field.name, this.reader(field.type, namespace)] as const);
    return (from) => Object.fromEntries(fields.map(([field, read]) => [field, read(from)]));
  }

  #union(branches: readonly AvroSchema[], namespace: string): Read {
    const readers = branches.map((branch) => this.reader(branch, namespace));
    return (from) => {
      const read = readers[readInt(from)];
      if (!read) throw new Error('A value has a type that its schema does not have.');
      return read(from);
    };
  }

  #array(items: AvroSchema, namespace: string): Read {
    const read = this.reader(items, namespace);
    return (from) => {
      const values: unknown[] = [];
      readBlocks(from, () => values.push(read(from)));
      return values;
    };
  }

  #map(values: AvroSchema, namespace: string): Read {
    const read = this.reader(values, namespace);
    return (from) => {
      const entries: [string, unknown][] = [];
      readBlocks(from, () => entries.push([readText(from), read(from)]));
      return Object.fromEntries(entries);
    };
  }
}
