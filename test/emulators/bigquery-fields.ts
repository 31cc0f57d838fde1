import { type DuckDBListType, type DuckDBPreparedStatement, type DuckDBStructType, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import { parseExactly } from '../../server/extension/record.ts';
import { duckType } from './bigquery-sql.ts';

/** The API's TableFieldSchema. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
  readonly precision?: string;
  readonly scale?: string;
}

/** A name as DuckDB writes it. */
export const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const SIMPLE: Readonly<Record<number, string>> = {
  [DuckDBTypeId.DOUBLE]: 'FLOAT',
  [DuckDBTypeId.FLOAT]: 'FLOAT',
  [DuckDBTypeId.BOOLEAN]: 'BOOLEAN',
  [DuckDBTypeId.DATE]: 'DATE',
  [DuckDBTypeId.TIME]: 'TIME',
  [DuckDBTypeId.TIMESTAMP]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'TIMESTAMP',
  [DuckDBTypeId.BLOB]: 'BYTES',
  [DuckDBTypeId.VARCHAR]: 'STRING',
};

/** A type of DuckDB as the API describes it. */
export function fieldOf(name: string, type: DuckDBType, mode = 'NULLABLE'): Field {
  if (type.typeId === DuckDBTypeId.LIST) return { ...fieldOf(name, (type as DuckDBListType).valueType), mode: 'REPEATED' };
  if (type.typeId === DuckDBTypeId.STRUCT) {
    const { entryNames, entryTypes } = type as DuckDBStructType;
    return { name, type: 'RECORD', mode, fields: entryNames.map((entry, index) => fieldOf(entry, entryTypes[index]!)) };
  }
  if (type.typeId === DuckDBTypeId.DECIMAL) return { name, type: String(type) === 'DECIMAL(38,9)' ? 'NUMERIC' : 'BIGNUMERIC', mode };
  return { name, type: type.alias === 'JSON' ? 'JSON' : (SIMPLE[type.typeId] ?? 'INTEGER'), mode };
}

/** A column of the API as DuckDB defines it. */
export function definition({ type, mode, fields }: Field): string {
  const inner = fields ? `STRUCT(${fields.map((one) => `${quote(one.name)} ${definition(one)}`).join(', ')})` : duckType(type);
  return `${inner}${mode === 'REPEATED' ? '[]' : mode === 'REQUIRED' ? ' NOT NULL' : ''}`;
}

/** SQL for a cell as the API writes it; what has parts is written as JSON and taken apart later. */
export function cellSql({ name, type, mode, fields }: Field): string {
  const column = quote(name);
  if (mode === 'REPEATED' || fields) return `CAST(to_json(${column}) AS VARCHAR)`;
  if (type === 'TIMESTAMP') return `CAST(epoch_us(${column}) AS VARCHAR)`;
  if (type === 'BYTES') return `base64(${column})`;
  return type === 'DATETIME' ? `replace(CAST(${column} AS VARCHAR), ' ', 'T')` : `CAST(${column} AS VARCHAR)`;
}

export function cell(text: string | null, field: Field): unknown {
  if (field.mode === 'REPEATED' || field.fields) return nested(text === null ? null : parseExactly(text), field);
  return field.type === 'FLOAT' && text === 'nan' ? 'NaN' : text;
}

function nested(value: unknown, field: Field): unknown {
  if (field.mode === 'REPEATED') return ((value ?? []) as unknown[]).map((one) => ({ v: nested(one, { ...field, mode: 'NULLABLE' }) }));
  if (value === null || value === undefined) return null;
  if (field.fields) return { f: field.fields.map((one) => ({ v: nested((value as Record<string, unknown>)[one.name], one) })) };
  return String(value);
}

/** The columns that a statement gives. */
export function fieldsOf(prepared: DuckDBPreparedStatement): Field[] {
  const count = (prepared as unknown as { columnCount: number }).columnCount;
  return Array.from({ length: count }, (_, index) => fieldOf(prepared.columnName(index), prepared.columnType(index)));
}
