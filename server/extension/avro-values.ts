import type { AvroType } from './avro-schema.ts';
import { avroDataType } from './avro-schema.ts';
import { ProcessError } from './errors.ts';
import { type DataRecord, exactNumber, type RecordValue } from './record.ts';
import { chooseType, coerce, isObject } from './record-coercion.ts';
import { isoOfMicros, isoOfMillis, microsOf, millisOf } from './record-dates.ts';
import { decimalText, unscaled } from './record-decimals.ts';
import { type DataType, typeName } from './record-schema.ts';
import { zoneOf } from './java/zones.ts';

interface Codec {
  /** A value as avsc gives it, to a value of a record. */
  decode: (value: unknown) => RecordValue;
  /** The reverse; undefined where the value does not fit. */
  encode: (value: RecordValue) => unknown;
}
interface Parts {
  readonly type?: AvroType;
  readonly logicalType?: string;
  readonly scale?: number;
  readonly name?: string;
  readonly namespace?: string;
  readonly size?: number;
  readonly items?: AvroType;
  readonly values?: AvroType;
  readonly fields?: readonly { readonly name: string; readonly type: AvroType; readonly aliases?: readonly string[]; readonly default?: RecordValue }[];
}

const UTC = zoneOf('UTC');
const DAY = 86_400_000;
const timeOf = (millis: number): string => isoOfMillis(millis, 'time', UTC);

/** Numbers below 2^53 are JavaScript numbers. */
const narrow = (value: bigint): number | bigint => (value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value);

function bytesOfInteger(value: bigint): Buffer {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
}

const integerOfBytes = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`)));

function decimal({ scale = 0, size }: Parts): Codec {
  return {
    decode: (value) => exactNumber(decimalText(integerOfBytes(value as Uint8Array), scale)),
    encode(value) {
      const digits = unscaled(value, scale);
      if (digits === undefined) return undefined;
      const bytes = bytesOfInteger(digits);
      return size === undefined ? bytes : Buffer.concat([Buffer.alloc(Math.max(0, size - bytes.length), digits < 0n ? 0xff : 0), bytes]);
    },
  };
}

const codec = <T>(decode: (value: T) => RecordValue, encode: (value: RecordValue) => unknown): Codec => ({ decode: decode as (value: unknown) => RecordValue, encode });
const ofText = (convert: (text: string) => unknown) => (value: RecordValue) => (typeof value === 'string' ? convert(value) : undefined);
const millis = (text: string): number => millisOf(text);

const LOGICAL: Readonly<Record<string, Codec>> = {
  date: codec<number>(
    (days) => isoOfMillis(days * DAY, 'date', UTC),
    ofText((text) => Math.floor(millisOf(text.slice(0, 10), UTC) / DAY)),
  ),
  'time-millis': codec<number>(
    timeOf,
    ofText((text) => millisOf(text, UTC)),
  ),
  'time-micros': codec<bigint>(
    (value) => isoOfMicros(value, 'time', UTC),
    ofText((text) => BigInt(microsOf(text, UTC))),
  ),
  'timestamp-millis': codec<bigint>(
    (value) => isoOfMillis(Number(value), 'timestamp'),
    ofText((text) => BigInt(millis(text))),
  ),
  'timestamp-micros': codec<bigint>(
    (value) => isoOfMicros(value, 'timestamp'),
    ofText((text) => BigInt(microsOf(text))),
  ),
  'local-timestamp-millis': codec<bigint>(
    (value) => isoOfMillis(Number(value), 'timestamp', UTC),
    ofText((text) => BigInt(millisOf(text, UTC))),
  ),
  'local-timestamp-micros': codec<bigint>(
    (value) => isoOfMicros(value, 'timestamp', UTC),
    ofText((text) => BigInt(microsOf(text, UTC))),
  ),
};

const asIs = (type: DataType): Codec =>
  codec<RecordValue>(
    (value) => value,
    (value) => coerce(value, type),
  );

const bytes: Codec = codec<Uint8Array>(
  (value) => [...value],
  (value) => (typeof value === 'string' ? Buffer.from(value) : Array.isArray(value) ? Buffer.from(value as number[]) : undefined),
);

const PLAIN: Readonly<Record<string, Codec>> = {
  null: codec<null>(
    () => null,
    () => null,
  ),
  boolean: asIs({ kind: 'boolean' }),
  int: asIs({ kind: 'int' }),
  long: codec<bigint>(narrow, (value) => {
    const whole = coerce(value, { kind: 'long' });
    return whole === undefined ? undefined : BigInt(whole as number | bigint);
  }),
  float: asIs({ kind: 'float' }),
  double: asIs({ kind: 'double' }),
  string: asIs({ kind: 'string' }),
  bytes,
};

/** Codecs of a schema's types, made once; named types are found by their full names, so that a record may hold its own kind. */
export class AvroCodecs {
  readonly #named = new Map<string, Codec>();

  codec(given: AvroType, namespace?: string): Codec {
    if (typeof given === 'string') return PLAIN[given] ?? this.#named.get(given) ?? this.#named.get(`${namespace}.${given}`) ?? PLAIN.string!;
    if (Array.isArray(given)) return this.#union(given as readonly AvroType[], namespace);
    return this.#object(given as Parts, namespace);
  }

  #object(parts: Parts, outer: string | undefined): Codec {
    if (parts.logicalType === 'decimal') return this.#name(parts, outer, decimal(parts));
    const logical = parts.logicalType ? LOGICAL[parts.logicalType] : undefined;
    if (logical) return logical;
    switch (parts.type) {
      case 'record':
        return this.#record(parts, outer);
      case 'enum':
        return this.#name(parts, outer, asIs(avroDataType(parts as AvroType)));
      case 'fixed':
        return this.#name(parts, outer, bytes);
      case 'array':
        return this.#array(this.codec(parts.items!, outer));
      case 'map':
        return this.#map(this.codec(parts.values!, outer));
      default:
        return this.codec(parts.type!, outer);
    }
  }

  #name({ name = '', namespace }: Parts, outer: string | undefined, made: Codec): Codec {
    const space = namespace ?? outer;
    this.#named.set(name.includes('.') || !space ? name : `${space}.${name}`, made);
    return made;
  }

  #array(element: Codec): Codec {
    return {
      decode: (value) => (value as unknown[]).map(element.decode),
      encode: (value) => (Array.isArray(value) ? allOr(value.map(element.encode)) : undefined),
    };
  }

  #map(inner: Codec): Codec {
    return {
      decode: (value) => Object.fromEntries(Object.entries(value as object).map(([name, one]) => [name, inner.decode(one)])),
      encode(value) {
        if (!isObject(value)) return undefined;
        const names = Object.keys(value);
        const encoded = allOr(names.map((name) => inner.encode(value[name]!)));
        return encoded && Object.fromEntries(names.map((name, index) => [name, encoded[index]]));
      },
    };
  }

  #record(parts: Parts, outer: string | undefined): Codec {
    const namespace = parts.namespace ?? outer;
    const made: Codec = { decode: () => null, encode: () => undefined };
    this.#name(parts, outer, made);
    const fields = (parts.fields ?? []).map((one) => ({ ...one, isNullable: acceptsNull(one.type), codec: this.codec(one.type, namespace) }));
    made.decode = (value) => {
      const record: DataRecord = {};
      for (const one of fields) record[one.name] = one.codec.decode((value as Record<string, unknown>)[one.name]);
      return record;
    };
    made.encode = (value) => {
      if (!isObject(value)) return undefined;
      const result: Record<string, unknown> = {};
      for (const one of fields) result[one.name] = encodeField(value, one);
      return result;
    };
    return made;
  }

  /** avsc wraps each value of a union in an object with its branch's name. */
  #union(options: readonly AvroType[], namespace: string | undefined): Codec {
    const branches = options
      .filter((one) => one !== 'null')
      .map((one) => ({ name: branchName(one, namespace), codec: this.codec(one, namespace), type: avroDataType(one, this.#types(namespace)) }));
    return {
      decode(value) {
        if (value === null) return null;
        const [name, inner] = Object.entries(value as object)[0]!;
        return (branches.find((one) => one.name === name) ?? branches[0]!).codec.decode(inner);
      },
      encode(value) {
        if (value === null || value === undefined) return options.includes('null') ? null : undefined;
        const chosen =
          branches.length === 1
            ? branches[0]
            : branches.find(
                ({ type }) =>
                  type ===
                  chooseType(
                    value,
                    branches.map((one) => one.type),
                  ),
              );
        const encoded = chosen?.codec.encode(value);
        return encoded === undefined ? undefined : { [chosen!.name]: encoded };
      },
    };
  }

  /** Inside unions a named type is told apart by its fields only where it is defined there. */
  #types(namespace: string | undefined): (name: string) => DataType | undefined {
    return (name) => (this.#named.has(name) || this.#named.has(`${namespace}.${name}`) ? { kind: 'record', schema: { fields: [] } } : undefined);
  }
}

const acceptsNull = (type: AvroType): boolean => type === 'null' || (Array.isArray(type) && type.includes('null'));

const allOr = (values: readonly unknown[]): readonly unknown[] | undefined => (values.includes(undefined) ? undefined : values);

interface EncodedField {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: AvroType;
  readonly default?: RecordValue;
  readonly codec: Codec;
  readonly isNullable: boolean;
}

function encodeField(record: DataRecord, { name, aliases, isNullable, default: fallback, codec: own, type }: EncodedField): unknown {
  const found = name in record ? name : aliases?.find((alias) => alias in record);
  const value = (found === undefined ? undefined : record[found]) ?? (isNullable ? null : (fallback ?? null));
  if (value === null && isNullable) return null;
  const encoded = value === null ? undefined : own.encode(value);
  if (encoded === undefined)
    throw new ProcessError(
      value === null
        ? `Field '${name}' has no value, and its Avro type takes none.`
        : `The value of field '${name}' does not fit its Avro type ${typeName(avroDataType(type, () => ({ kind: 'string' })))}.`,
    );
  return encoded;
}

function branchName(type: AvroType, namespace: string | undefined): string {
  if (typeof type === 'string')
    return ['null', 'boolean', 'int', 'long', 'float', 'double', 'string', 'bytes'].includes(type) || type.includes('.') || !namespace ? type : `${namespace}.${type}`;
  const { type: inner, name, namespace: own } = type as Parts;
  const space = own ?? namespace;
  return name === undefined ? (inner as string) : name.includes('.') || !space ? name : `${space}.${name}`;
}
