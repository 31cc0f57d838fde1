import { exactNumber, type FieldType, parseExactly, type RecordValue } from '../../server/extension/record.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';

/** BigQuery's TableFieldSchema. */
export interface TableField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly TableField[];
  readonly precision?: string;
  readonly scale?: string;
  readonly maxLength?: string;
}

/** Names of the API, which are those of legacy SQL, in the words of GoogleSQL. */
const WORDS: Readonly<Record<string, string>> = { INTEGER: 'INT64', FLOAT: 'FLOAT64', BOOLEAN: 'BOOL', RECORD: 'STRUCT' };

const FIELD_TYPES: Readonly<Record<string, FieldType>> = {
  INT64: 'integer',
  NUMERIC: 'decimal',
  BIGNUMERIC: 'decimal',
  FLOAT64: 'double',
  BOOL: 'boolean',
  DATE: 'date',
  TIME: 'time',
  DATETIME: 'timestamp',
  TIMESTAMP: 'timestamp_tz',
  BYTES: 'binary',
  JSON: 'json',
  STRUCT: 'json',
};

/** Types of new columns. BIGNUMERIC, since NUMERIC has nine digits behind the point only. */
export const NEW_TYPES: Readonly<Record<FieldType, string>> = {
  text: 'STRING',
  integer: 'INT64',
  decimal: 'BIGNUMERIC',
  double: 'FLOAT64',
  boolean: 'BOOL',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'DATETIME',
  timestamp_tz: 'TIMESTAMP',
  binary: 'BYTES',
  json: 'JSON',
};

export const word = ({ type }: Pick<TableField, 'type'>): string => WORDS[type] ?? type;

/** The type as SQL writes it. */
export function nativeType(field: TableField): string {
  const { mode, precision, scale, maxLength, fields } = field;
  const parts = [precision ?? maxLength, scale].filter((part) => part !== undefined && part !== '0').join(', ');
  const inner = fields ? `<${fields.map((one) => `${one.name} ${nativeType(one)}`).join(', ')}>` : parts && `(${parts})`;
  const type = `${word(field)}${inner}`;
  return mode === 'REPEATED' ? `ARRAY<${type}>` : type;
}

export function fieldType(field: TableField): FieldType {
  return field.mode === 'REPEATED' ? 'json' : (FIELD_TYPES[word(field)] ?? 'text');
}

/** A name as SQL. Throws WarehouseError where BigQuery has no way to write it (its rules for flexible column names and for tables). */
export function quote(name: string): string {
  if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} &%=+:'<>#|]{1,1024}$/u.test(name)) {
    const remedy = 'Rename it: letters, digits, spaces, - and _ are allowed.';
    throw new WarehouseError('configuration', `BigQuery allows no name such as '${name.slice(0, 100)}'`, { remedy });
  }
  return `\`${name}\``;
}

type Cell = string | null | readonly { readonly v: Cell }[] | { readonly f: readonly { readonly v: Cell }[] };
export type Reader = (cell: unknown) => RecordValue;

const isoFraction = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

/** Microseconds since 1970 as ISO 8601. */
function instant(text: string): string {
  const micros = BigInt(text);
  const within = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (micros - within) / 1_000_000n;
  const moment = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${isoFraction(`${moment}.${String(within).padStart(6, '0')}`)}Z`;
}

const finite = (text: string): RecordValue => (Number.isFinite(Number(text)) ? Number(text) : null);

const READERS: Readonly<Record<string, (text: string) => RecordValue>> = {
  INT64: exactNumber,
  NUMERIC: exactNumber,
  BIGNUMERIC: exactNumber,
  FLOAT64: finite,
  BOOL: (text) => text === 'true',
  TIME: isoFraction,
  DATETIME: (text) => isoFraction(text.replace(' ', 'T')),
  TIMESTAMP: instant,
  JSON: parseExactly,
};
const asText = (text: string): RecordValue => text;

/** How cells of a column become values of records: exact numbers, ISO 8601 times, bytes in base64, STRUCT as object, ARRAY as list. */
export function reader(field: TableField): Reader {
  if (field.mode === 'REPEATED') {
    const read = reader({ ...field, mode: 'NULLABLE' });
    return (cell) => (cell === null ? null : (cell as { v: Cell }[]).map(({ v }) => read(v)));
  }
  if (field.fields) {
    const inner = field.fields.map((one) => [one.name, reader(one)] as const);
    return (cell) => (cell === null ? null : Object.fromEntries(inner.map(([name, read], index) => [name, read((cell as { f: { v: Cell }[] }).f[index]!.v)])));
  }
  const read = READERS[word(field)] ?? asText;
  return (cell) => (cell === null ? null : read(String(cell)));
}
