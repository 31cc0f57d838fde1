import type { DatabaseProduct } from '../../server/extension/database.ts';

/** A query of a part of a table. */
export interface Page {
  readonly columns: string;
  readonly table: string;
  readonly conditions: readonly string[];
  readonly orderBy: string | undefined;
  /** Undefined where the table is fetched at once. */
  readonly offset: bigint | undefined;
  readonly limit: bigint | undefined;
  /** The column whose values are counted instead of rows; `offset` is then its first value. */
  readonly valueColumn: string | undefined;
}

/** The SQL of a page, as the database speaks it: rows are skipped by LIMIT and OFFSET, in SQL Server by OFFSET and FETCH. */
export function pageSql({ columns, table, conditions, orderBy, offset, limit, valueColumn }: Page, product: DatabaseProduct): string {
  const all = [...conditions];
  if (valueColumn && offset !== undefined) {
    all.push(`${valueColumn} >= ${offset}`);
    if (limit !== undefined) all.push(`${valueColumn} < ${offset + limit}`);
  }
  const select = `SELECT ${columns} FROM ${table} WHERE ${all.length === 0 ? '1=1' : all.join(' AND ')}`;
  if (valueColumn || offset === undefined) return select;
  const order = orderBy ? ` ORDER BY ${orderBy}` : '';
  if (product === 'SQL Server') return `${select}${order || ' ORDER BY (SELECT NULL)'} OFFSET ${offset} ROWS${limit === undefined ? '' : ` FETCH NEXT ${limit} ROWS ONLY`}`;
  return `${select}${order}${limit === undefined ? '' : ` LIMIT ${limit}`}${offset > 0n ? ` OFFSET ${offset}` : ''}`;
}
