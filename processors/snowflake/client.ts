import { type QueryOptions, type QueryResult, type StatementOptions, WarehouseError } from '../../server/extension/warehouse.ts';
import type { Row } from './row-stream.ts';
import type { RowType } from './snowflake-types.ts';

/** Where statements run. */
export interface StatementSettings {
  readonly database: string;
  readonly schema: string;
  readonly warehouse: string | undefined;
  readonly role: string | undefined;
  readonly queryTag: string;
  /** Milliseconds after which Snowflake itself ends a statement. */
  readonly timeout: number;
  readonly maxConcurrent: number;
}

/** What a statement with a short answer has answered, a text or null for each cell. */
export interface Answer {
  readonly columns: readonly RowType[];
  readonly rows: readonly Row[];
}

/** A way to Snowflake: its SQL API or its driver. Methods throw WarehouseError. */
export interface Client {
  /** Where the account is. */
  readonly url: string;
  readonly settings: StatementSettings;
  /** Runs one statement that returns rows. */
  query(sql: string, options: QueryOptions): Promise<QueryResult>;
  /** Runs one statement, and reads what it answers at once. */
  run(sql: string, options: StatementOptions): Promise<Answer>;
  /** Runs one statement or several to the answer of the last; only a single one may have binds. */
  runAll(sql: string, options: StatementOptions): Promise<Answer>;
  /** Ends what runs, in Snowflake too. */
  close(): Promise<void>;
}

/** Snowflake ends no statement later (STATEMENT_TIMEOUT_IN_SECONDS, seven days); this is what the service allows. Seconds. */
export const LONGEST = 172_800;

/** After how many seconds Snowflake itself is to end a statement. */
export function secondsOf({ timeout = Number.POSITIVE_INFINITY }: StatementOptions, settings: StatementSettings): number {
  return Math.max(1, Math.min(LONGEST, Math.ceil(Math.min(timeout, settings.timeout) / 1000)));
}

/** What statements that return no rows to read begin with. */
const NO_ROWS =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(insert|update|delete|merge|create|alter|drop|truncate|undrop|grant|revoke|comment|copy|put|get|use|set|unset|begin|commit|rollback)\b/i;

/** Throws WarehouseError where a statement returns no rows that could be read. */
export function requireQuery(sql: string): void {
  if (NO_ROWS.test(sql))
    throw new WarehouseError('syntax', 'The statement returns no rows that could be read', { remedy: 'Write a query, such as SELECT; other statements belong elsewhere.' });
}
