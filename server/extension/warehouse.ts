import type { VerificationStep } from './component.ts';
import type { DataRecord, FieldType, RecordBatch } from './record.ts';
import { ProcessError } from './errors.ts';
import { serviceContract } from './service.ts';

/** Why a warehouse refused; the same words for every vendor, so that a remedy can be named and a retry decided. */
export type WarehouseCause =
  | 'authentication'
  | 'expired token'
  | 'network policy'
  | 'permission'
  | 'connection'
  | 'missing object'
  | 'missing column'
  | 'syntax'
  | 'data'
  | 'constraint'
  | 'timeout'
  | 'cancelled'
  | 'resources'
  | 'warming up'
  | 'conflict'
  | 'partition'
  | 'configuration'
  | 'unknown';

const REMEDY: Readonly<Record<WarehouseCause, string>> = {
  authentication: 'Check the user name, key or token in the warehouse service.',
  'expired token': 'Put a fresh token into the warehouse service.',
  'network policy': "Ask the warehouse's administrator to allow this machine's address.",
  permission: 'Grant the role of the warehouse service the right to do this.',
  connection: 'Check the address in the warehouse service and the network; it is tried again.',
  'missing object': 'Check the name of the database, schema and table, and that the role may see it.',
  'missing column': 'Correct the column in the query or the mapping, or add it to the table.',
  syntax: 'Correct the SQL.',
  data: 'Correct the value in the source, or its type in the mapping or the table.',
  constraint: 'Correct the rows, or the key columns, so that they meet the rule of the table.',
  timeout: 'Allow more time, or make the query smaller.',
  cancelled: 'Start the component again when you want it to go on.',
  resources: 'Give the warehouse more memory or disk space, or make the query smaller.',
  'warming up': 'Nothing to do: it is tried again until the warehouse is up.',
  conflict: 'Nothing to do: another writer changed the same rows, it is tried again.',
  partition: 'Run the query again: a part of its result has expired.',
  configuration: 'Correct the properties of the warehouse service.',
  unknown: 'Read the message of the warehouse; if it does not help, run the statement in its own console.',
};

const PASSING: ReadonlySet<WarehouseCause> = new Set(['connection', 'timeout', 'resources', 'warming up', 'conflict', 'partition', 'expired token', 'network policy']);

/** What a warehouse refused, why, and what to do about it. */
export class WarehouseError extends ProcessError {
  override name = 'WarehouseError';
  readonly kind: WarehouseCause;
  readonly remedy: string;

  constructor(kind: WarehouseCause, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    const remedy = options.remedy ?? REMEDY[kind];
    super(`${message.trim().replace(/[^.?!]$/, '$&.')} ${remedy}`, { cause: options.cause });
    this.kind = kind;
    this.remedy = remedy;
  }

  /** Whether the same statement may succeed later without anybody changing anything. */
  get isPassing(): boolean {
    return PASSING.has(this.kind);
  }
}

/** A column of a result or a table. `nativeType` is the warehouse's own word, such as `NUMBER(38,0)`. */
export interface Column {
  readonly name: string;
  readonly type: FieldType;
  readonly nativeType: string;
  readonly nullable: boolean;
}

/** Where a table lives; what is left out follows from the service's properties. */
export interface TableName {
  readonly database?: string;
  readonly schema?: string;
  readonly table: string;
}

export interface TableDescription {
  /** As the warehouse spells it. */
  readonly name: Required<Pick<TableName, 'table'>> & TableName;
  readonly columns: readonly Column[];
  /** Empty where the table has no primary key. */
  readonly primaryKey: readonly string[];
  /** Where the warehouse knows it without counting. */
  readonly rowCount?: number;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: FieldType;
  readonly required?: boolean;
}

export type BindValue = string | number | bigint | boolean | null;

export interface StatementOptions {
  /** Values by name for `:name` in the SQL, or by position for `?`. Names that the SQL does not use are ignored. */
  readonly binds?: Readonly<Record<string, BindValue>> | readonly BindValue[];
  /** Cancels the statement in the warehouse itself. */
  readonly signal?: AbortSignal;
  /** Milliseconds after which the warehouse ends the statement with cause `timeout`. */
  readonly timeout?: number;
}

export interface QueryOptions extends StatementOptions {
  /** How many records a batch should hold; the last one may hold fewer. */
  readonly batchSize?: number;
}

/** A running or finished query. Its batches can be read once; memory holds a few of them. */
export interface QueryResult extends AsyncIterable<RecordBatch> {
  readonly columns: readonly Column[];
  /** Known where the warehouse counts before it sends. */
  readonly rowCount?: number;
  /** The warehouse's own id of the statement, to be found in its history. */
  readonly queryId?: string;
  /** Cancels what still runs and frees what is held. Runs by itself when the batches have been read to their end or `break` leaves the loop. */
  close(): Promise<void>;
}

export interface UpsertOptions extends Pick<StatementOptions, 'signal' | 'timeout'> {
  /** A row with the same values here is the same row. */
  readonly keyColumns: readonly string[];
  /** Adds columns that the records have and the table has not, instead of refusing them. */
  readonly addColumns?: boolean;
  /** Types for columns to be added; where they are not given, the values decide. */
  readonly fields?: readonly ColumnDefinition[];
}

export interface RejectedRecord {
  /** Position among all records of the call, from 0. */
  readonly index: number;
  readonly record: DataRecord;
  readonly reason: string;
}

export interface UpsertResult {
  readonly inserted: number;
  readonly updated: number;
  /** Rows that were in the table exactly so: nothing was written for them. */
  readonly unchanged: number;
  /** Records followed by a later one with the same key in the same call: only the later one counts. */
  readonly superseded: number;
  readonly rejected: readonly RejectedRecord[];
}

/**
 * The one door to every warehouse. Methods throw WarehouseError. Names of tables and columns are matched as the warehouse
 * matches unquoted names, and quoted by the implementation: no name given here can become SQL.
 */
export interface Warehouse {
  /** Such as `duckdb:///data/shop.duckdb`, for provenance; carries no secret. */
  readonly transitUri: string;
  /** Runs one statement that returns rows. */
  query(sql: string, options?: QueryOptions): Promise<QueryResult>;
  /** Runs statements that return none; the number of rows that the last one changed. */
  execute(sql: string, options?: StatementOptions): Promise<number>;
  /** The table's columns, or undefined where there is no such table. */
  describeTable(table: TableName, options?: Pick<StatementOptions, 'signal'>): Promise<TableDescription | undefined>;
  /** Creates the table unless it exists. */
  createTable(table: TableName, columns: readonly ColumnDefinition[], options?: Pick<StatementOptions, 'signal'>): Promise<void>;
  /**
   * Stages the records and merges them into the table by key, in one transaction: all of the rows that can be written, or none.
   * Rows that the table cannot hold are returned with the reason. Running it again with the same records changes nothing.
   */
  upsert(table: TableName, batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>, options: UpsertOptions): Promise<UpsertResult>;
  /** "Test connection": connects, shows who we are and what can be seen; with SQL also runs it and previews its first rows. */
  verify(options?: { readonly sql?: string; readonly binds?: StatementOptions['binds']; readonly signal?: AbortSignal }): Promise<VerificationStep[]>;
}

export const WAREHOUSE = serviceContract<Warehouse>('dev.millrace.warehouse.Warehouse');

/** `db.schema.table`, with double quotes around parts that contain dots. Throws WarehouseError. */
export function parseTableName(text: string): TableName {
  const parts = [...text.trim().matchAll(/(?:^|\.)(?:"((?:[^"]|"")+)"|([^".\s][^".]*))/g)];
  const complete = !text.trim().startsWith('.') && parts.map(([whole]) => whole).join('') === text.trim();
  if (!complete || parts.length === 0 || parts.length > 3) {
    throw new WarehouseError('configuration', `'${text}' is not the name of a table`, { remedy: 'Write table, schema.table or database.schema.table.' });
  }
  const [table, schema, database] = parts.map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare!.trim()).reverse();
  return { table: table!, schema, database };
}

/** The name as people write it. */
export function tableLabel({ database, schema, table }: TableName): string {
  return [database, schema, table].filter((part) => part !== undefined).join('.');
}

/** SQL cut at its binds: `texts[0]`, the bind `names[0]`, `texts[1]` ... A `?` gets its position as name. */
export interface BindSites {
  readonly texts: readonly string[];
  readonly names: readonly string[];
}

/**
 * What may hold a colon without a bind: comments, quoted text and names (also as keys: `'key': value`), dollar-quoted text,
 * casts (`::`), and paths into semi-structured values (`column:field`, `column[0]:field`); the last groups are the binds.
 */
const SQL_TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|(?:'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`)(?::(?!:))?|\$(\w*)\$[\s\S]*?\$\1\$|::|:=|[\w\])"]:(?=[A-Za-z_])|:([A-Za-z_]\w*)|(\?)/g;

/** Finds the binds of a statement, so that an implementation can write them in its own way (`$1`, `?`, `@name`). */
export function bindSites(sql: string): BindSites {
  const texts: string[] = [];
  const names: string[] = [];
  let from = 0;
  let positions = 0;
  for (const match of sql.matchAll(SQL_TOKEN)) {
    const name = match[2] ?? (match[3] && String(positions++));
    if (name === undefined) continue;
    texts.push(sql.slice(from, match.index));
    names.push(name);
    from = match.index + match[0].length;
  }
  return { texts: [...texts, sql.slice(from)], names };
}

/** A statement with what `place` writes for each bind that has a value; names and positions that nobody gives a value for stay as they are. */
export function withBinds(sql: string, binds: StatementOptions['binds'], place: (name: string, value: BindValue) => string): string {
  const given = new Map<string, BindValue>(Object.entries(binds ?? {}));
  const { texts, names } = bindSites(sql);
  const asWritten = (name: string): string => (/^\d/.test(name) ? '?' : `:${name}`);
  return names.reduce((out, name, index) => out + (given.has(name) ? place(name, given.get(name)!) : asWritten(name)) + texts[index + 1]!, texts[0]!);
}

/** The name of a parameter for a bind, where parameters have names only: that of a `?` is made of its position. */
export function parameterName(bind: string): string {
  return /^\d/.test(bind) ? `p${bind}` : bind;
}

/** What to say of a statement that a time limit or a stop has ended; `reason` is that of its signal. */
export function stoppedError(product: string, reason: unknown, cause: unknown = reason): WarehouseError {
  const isTimeout = (reason as Error | undefined)?.name === 'TimeoutError';
  return new WarehouseError(isTimeout ? 'timeout' : 'cancelled', isTimeout ? `${product} did not answer within the time allowed` : 'The statement was cancelled', { cause });
}

/** Whether the statement has this bind. */
export function usesBind(sql: string, name: string): boolean {
  return bindSites(sql).names.includes(name);
}
