import type { FileAndStageBindStatement } from 'snowflake-sdk';
import type { QueryOptions, QueryResult, StatementOptions } from '../../server/extension/warehouse.ts';
import { bound, isSeveral } from './bindings.ts';
import { type Answer, type Client, requireQuery, secondsOf, type StatementSettings } from './client.ts';
import { DriverQueryResult, rowTypes, rowsOfStatement } from './driver-result.ts';
import type { DriverSession, DriverStatement } from './driver-session.ts';
import type { DriverSessions } from './driver-sessions.ts';
import { type Run, Running } from './running.ts';
import type { Row } from './row-stream.ts';

/** Statements after which a session is not what it was. */
const CHANGES_SESSION = /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(use|alter\s+session|set|unset|begin|start|create\s+(or\s+replace\s+)?(local\s+|global\s+)?temp)/i;

/** Statements through sessions of Snowflake's driver, one at a time in each. */
export class Driver implements Client {
  readonly url: string;
  readonly settings: StatementSettings;
  readonly #sessions: DriverSessions;
  readonly #running: Running;

  constructor(url: string, sessions: DriverSessions, settings: StatementSettings) {
    this.url = url;
    this.settings = settings;
    this.#sessions = sessions;
    this.#running = new Running(settings.maxConcurrent);
  }

  async query(sql: string, options: QueryOptions): Promise<QueryResult> {
    requireQuery(sql);
    return new DriverQueryResult(await this.#run(sql, options, 1), options.batchSize);
  }

  async run(sql: string, options: StatementOptions): Promise<Answer> {
    return this.#read(await this.#run(sql, options, 1));
  }

  async runAll(sql: string, options: StatementOptions): Promise<Answer> {
    return this.#read(await this.#run(sql, options, isSeveral(sql, options) ? 0 : 1));
  }

  async close(): Promise<void> {
    await this.#running.close();
    await this.#sessions.close();
  }

  async #read({ outcome, deadline, end }: Run<FileAndStageBindStatement>): Promise<Answer> {
    try {
      const rows: Row[] = [];
      for await (const some of rowsOfStatement(outcome, deadline.signal)) rows.push(...some);
      return { columns: rowTypes(outcome), rows };
    } finally {
      end();
    }
  }

  #run(sql: string, options: StatementOptions, count: 0 | 1): Promise<Run<FileAndStageBindStatement>> {
    const { statement, bindings } = bound(sql, options.binds);
    const asked: DriverStatement = { sql: statement, bindings, count, timeout: secondsOf(options, this.settings) };
    const keeps = count === 1 && !CHANGES_SESSION.test(sql);
    return this.#running.start(options, async (signal) => {
      const first = await this.#sessions.take(signal, false);
      try {
        return await this.#in(first, asked, keeps, signal);
      } catch (thrown) {
        // A session that has ended in the meantime has run nothing.
        if (!first.isEnded || signal.aborted) throw thrown;
        return this.#in(await this.#sessions.take(signal, true), asked, keeps, signal);
      }
    });
  }

  async #in(session: DriverSession, asked: DriverStatement, keeps: boolean, signal: AbortSignal): Promise<FileAndStageBindStatement> {
    try {
      return await session.run(asked, signal);
    } finally {
      if (keeps) this.#sessions.give(session);
      else this.#sessions.leave(session);
    }
  }
}
