import type { RecordBatch, RecordValue } from './record.ts';
import type { DataType, RecordSchema } from './record-schema.ts';
import { serviceContract } from './service.ts';

/** What kind of database answers: its SQL differs where the standard leaves off. */
export type DatabaseProduct = 'PostgreSQL' | 'SQLite' | 'DuckDB' | 'SQL Server' | 'Snowflake';

/** How much a transaction sees of others, in the words of standard SQL. */
export type IsolationLevel = 'READ UNCOMMITTED' | 'READ COMMITTED' | 'REPEATABLE READ' | 'SERIALIZABLE';

/** A table's name, in as many parts as are given. */
export interface TableName {
  readonly catalog?: string;
  readonly schema?: string;
  readonly table: string;
}

export interface TableColumn {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** Whether the database fills the column where an insert leaves it out. */
  readonly hasDefault: boolean;
  readonly isKey: boolean;
}

export interface TableInfo extends TableName {
  readonly type: string;
  readonly remarks: string | null;
}

/** What a statement gave: rows as they come, or how many it changed. */
export interface SqlResult {
  /** Set where the statement has rows. */
  readonly schema: RecordSchema | undefined;
  readonly batches: AsyncIterable<RecordBatch>;
  /** -1 where the statement has rows, or changes none. */
  readonly updateCount: number;
}

/** A connection of a pool, for one user at a time. Whatever fails in SQL throws SqlError. */
export interface DatabaseConnection {
  readonly product: DatabaseProduct;
  /**
   * Runs one statement; `?` stands for the values in turn. Rows must be read, or the result left, before the next statement.
   * `fetchSize` is how many rows come from the database at a time, where its driver can be told so; 0 leaves it to the driver.
   */
  run(sql: string, values?: readonly RecordValue[], fetchSize?: number): Promise<SqlResult>;
  /** Databases that know one level only (SQLite, DuckDB) begin with that. */
  begin(isolation?: IsolationLevel): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** No columns where there is no such table. */
  columns(table: TableName): Promise<TableColumn[]>;
  tables(): Promise<TableInfo[]>;
  /** Gives the connection back; a broken one is closed. */
  release(isBroken?: boolean): void;
}

/** What an enabled connection pool hands out. */
export interface DatabasePool {
  /** Waits for a free connection as long as the pool is configured to. Throws SqlError with `isTransient` where there is none. */
  connect(attributes?: ReadonlyMap<string, string>): Promise<DatabaseConnection>;
  close(): Promise<void>;
}

export const DBCP_SERVICE = serviceContract<DatabasePool>('org.apache.nifi.dbcp.DBCPService');

/** The database refused. */
export class SqlError extends Error {
  override name = 'SqlError';
  /** Whether the same may work later: the connection was lost, or rows were locked. */
  readonly isTransient: boolean;

  constructor(message: string, isTransient: boolean, options?: ErrorOptions) {
    super(message, options);
    this.isTransient = isTransient;
  }
}

/** A name as ANSI SQL quotes it. */
export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
