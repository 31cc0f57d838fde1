import type { FieldType } from '../../server/extension/record.ts';

const FIELD_TYPES: readonly (readonly [RegExp, FieldType])[] = [
  [/\[|^(STRUCT|MAP|UNION|JSON|VARIANT)/, 'json'],
  [/^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM)$/, 'integer'],
  [/^DECIMAL/, 'decimal'],
  [/^(FLOAT|DOUBLE)$/, 'double'],
  [/^BOOLEAN$/, 'boolean'],
  [/^DATE$/, 'date'],
  [/^TIME\b/, 'time'],
  [/^TIMESTAMP WITH TIME ZONE$/, 'timestamp_tz'],
  [/^TIMESTAMP/, 'timestamp'],
  [/^(BLOB|BIT)$/, 'binary'],
];

/** DuckDB's type in the common words. */
export function fieldType(native: string): FieldType {
  return FIELD_TYPES.find(([pattern]) => pattern.test(native))?.[1] ?? 'text';
}

const NATIVE: Readonly<Record<FieldType, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  decimal: 'DECIMAL(38, 10)',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  timestamp_tz: 'TIMESTAMPTZ',
  binary: 'BLOB',
  json: 'JSON',
};

/** The type of a new column. */
export function nativeType(type: FieldType): string {
  return NATIVE[type];
}

/** A name as SQL, whatever it contains. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Text as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A column as JSON can carry it exactly: times in ISO 8601, bytes in base64, what JSON has no word for (NaN) as null. */
export function outgoing(column: string, native: string): string {
  const name = quote(column);
  switch (fieldType(native)) {
    // A FLOAT's 0.1 must not become 0.10000000149011612.
    case 'double':
      return `CASE WHEN isfinite(${name}) THEN ${native === 'FLOAT' ? `CAST(CAST(${name} AS VARCHAR) AS DOUBLE)` : name} END`;
    case 'timestamp':
      return `replace(CAST(${name} AS VARCHAR), ' ', 'T')`;
    case 'timestamp_tz':
      return `replace(replace(CAST(${name} AS VARCHAR), ' ', 'T'), '+00', 'Z')`;
    case 'time':
      return `CAST(${name} AS VARCHAR)`;
    case 'binary':
      return native === 'BLOB' ? `base64(${name})` : `CAST(${name} AS VARCHAR)`;
    case 'json':
      return /^JSON$/.test(native) ? `CAST(${name} AS JSON)` : name;
    case 'text':
      return native === 'VARCHAR' ? name : `CAST(${name} AS VARCHAR)`;
    default:
      return name;
  }
}

/** DuckDB reads text into decimals of more than 18 digits twenty times as slowly as into shorter ones, which most values fit into. */
function shortDecimal(text: string, native: string): string {
  const [width, scale] = (native.match(/\d+/g) ?? []).map(Number);
  return width! > 18 && scale! < 18 ? `CAST(TRY_CAST(${text} AS DECIMAL(18, ${scale})) AS ${native})` : `TRY_CAST(${text} AS ${native})`;
}

/** Staged text as a value of the column, or NULL where it is none. Sessions run in UTC, so an offset is honoured, not dropped. */
export function incoming(text: string, native: string): string {
  const value = `TRY_CAST(${text} AS ${native})`;
  switch (fieldType(native)) {
    case 'text':
      return native === 'VARCHAR' ? text : value;
    // DuckDB would round 12.5 to 13 in silence.
    case 'integer':
      return `CASE WHEN contains(${text}, '.') AND TRY_CAST(${text} AS DOUBLE) IS DISTINCT FROM ${value} THEN NULL ELSE ${value} END`;
    case 'decimal':
      return `coalesce(${shortDecimal(text, native)}, ${value})`;
    case 'timestamp':
      return `CAST(TRY_CAST(${text} AS TIMESTAMPTZ) AS ${native})`;
    case 'binary':
      return native === 'BLOB' ? `TRY(from_base64(${text}))` : value;
    default:
      return value;
  }
}
