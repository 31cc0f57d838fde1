import { ProcessError } from '../../server/extension/errors.ts';
import { suggestion } from '../../server/extension/record.ts';
import { type Column, usesBind } from '../../server/extension/warehouse.ts';
import { LateRows, windowStart, SYNC_RUN } from './late-rows.ts';
import { MAX_SENT_ROWS, type SentRows } from './sent-rows.ts';
import { LAST_SYNC, type Marks, MAX_FINGERPRINTS, Watermark } from './watermark.ts';

interface Settings {
  readonly sql: string;
  readonly column?: string | undefined;
  readonly initial: string;
  /** Milliseconds; undefined where no row comes late. */
  readonly window?: number | undefined;
}

/** One run of a query that follows a watermark, or of one that reads everything. */
export class Following {
  /** The value of `:last_sync`. */
  readonly start: string;
  readonly #settings: Settings;
  readonly #state: ReadonlyMap<string, string>;
  readonly #sent: SentRows | undefined;
  #windowStart: string | undefined;
  #marks: Marks | undefined;

  /** Throws ProcessError where the state holds a watermark that a window cannot look back from. */
  constructor(settings: Settings, state: ReadonlyMap<string, string>, sent: SentRows | undefined) {
    this.#settings = settings;
    this.#state = state;
    this.#sent = sent;
    sent?.begin(Number(state.get(SYNC_RUN) ?? 0));
    this.#windowStart = sent && windowStart(state, settings.window ?? 0, sent);
    this.start = this.#windowStart ?? state.get(LAST_SYNC) ?? settings.initial;
  }

  /** Tells new rows; undefined where all are. Throws ProcessError where the result has no such column. */
  marks(columns: readonly Column[]): Marks | undefined {
    const { sql, column, window = 0 } = this.#settings;
    if (!usesBind(sql, LAST_SYNC) || !column) return undefined;
    const { name, type } = columnOf(columns, column);
    this.#marks = this.#sent
      ? new LateRows(name, this.#state, window, this.#sent, this.#windowStart)
      : new Watermark(name, this.#state, ['integer', 'decimal', 'double'].includes(type));
    return this.#marks;
  }

  /** The state after the run; undefined where nothing changed. What is not ended so is forgotten by the next run. */
  end(): Record<string, string> | undefined {
    const state = this.#marks?.state();
    if (state) this.#sent?.commit();
    return state;
  }

  /** What to warn of; undefined where there is room for all fingerprints. */
  get complaint(): string | undefined {
    if (!this.#marks?.overflowed) return undefined;
    if (this.#sent) return `more than ${MAX_SENT_ROWS} rows stand inside the Late Rows Window: the next run looks back to ${this.#sent.floor} only. Make the window smaller.`;
    return `more than ${MAX_FINGERPRINTS} rows share the highest watermark; some of them will be sent again by the next run. Use a finer watermark column.`;
  }
}

function columnOf(columns: readonly Column[], column: string): Column {
  const names = columns.map(({ name }) => name);
  const found = columns.find(({ name }) => name === column) ?? columns.find(({ name }) => name.toLowerCase() === column.toLowerCase());
  if (!found) throw new ProcessError(`Watermark Column ${column} is not in the result: add it to the query, or change the property. ${suggestion(column, names)}`);
  return found;
}
