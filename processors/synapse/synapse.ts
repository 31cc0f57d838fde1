import type { VerificationStep } from '../../server/extension/component.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import type {
  ColumnDefinition,
  QueryOptions,
  QueryResult,
  StatementOptions,
  TableDescription,
  TableName,
  UpsertOptions,
  UpsertResult,
  Warehouse,
} from '../../server/extension/warehouse.ts';
import { missingTable, requireKeyColumns, requireOwnDatabase, verifySteps } from '../../server/extension/warehouse-staging.ts';
import type { Connections, Session } from './connections.ts';
import type { Loader } from './loads.ts';
import { bound, SynapseResult } from './query-result.ts';
import { fieldType, NEW_TYPES, quote } from './synapse-types.ts';
import { Upsert } from './upsert.ts';

const IDENTITY = 'SELECT SUSER_SNAME() AS [user], DB_NAME() AS [database], @@VERSION AS [version]';
const TABLES = 'SELECT TABLE_SCHEMA AS [schema], TABLE_NAME AS [table] FROM INFORMATION_SCHEMA.TABLES ORDER BY TABLE_SCHEMA, TABLE_NAME';
/** Names are compared in small letters, since a pool's collation may tell cases apart. */
const COLUMNS = `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, DATA_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE
  FROM INFORMATION_SCHEMA.COLUMNS WHERE LOWER(TABLE_NAME) = LOWER(@p1) AND LOWER(TABLE_SCHEMA) = LOWER(@p2) ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`;
const SCHEMAS = 'SELECT SCHEMA_NAME FROM INFORMATION_SCHEMA.SCHEMATA WHERE LOWER(SCHEMA_NAME) = LOWER(@p1)';

export interface SynapsePlace {
  readonly host: string;
  readonly database: string;
  /** For tables without one. */
  readonly schema: string;
}

/** The warehouse contract on SQL Server's protocol, in the words of a dedicated SQL pool. */
export class Synapse implements Warehouse {
  readonly transitUri: string;
  readonly #connections: Connections;
  readonly #place: SynapsePlace;
  readonly #load: Loader;

  constructor(connections: Connections, place: SynapsePlace, load: Loader) {
    this.transitUri = `synapse://${place.host}/${place.database}`;
    this.#connections = connections;
    this.#place = place;
    this.#load = load;
  }

  async query(sql: string, options: QueryOptions = {}): Promise<QueryResult> {
    return SynapseResult.run(await this.#connections.connect(options), sql, options);
  }

  execute(sql: string, options: StatementOptions = {}): Promise<number> {
    const statement = bound(sql, options.binds);
    return this.#connections.use(options, (session) => session.run(statement.sql, statement.values));
  }

  describeTable(table: TableName, options: StatementOptions = {}): Promise<TableDescription | undefined> {
    return this.#connections.use(options, (session) => this.#describe(session, table));
  }

  createTable(table: TableName, columns: readonly ColumnDefinition[], options: StatementOptions = {}): Promise<void> {
    requireOwnDatabase(table, this.#place.database, this.transitUri);
    const definitions = columns.map(({ name, type, required }) => `${quote(name)} ${NEW_TYPES[type]}${required ? ' NOT NULL' : ' NULL'}`);
    return this.#connections.use(options, async (session) => {
      if (await this.#describe(session, table)) return;
      const schema = await this.#schema(session, table.schema ?? this.#place.schema);
      await session.run(`CREATE TABLE ${quote(schema)}.${quote(table.table)} (${definitions.join(', ')}) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN)`);
    });
  }

  async upsert(table: TableName, batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>, options: UpsertOptions): Promise<UpsertResult> {
    requireKeyColumns(table, options);
    return this.#connections.use(options, async (session) => {
      const description = await this.#describe(session, table);
      if (!description) throw missingTable(table, this.transitUri);
      return new Upsert(session, this.#load, description, options).run(batches);
    });
  }

  verify(options: Parameters<Warehouse['verify']>[0] = {}): Promise<VerificationStep[]> {
    return verifySteps(this, { identity: IDENTITY, tables: TABLES }, options);
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  async #describe(session: Session, { database, schema, table }: TableName): Promise<TableDescription | undefined> {
    if (database !== undefined && database.toLowerCase() !== this.#place.database.toLowerCase()) return undefined;
    const rows = (await session.rows(COLUMNS, [table, schema ?? this.#place.schema])) as [string, string, string, string, string, number | null, number | null, number | null][];
    const first = rows[0];
    if (!first) return undefined;
    // Where cases are told apart there may be several: that which is spelled so counts.
    const [schemaName, tableName] = rows.find(([, name]) => name === table) ?? first;
    const columns = rows
      .filter(([otherSchema, other]) => otherSchema === schemaName && other === tableName)
      .map(([, , name, type, nullable, length, precision, scale]) => {
        const nativeType = withSize(type.toLowerCase(), length, precision, scale);
        return { name, type: fieldType(nativeType), nativeType, nullable: nullable === 'YES' };
      });
    return { name: { database: this.#place.database, schema: schemaName, table: tableName }, columns, primaryKey: [] };
  }

  /** How the schema is spelled; it is made where it is missing. */
  async #schema(session: Session, schema: string): Promise<string> {
    const [known] = await session.rows(SCHEMAS, [schema]);
    if (known) return String(known[0]);
    await session.run(`CREATE SCHEMA ${quote(schema)}`);
    return schema;
  }
}

function withSize(type: string, length: number | null, precision: number | null, scale: number | null): string {
  if (/^(decimal|numeric)$/.test(type)) return `decimal(${precision ?? 18},${scale ?? 0})`;
  if (/char$|binary$/.test(type)) return `${type}(${length === null || length < 0 ? 'max' : length})`;
  return type;
}
