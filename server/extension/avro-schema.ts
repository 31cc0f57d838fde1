import { messageOf, ProcessError } from './errors.ts';
import { parseExactly, type RecordValue, stringifyExactly } from './record.ts';
import { BYTES, choiceOf, type DataType, decimalType, type RecordSchema, type SchemaField, TYPES } from './record-schema.ts';

/** A schema as Avro's JSON writes it; only what is looked at here. */
export type AvroType = string | readonly AvroType[] | AvroObject;
interface AvroObject {
  readonly type: AvroType;
  readonly logicalType?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly precision?: number;
  readonly scale?: number;
  readonly size?: number;
  readonly symbols?: readonly string[];
  readonly items?: AvroType;
  readonly values?: AvroType;
  readonly fields?: readonly AvroField[];
}
interface AvroField {
  readonly name: string;
  readonly type: AvroType;
  readonly default?: RecordValue;
  readonly aliases?: readonly string[];
}

const PRIMITIVES: Readonly<Record<string, DataType>> = {
  null: TYPES.string,
  boolean: TYPES.boolean,
  int: TYPES.int,
  long: TYPES.long,
  float: TYPES.float,
  double: TYPES.double,
  string: TYPES.string,
  bytes: BYTES,
};

const LOGICAL: Readonly<Record<string, DataType>> = {
  date: TYPES.date,
  'time-millis': TYPES.time,
  'time-micros': TYPES.time,
  'timestamp-millis': TYPES.timestamp,
  'timestamp-micros': TYPES.timestamp,
  'local-timestamp-millis': TYPES.timestamp,
  'local-timestamp-micros': TYPES.timestamp,
  uuid: TYPES.uuid,
};

/** The types named so far, with the names that they may be called by. */
class Reader {
  readonly #named = new Map<string, DataType>();
  readonly #elsewhere: (name: string) => DataType | undefined;

  constructor(elsewhere: (name: string) => DataType | undefined = () => undefined) {
    this.#elsewhere = elsewhere;
  }

  type(given: AvroType, namespace: string | undefined): DataType {
    if (typeof given === 'string') return this.#byName(given, namespace);
    if (Array.isArray(given)) return this.#union(given as readonly AvroType[], namespace);
    return this.#object(given as AvroObject, namespace);
  }

  #byName(name: string, namespace: string | undefined): DataType {
    const found = PRIMITIVES[name] ?? this.#named.get(name) ?? this.#named.get(`${namespace}.${name}`) ?? this.#elsewhere(name);
    if (!found) throw new ProcessError(`The Avro schema has no type '${name}'.`);
    return found;
  }

  #union(given: readonly AvroType[], namespace: string | undefined): DataType {
    const types = given.filter((one) => one !== 'null').map((one) => this.type(one, namespace));
    return types.length === 0 ? TYPES.string : choiceOf(types);
  }

  #object(given: AvroObject, outer: string | undefined): DataType {
    if (typeof given !== 'object' || given === null) throw new ProcessError('The Avro schema has a type that is neither text nor object.');
    if (given.logicalType === 'decimal') return decimalType(given.precision ?? 10, given.scale ?? 0);
    const logical = given.logicalType && LOGICAL[given.logicalType];
    if (logical) return logical;
    switch (given.type) {
      case 'record':
        return this.#record(given, outer);
      case 'enum':
        return this.#name(given, outer, { kind: 'enum', symbols: given.symbols ?? [] });
      case 'fixed':
        return this.#name(given, outer, BYTES);
      case 'array':
        return { kind: 'array', element: this.type(given.items ?? 'string', outer) };
      case 'map':
        return { kind: 'map', value: this.type(given.values ?? 'string', outer) };
      default:
        return this.type(given.type, outer);
    }
  }

  #name<T extends DataType>({ name, namespace }: AvroObject, outer: string | undefined, type: T): T {
    const space = namespace ?? outer;
    if (name !== undefined) this.#named.set(name.includes('.') || !space ? name : `${space}.${name}`, type);
    return type;
  }

  /** The fields are filled in after the name is known: a record may hold records of its own kind. */
  #record(given: AvroObject, outer: string | undefined): DataType {
    const fields: SchemaField[] = [];
    const namespace = given.namespace ?? outer;
    const type = this.#name(given, outer, { kind: 'record', schema: { name: given.name, namespace, fields } });
    for (const one of given.fields ?? []) fields.push(this.#field(one, namespace));
    return type;
  }

  #field({ name, type, default: defaultValue, aliases }: AvroField, namespace: string | undefined): SchemaField {
    const nullable = type === 'null' || (Array.isArray(type) && type.includes('null'));
    const shown = defaultValue === null ? undefined : defaultValue;
    return { name, type: this.type(type, namespace), nullable, ...(shown === undefined ? {} : { defaultValue: shown }), ...(aliases ? { aliases } : {}) };
  }
}

/** The type of a part of an Avro schema; names that are defined elsewhere are asked of `elsewhere`. Throws ProcessError. */
export const avroDataType = (given: AvroType, elsewhere?: (name: string) => DataType | undefined): DataType => new Reader(elsewhere).type(given, undefined);

/** Avro's JSON text to a schema. Throws ProcessError, which says what is wrong. */
export function parseAvroSchema(text: string): RecordSchema {
  let given: AvroType;
  try {
    given = parseExactly(text) as unknown as AvroType;
  } catch (thrown) {
    throw new ProcessError(`The schema text is not JSON: ${messageOf(thrown)}.`);
  }
  const type = new Reader().type(given, undefined);
  if (type.kind !== 'record') throw new ProcessError('The schema text must be an Avro schema of a record.');
  return { ...type.schema, text };
}

const toAvro = (logicalType: string, type: string): AvroType => ({ type, logicalType });

const AVRO: Readonly<Record<string, AvroType>> = {
  boolean: 'boolean',
  byte: 'int',
  short: 'int',
  int: 'int',
  long: 'long',
  bigint: 'string',
  float: 'float',
  double: 'double',
  string: 'string',
  char: 'string',
  uuid: toAvro('uuid', 'string'),
  date: toAvro('date', 'int'),
  time: toAvro('time-millis', 'int'),
  timestamp: toAvro('timestamp-millis', 'long'),
};

/** Names that Avro allows: others get underscores in place of what it forbids. */
export const avroName = (name: string): string => name.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|$)/, '_');

/** Names of records inside records are told apart by where they stand, as Avro wants each name once. */
function avroType(type: DataType, path: string): AvroType {
  switch (type.kind) {
    case 'decimal':
      return { type: 'bytes', logicalType: 'decimal', precision: type.precision, scale: type.scale };
    case 'enum':
      return { type: 'enum', name: `${path}Enum`, symbols: type.symbols };
    case 'array':
      return type.element.kind === 'byte' ? 'bytes' : { type: 'array', items: nullableType(type.element, path) };
    case 'map':
      return { type: 'map', values: nullableType(type.value, path) };
    case 'record':
      return avroRecord(type.schema, `${path}Type`);
    case 'choice':
      return unionOf(type.options, path);
    default:
      return AVRO[type.kind]!;
  }
}

/** A union may hold each unnamed type once; what Avro writes alike is left out the second time. */
function unionOf(options: readonly DataType[], path: string): AvroType[] {
  const all = options.map((option, index) => avroType(option, `${path}_${index}`));
  const kinds = all.map((one) => (typeof one === 'string' ? one : ((one as AvroObject).name ?? String((one as AvroObject).type))));
  return all.filter((_, index) => kinds.indexOf(kinds[index]!) === index);
}

function nullableType(type: DataType, path: string): AvroType {
  const given = avroType(type, path);
  return ['null', ...(Array.isArray(given) ? (given as AvroType[]) : [given])];
}

function avroRecord({ fields, name, namespace }: RecordSchema, otherwise: string): AvroObject {
  return {
    type: 'record',
    name: name ?? otherwise,
    ...(namespace ? { namespace } : {}),
    fields: fields.map((one): AvroField => avroFieldOf(one)),
  };
}

/** NiFi's order: a field with a default begins its union with the default's type. */
function avroFieldOf({ name, type, nullable, defaultValue, aliases }: SchemaField): AvroField {
  const legal = avroName(name);
  const inner = avroType(type, legal);
  const others = Array.isArray(inner) ? (inner as AvroType[]) : [inner];
  const given = !nullable ? inner : defaultValue === undefined ? ['null', ...others] : [...others, 'null'];
  return {
    name: legal,
    type: given,
    ...(defaultValue !== undefined ? { default: defaultValue } : nullable ? { default: null } : {}),
    ...(aliases || legal !== name ? { aliases: [...(aliases ?? []), ...(legal === name ? [] : [name])] } : {}),
  };
}

/** A schema as Avro's JSON text: as it was given where it came from Avro. */
export function avroSchemaText(schema: RecordSchema): string {
  return schema.text ?? stringifyExactly(avroRecord(schema, 'nifiRecord'));
}
