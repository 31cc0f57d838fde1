import { type DatabaseProduct, quotedName, type TableName } from '../../server/extension/database.ts';
import { type DataType, BYTES, sameType, type SchemaField } from '../../server/extension/record-schema.ts';

/** Types that databases name otherwise than the standard does. */
const NAMES: Readonly<Record<string, Readonly<Partial<Record<DatabaseProduct, string>>> & { readonly standard: string }>> = {
  boolean: { standard: 'BOOLEAN', 'SQL Server': 'BIT' },
  byte: { standard: 'SMALLINT' },
  short: { standard: 'SMALLINT' },
  int: { standard: 'INTEGER' },
  long: { standard: 'BIGINT' },
  bigint: { standard: 'DECIMAL(38, 0)' },
  float: { standard: 'REAL' },
  double: { standard: 'DOUBLE PRECISION', 'SQL Server': 'FLOAT' },
  date: { standard: 'DATE' },
  time: { standard: 'TIME' },
  timestamp: { standard: 'TIMESTAMP', 'SQL Server': 'DATETIME2' },
  uuid: { standard: 'VARCHAR(36)', PostgreSQL: 'UUID', DuckDB: 'UUID' },
  text: { standard: 'TEXT', 'SQL Server': 'NVARCHAR(MAX)' },
  // SQL Server has no key of unlimited length.
  key: { standard: 'TEXT', 'SQL Server': 'NVARCHAR(450)' },
  bytes: { standard: 'BLOB', PostgreSQL: 'BYTEA', 'SQL Server': 'VARBINARY(MAX)', Snowflake: 'BINARY' },
};

/** The type of a column for values of a type; what is nested becomes JSON text. */
function columnType(type: DataType, product: DatabaseProduct, isKey: boolean): string {
  if (type.kind === 'decimal') return `DECIMAL(${Math.min(Math.max(type.precision, 1), 38)}, ${Math.min(type.scale, 38)})`;
  const names = (sameType(type, BYTES) ? NAMES.bytes : NAMES[type.kind]) ?? NAMES[isKey ? 'key' : 'text']!;
  return names[product] ?? names.standard;
}

/** A name as SQL: as it stands where it is a plain word and is not to be quoted. Names come from data, so nothing else may become SQL. */
export const sqlName = (name: string, isQuoted: boolean): string => (!isQuoted && /^[A-Za-z_][\w$]*$/.test(name) ? name : quotedName(name));

/** A table that is made or changed. */
export interface TableChange {
  readonly product: DatabaseProduct;
  readonly table: TableName;
  readonly quotesTable: boolean;
  readonly quotesColumns: boolean;
}

const tableText = ({ table: { catalog, schema, table }, quotesTable }: TableChange): string =>
  [catalog, schema, table]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => sqlName(part!, quotesTable))
    .join('.');

/** CREATE TABLE for fields whose names are those of the columns. */
export function createTableSql(change: TableChange, fields: readonly SchemaField[], keys: readonly string[]): string {
  const names = keys.map((key) => sqlName(key, change.quotesColumns));
  const columns = fields.map(({ name, type, nullable }) => {
    const isKey = keys.includes(name);
    return `${sqlName(name, change.quotesColumns)} ${columnType(type, change.product, isKey)}${nullable && !isKey ? '' : ' NOT NULL'}`;
  });
  return `CREATE TABLE ${tableText(change)} (${[...columns, ...(keys.length > 0 ? [`PRIMARY KEY (${names.join(', ')})`] : [])].join(', ')})`;
}

/** ALTER TABLE for one more column, which rows that are there leave empty. */
export function addColumnSql(change: TableChange, { name, type }: SchemaField): string {
  return `ALTER TABLE ${tableText(change)} ADD ${change.product === 'SQL Server' ? '' : 'COLUMN '}${sqlName(name, change.quotesColumns)} ${columnType(type, change.product, false)}`;
}
