import type { StagedColumn } from '../../server/extension/warehouse-staging.ts';
import { quote, type TableField, word } from './bigquery-types.ts';
import type { JsonWriter } from './staged-values.ts';

/** A column of the table with its counterpart in the stage, whose names are ours. */
export interface StageColumn {
  readonly column: StagedColumn;
  readonly field: TableField;
  readonly isKey: boolean;
  readonly write: JsonWriter;
}

export interface NamedColumn {
  /** In the table, quoted. */
  readonly name: string;
  readonly staged: string;
  readonly isKey: boolean;
  readonly field: TableField;
}

export const columnsNamed = (columns: readonly StageColumn[]): NamedColumn[] =>
  columns.map(({ column, field, isKey }) => ({ name: quote(column.name), staged: field.name, isKey, field }));

/** A value that can be compared: JSON, STRUCT and ARRAY know no equality. */
function comparable(value: string, field: TableField): string {
  const type = word(field);
  if (field.mode === 'REPEATED' || type === 'JSON' || type === 'STRUCT') return `TO_JSON_STRING(${value})`;
  return type === 'GEOGRAPHY' ? `ST_ASTEXT(${value})` : value;
}

/** A value by which rows can be grouped, which floating numbers cannot. */
const groupable = ({ staged, field }: NamedColumn): string => (word(field) === 'FLOAT64' ? `CAST(${staged} AS STRING)` : comparable(staged, field));

const keysOf = (columns: readonly NamedColumn[]): string =>
  columns
    .filter(({ isKey }) => isKey)
    .map(groupable)
    .join(', ');

/** How many rows of the stage are followed by another one with the same key. */
export const superseded = (stage: string, columns: readonly NamedColumn[]): string =>
  `SELECT COALESCE(SUM(n - 1), 0) AS doubles FROM (SELECT COUNT(*) AS n FROM ${stage} GROUP BY ${keysOf(columns)}) AS counted`;

/** Brings the stage into the table. */
export function mergeSql(table: string, stage: string, columns: readonly NamedColumn[], hasDoubles: boolean): string {
  // QUALIFY wants a WHERE beside it.
  const last = hasDoubles ? ` WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY ${keysOf(columns)} ORDER BY r DESC) = 1` : '';
  const same = columns.filter(({ isKey }) => isKey).map(({ name, staged, field }) => `${comparable(`t.${name}`, field)} = ${comparable(`s.${staged}`, field)}`);
  const others = columns.filter(({ isKey }) => !isKey);
  const differ = others.map(({ name, staged, field }) => `${comparable(`t.${name}`, field)} IS DISTINCT FROM ${comparable(`s.${staged}`, field)}`);
  const update = others.length === 0 ? '' : ` WHEN MATCHED AND (${differ.join(' OR ')}) THEN UPDATE SET ${others.map(({ name, staged }) => `${name} = s.${staged}`).join(', ')}`;
  return `MERGE INTO ${table} AS t USING (SELECT * FROM ${stage}${last}) AS s ON ${same.join(' AND ')}${update} WHEN NOT MATCHED THEN INSERT (${columns
    .map(({ name }) => name)
    .join(', ')}) VALUES (${columns.map(({ staged }) => `s.${staged}`).join(', ')})`;
}
