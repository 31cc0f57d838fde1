import { setTimeout as delay } from 'node:timers/promises';
import { Deadline } from '../../server/extension/deadline.ts';
import { type BindValue, type StatementOptions, stoppedError, WarehouseError, withBinds } from '../../server/extension/warehouse.ts';
import type { Row } from './row-stream.ts';
import { Slots } from './slots.ts';
import type { RowType } from './snowflake-types.ts';
import type { SqlApi } from './sql-api.ts';

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

/** What the API answers of a statement that is done. */
export interface Answer {
  readonly statementHandle: string;
  /** Of a request of several statements. */
  readonly statementHandles?: readonly string[];
  readonly resultSetMetaData: { readonly numRows: number; readonly rowType: readonly RowType[]; readonly partitionInfo?: readonly { readonly rowCount: number }[] };
  /** The rows of the first partition. */
  readonly data: readonly Row[];
}

/** A statement on its way, and what ends it. */
export interface Run {
  readonly answer: Answer;
  readonly deadline: Deadline;
  /** To be called when nothing of the statement is needed any more. */
  readonly end: () => void;
}

/** Snowflake ends no statement later (STATEMENT_TIMEOUT_IN_SECONDS, seven days); this is what the service allows. Seconds. */
export const LONGEST = 172_800;
/** What statements that return no rows to read begin with. */
const NO_ROWS =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(insert|update|delete|merge|create|alter|drop|truncate|undrop|grant|revoke|comment|copy|put|get|use|set|unset|begin|commit|rollback)\b/i;
const FIRST_LOOK = 20;
const LAST_LOOK = 3000;
const CANCEL_PATIENCE = 10_000;

/** Statements in one account: submitted, followed to their end, cancelled. */
export class Statements {
  readonly api: SqlApi;
  readonly settings: StatementSettings;
  readonly #slots: Slots;
  readonly #running = new Set<Deadline>();
  readonly #ending = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(api: SqlApi, settings: StatementSettings) {
    this.api = api;
    this.settings = settings;
    this.#slots = new Slots(settings.maxConcurrent);
  }

  /** Runs what returns rows. Throws WarehouseError. */
  query(sql: string, options: StatementOptions): Promise<Run> {
    if (NO_ROWS.test(sql))
      throw new WarehouseError('syntax', 'The statement returns no rows that could be read', { remedy: 'Write a query, such as SELECT; other statements belong elsewhere.' });
    return this.run(sql, options, 1);
  }

  /** Runs to its end. `count`: how many statements the text has, 0 for any number; only a single one may have binds. */
  async run(sql: string, options: StatementOptions, count: 0 | 1): Promise<Run> {
    const deadline = new Deadline(options.signal, options.timeout);
    if (this.#isClosed) deadline.stop();
    this.#running.add(deadline);
    const end = (): void => {
      deadline.close();
      this.#running.delete(deadline);
    };
    const finished = this.#finish(this.#body(sql, options, count), deadline.signal);
    this.#ending.add(finished);
    try {
      return { answer: await finished, deadline, end };
    } catch (thrown) {
      end();
      throw deadline.signal.aborted ? stoppedError('Snowflake', deadline.signal.reason) : thrown;
    } finally {
      this.#ending.delete(finished);
    }
  }

  /** The result of a statement of several that are done. */
  async resultOf(handle: string, signal: AbortSignal): Promise<Answer> {
    return (await this.api.look<Answer>(handle, signal)).body;
  }

  /** Ends what runs, in Snowflake too. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const deadline of this.#running) deadline.stop(new Error('The warehouse service was disabled'));
    await Promise.allSettled(this.#ending);
    await this.api.close();
  }

  async #finish(body: object, signal: AbortSignal): Promise<Answer> {
    const leave = await this.#slots.take(signal);
    try {
      // Not given up while it is on its way: a statement whose id nobody knows could not be cancelled.
      const submitted = await this.api.submit<Answer>(body, new AbortController().signal);
      return submitted.status === 200 && !signal.aborted ? submitted.body : await this.#followed(submitted.body.statementHandle, signal);
    } finally {
      leave();
    }
  }

  async #followed(handle: string, signal: AbortSignal): Promise<Answer> {
    try {
      for (let pause = FIRST_LOOK; ; pause = Math.min(pause * 1.5, LAST_LOOK)) {
        signal.throwIfAborted();
        const { status, body } = await this.api.look<Answer>(handle, signal);
        if (status === 200) return body;
        await delay(pause, undefined, { signal });
      }
    } catch (thrown) {
      if (signal.aborted) await this.#cancel(handle);
      throw thrown;
    }
  }

  async #cancel(handle: string): Promise<void> {
    const patience = new Deadline(undefined, CANCEL_PATIENCE);
    await this.api.cancel(handle, patience.signal);
    patience.close();
  }

  #body(sql: string, { binds, timeout = Number.POSITIVE_INFINITY }: StatementOptions, count: 0 | 1): object {
    const { database, schema, warehouse, role, queryTag } = this.settings;
    const { statement, bindings } = bound(sql, binds);
    const seconds = Math.min(LONGEST, Math.ceil(Math.min(timeout, this.settings.timeout) / 1000));
    // Times without a zone are read and written in UTC, bytes as hexadecimal digits, whatever the account has set.
    const parameters = { timezone: 'UTC', binary_output_format: 'HEX', query_tag: queryTag, MULTI_STATEMENT_COUNT: String(count) };
    return { statement, timeout: Math.max(1, seconds), database, schema, warehouse, role, ...(bindings && { bindings }), parameters };
  }
}

type Binding = { readonly type: string; readonly value: string | null };

function bindingOf(value: BindValue): Binding {
  if (value === null) return { type: 'TEXT', value: null };
  if (typeof value === 'boolean') return { type: 'BOOLEAN', value: String(value) };
  if (typeof value === 'string') return { type: 'TEXT', value };
  return {
    type: typeof value === 'bigint' || Number.isInteger(value) ? 'FIXED' : 'REAL',
    value: typeof value === 'number' && Number.isSafeInteger(value) ? value.toFixed() : String(value),
  };
}

/** A statement with `?` for each of its binds; names and positions that nobody gives a value for stay as they are. */
function bound(sql: string, binds: StatementOptions['binds']): { statement: string; bindings?: Record<string, Binding> } {
  const bindings: Binding[] = [];
  const statement = withBinds(sql, binds, (_, value) => {
    bindings.push(bindingOf(value));
    return '?';
  });
  return { statement, ...(bindings.length > 0 && { bindings: Object.fromEntries(bindings.map((binding, index) => [String(index + 1), binding])) }) };
}

/** Whether the statement has binds that are given. */
export function hasBinds(sql: string, binds: StatementOptions['binds']): boolean {
  return bound(sql, binds).bindings !== undefined;
}
