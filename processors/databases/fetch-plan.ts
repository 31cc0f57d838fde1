import { randomUUID } from 'node:crypto';
import type { DatabaseConnection } from '../../server/extension/database.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import type { Maxima } from './maxima.ts';
import { pageSql } from './table-pages.ts';

/** What is asked of a table. */
export interface TableFetch {
  readonly table: string;
  readonly columns: string | undefined;
  readonly where: string | undefined;
  /** Rows, or values of `valueColumn`, that one query fetches; 0 fetches all by one query. */
  readonly partitionSize: bigint;
  readonly valueColumn: string | undefined;
  readonly orderBy: string | undefined;
}

/** A query of a part, with the attributes that tell of it. */
export interface PlannedFetch {
  readonly sql: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const wholeOf = (value: RecordValue | undefined, column: string): bigint | undefined => {
  if (value === null || value === undefined) return undefined;
  const text = textOf(value);
  if (!/^-?\d+$/.test(text)) throw new ProcessError(`Column for Value Partitioning must hold whole numbers, but ${column} holds '${text.slice(0, 50)}'.`);
  return BigInt(text);
};

interface Extent {
  readonly rows: bigint;
  readonly least: bigint | undefined;
  readonly greatest: bigint | undefined;
}

/** Counts what is new and notes the greatest values. */
async function measure(connection: DatabaseConnection, { table, where, partitionSize, valueColumn }: TableFetch, maxima: Maxima): Promise<Extent> {
  const counts = valueColumn || partitionSize === 0n ? '-1' : 'COUNT(*)';
  const asked = [`${counts} AS n`, ...maxima.columns.map((column, index) => `MAX(${column}) AS m${index}`)];
  if (valueColumn) asked.push(`MAX(${valueColumn}) AS p_max`, `MIN(${valueColumn}) AS p_min`);
  const conditions = [...maxima.conditions, ...(where ? [`(${where})`] : [])];
  const { schema, batches } = await connection.run(`SELECT ${asked.join(', ')} FROM ${table}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`);
  let row: DataRecord = {};
  for await (const [first] of batches) row = Object.fromEntries(Object.entries(first ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  for (const [index, column] of maxima.columns.entries()) maxima.see(column, row[`m${index}`], schema?.fields.find(({ name }) => name.toLowerCase() === `m${index}`)?.type);
  return { rows: BigInt(textOf(row.n ?? 0)), least: wholeOf(row.p_min, valueColumn ?? ''), greatest: wholeOf(row.p_max, valueColumn ?? '') };
}

function partsOf({ rows, least, greatest }: Extent, { partitionSize, valueColumn }: TableFetch): bigint {
  if (partitionSize === 0n) return 1n;
  const total = valueColumn ? (greatest === undefined || least === undefined ? 0n : greatest - least + 1n) : rows;
  return (total + partitionSize - 1n) / partitionSize;
}

/** More queries than this for one table mean that the partition is too small. */
const MOST = 1_000_000n;

/**
 * The queries that fetch what is new in a table, part by part. `maxima` is brought up to date. Without anything new there is
 * no query, but one empty text where `tellsNothing` is set. Throws SqlError and ProcessError.
 */
export async function* planFetch(connection: DatabaseConnection, fetch: TableFetch, maxima: Maxima, tellsNothing: boolean): AsyncGenerator<PlannedFetch> {
  await maxima.learnTypes(connection);
  const where = fetch.where ? [`(${fetch.where})`] : [];
  const before = maxima.conditions;
  const extent = await measure(connection, fetch, maxima);
  const conditions = [...before, ...where, ...maxima.bounds];
  const count = partsOf(extent, fetch);
  if (count > MOST) throw new ProcessError(`The table ${fetch.table} would be fetched by ${count} queries. Raise Partition Size.`);
  const shared = {
    'generatetablefetch.tableName': fetch.table,
    ...(fetch.columns ? { 'generatetablefetch.columnNames': fetch.columns } : {}),
    ...(maxima.columns.length > 0 ? { 'generatetablefetch.maxColumnNames': maxima.columns.join(', ') } : {}),
    'fragment.identifier': randomUUID(),
    'fragment.count': String(count),
  };
  if (count === 0n && tellsNothing) yield { sql: '', attributes: { ...shared, 'generatetablefetch.whereClause': conditions.join(' AND ') || '1=1', 'fragment.index': '0' } };
  for (let index = 0n; index < count; index++) yield part(connection, fetch, maxima, { conditions, extent, shared, index, isLast: index === count - 1n });
}

interface Part {
  readonly conditions: readonly string[];
  readonly extent: Extent;
  readonly shared: Readonly<Record<string, string>>;
  readonly index: bigint;
  readonly isLast: boolean;
}

function part({ product }: DatabaseConnection, fetch: TableFetch, maxima: Maxima, { conditions, extent, shared, index, isLast }: Part): PlannedFetch {
  const { valueColumn, partitionSize } = fetch;
  // The last part by values ends at the greatest value that was seen, whatever comes in meanwhile.
  const closes = isLast && valueColumn !== undefined && (maxima.bounds.length === 0 || fetch.where !== undefined) && extent.greatest !== undefined;
  const all = closes ? [...conditions, `${valueColumn} <= ${extent.greatest}`] : conditions;
  const limit = partitionSize === 0n || closes ? undefined : partitionSize;
  const offset = partitionSize === 0n ? undefined : index * partitionSize + (valueColumn ? (extent.least ?? 0n) : 0n);
  const orderBy = partitionSize === 0n ? undefined : maxima.columns.length > 0 ? maxima.columns.join(', ') : fetch.orderBy;
  const sql = pageSql({ columns: fetch.columns || '*', table: fetch.table, conditions: all, orderBy, offset, limit, valueColumn }, product);
  return {
    sql,
    attributes: {
      ...shared,
      'generatetablefetch.whereClause': all.join(' AND ') || '1=1',
      ...(limit === undefined ? {} : { 'generatetablefetch.limit': String(limit) }),
      ...(offset === undefined ? {} : { 'generatetablefetch.offset': String(offset) }),
      'fragment.index': String(index),
    },
  };
}
