import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Connection, FileAndStageBindStatement } from 'snowflake-sdk';
import { messageOf } from '../../server/extension/errors.ts';
import type { Binding } from './bindings.ts';
import { driverError } from './driver-errors.ts';

/** A statement as a session runs it. */
export interface DriverStatement {
  readonly sql: string;
  readonly bindings: readonly Binding[];
  /** Seconds after which Snowflake itself ends it. */
  readonly timeout: number;
  /** How many statements the text has, 0 for any number. */
  readonly count: 0 | 1;
}

/** A cancellation may come before the statement itself: it is sent again. Milliseconds. */
const CANCEL_AGAIN = 500;
const CANCEL_PATIENCE = 10_000;

const ATTEMPTS = 5;
const FIRST_PAUSE = 200;
const BROKEN_OFF = /aborted|hang up|premature|unexpected end/i;

/** Codes of sessions that have ended: the statement was not run. */
const ENDED = /^(390104|390111|390112|390113|390114|390115|390195)$/;

/** What the driver sends as it is: its own guess of a type is right for these. */
function bindOf({ type, value }: Binding): string | number | boolean | null {
  if (value === null || type === 'TEXT') return value;
  if (type === 'BOOLEAN') return value === 'true';
  const number = Number(value);
  return Number.isSafeInteger(number) || (type === 'REAL' && Number.isFinite(number)) ? number : value;
}

/** A session of the driver, with one statement at a time. */
export class DriverSession {
  readonly #connection: Connection;
  /** Nothing can be run in it any more. */
  isEnded = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Runs to the end of the last statement of the text. An answer that breaks off, which the driver takes for a failure, is asked for again
   * by the id of its request: the statement runs once. Throws WarehouseError, and the signal's reason.
   */
  async run(asked: DriverStatement, signal: AbortSignal): Promise<FileAndStageBindStatement> {
    const requestId = randomUUID();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(asked, requestId, signal);
      } catch (thrown) {
        if (signal.aborted || attempt >= ATTEMPTS || !BROKEN_OFF.test(messageOf((thrown as Error).cause))) throw thrown;
        await delay(FIRST_PAUSE * 2 ** (attempt - 1));
      }
    }
  }

  #attempt({ sql, bindings, timeout, count }: DriverStatement, requestId: string, signal: AbortSignal): Promise<FileAndStageBindStatement> {
    return this.#followed(signal, (complete) =>
      this.#connection.execute({
        sqlText: sql,
        requestId,
        ...(bindings.length > 0 && { binds: bindings.map(bindOf) as string[] }),
        parameters: { STATEMENT_TIMEOUT_IN_SECONDS: timeout, MULTI_STATEMENT_COUNT: count },
        complete: (thrown, answered) => {
          const statement = answered as FileAndStageBindStatement;
          // The text as a whole has no result: each of its statements has one.
          if (!thrown && count === 0 && statement.getColumns() === undefined) return;
          if (!thrown && count === 0 && statement.hasNext?.()) return statement.NextResult();
          complete(thrown, statement);
        },
      }),
    );
  }

  /** Sets what holds for everything in the session. Throws WarehouseError. */
  async prepare(sql: string, signal: AbortSignal): Promise<void> {
    await this.run({ sql, bindings: [], timeout: 60, count: 1 }, signal);
  }

  /** Leaves the session; nobody needs to wait for it. */
  async close(): Promise<void> {
    this.isEnded = true;
    await new Promise<void>((resolve) => this.#connection.destroy(() => resolve()));
  }

  get isUsable(): boolean {
    return !this.isEnded && this.#connection.isUp();
  }

  #followed(
    signal: AbortSignal,
    begin: (complete: (thrown: unknown, statement: FileAndStageBindStatement) => void) => { cancel(callback: () => void): void },
  ): Promise<FileAndStageBindStatement> {
    return new Promise((resolve, reject) => {
      const cancelling: NodeJS.Timeout[] = [];
      const settle = (end: () => void): void => {
        for (const timer of cancelling) clearInterval(timer);
        signal.removeEventListener('abort', cancel);
        end();
      };
      const begun = begin((thrown, statement) => settle(() => (thrown ? reject(this.#refused(thrown)) : resolve(statement))));
      const giveUp = (): void => {
        this.isEnded = true;
        settle(() => reject(signal.reason as Error));
      };
      const cancel = (): void => {
        const ask = (): void => begun.cancel(() => undefined);
        ask();
        cancelling.push(setInterval(ask, CANCEL_AGAIN), setTimeout(giveUp, CANCEL_PATIENCE));
      };
      if (signal.aborted) cancel();
      else signal.addEventListener('abort', cancel);
    });
  }

  #refused(thrown: unknown): Error {
    if (ENDED.test(String((thrown as { code?: unknown }).code))) this.isEnded = true;
    return driverError(thrown);
  }
}
