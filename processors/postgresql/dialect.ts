import type { FieldType } from '../../server/extension/record.ts';
import { type BindValue, type StatementOptions, withBinds } from '../../server/extension/warehouse.ts';
import { folded, quote } from './postgres-types.ts';

/** In what PostgreSQL and Redshift, which speak one protocol, differ. */
export interface Dialect {
  readonly product: string;
  readonly scheme: string;
  /** Types of new columns. */
  readonly types: Readonly<Record<FieldType, string>>;
  /** Statements for a new connection. */
  readonly setup: string;
  /** Bytes of a name at most. */
  readonly maxName: number;
  /** Whether `character varying(n)` counts bytes. */
  readonly countsBytes: boolean;
  readonly addColumn: string;
  readonly lock: (table: string) => string;
  /** SQL that is true where two values of a type are not the same. */
  readonly differs: (a: string, b: string, native: string) => string;
  /** Run on the stage before the merge, so that the server plans well. */
  readonly analyze: (stage: string) => string | undefined;
  /** Whether a type is staged as text although its values can be checked here. */
  readonly isStagedAsText: (native: string) => boolean;
  /** SQL of a staged text as a value of a type. */
  readonly cast: (text: string, native: string) => string;
}

/** A name as SQL, spelled as the server keeps it. */
export const named = ({ maxName }: Dialect, name: string): string => quote(folded(name, maxName));

export const POSTGRESQL: Dialect = {
  product: 'PostgreSQL',
  scheme: 'postgresql',
  types: {
    text: 'text',
    integer: 'bigint',
    decimal: 'numeric',
    double: 'double precision',
    boolean: 'boolean',
    date: 'date',
    time: 'time without time zone',
    timestamp: 'timestamp without time zone',
    timestamp_tz: 'timestamp with time zone',
    binary: 'bytea',
    json: 'jsonb',
  },
  setup:
    "SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO, YMD'; SET IntervalStyle TO postgres; SET bytea_output TO hex; SET extra_float_digits TO 3; SET standard_conforming_strings TO on",
  maxName: 63,
  countsBytes: false,
  addColumn: 'ADD COLUMN IF NOT EXISTS',
  // Readers go on; other writers wait, so that no key comes twice where no index keeps it single.
  lock: (table) => `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
  // These types know no equality.
  differs: (a, b, native) => (/^(json|xml|point|polygon)$/.test(native) ? `${a}::text IS DISTINCT FROM ${b}::text` : `${a} IS DISTINCT FROM ${b}`),
  analyze: (stage) => `ANALYZE ${stage}`,
  isStagedAsText: () => false,
  cast: (text, native) => `CAST(${text} AS ${native})`,
};

/** What Redshift writes otherwise; it has neither COPY FROM STDIN nor IS DISTINCT FROM, and its `text` holds 256 bytes. */
export const REDSHIFT: Dialect = {
  product: 'Amazon Redshift',
  scheme: 'redshift',
  types: { ...POSTGRESQL.types, text: 'character varying(65535)', decimal: 'numeric(38,10)', binary: 'varbyte(1024000)', json: 'super' },
  setup: "SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO, YMD'; SET extra_float_digits TO 2",
  maxName: 127,
  countsBytes: true,
  addColumn: 'ADD COLUMN',
  lock: (table) => `LOCK TABLE ${table}`,
  differs: (a, b, native) => {
    const differ = native === 'super' ? `json_serialize(${a}) <> json_serialize(${b})` : `${a} <> ${b}`;
    return `(${differ} OR (${a} IS NULL AND ${b} IS NOT NULL) OR (${a} IS NOT NULL AND ${b} IS NULL))`;
  },
  analyze: () => undefined,
  isStagedAsText: (native) => /^(super|varbyte|binary varying)/.test(native),
  cast: (text, native) => {
    if (native === 'super') return `json_parse(${text})`;
    return /^(varbyte|binary varying)/.test(native) ? `from_hex(${text})` : `CAST(${text} AS ${native})`;
  },
};

/** A statement with `$1` for each of its binds; names and positions that nobody gives a value for stay as they are. */
export function bound(sql: string, binds: StatementOptions['binds']): { sql: string; values: BindValue[] } {
  const values: BindValue[] = [];
  // A number for each place: the server may give each another type.
  return { sql: withBinds(sql, binds, (_, value) => `$${values.push(value)}`), values };
}
