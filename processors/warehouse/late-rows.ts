import { ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import type { SentRows } from './sent-rows.ts';
import { compareMarks, fingerprint, LAST_SYNC, type Marks, MAX_FINGERPRINTS, readCopies, ROWS_AT_LAST_SYNC, writeCopies } from './watermark.ts';

/** State key: the number of the last run whose FlowFiles were stored. */
export const SYNC_RUN = 'sync run';

/** Date, time with its fraction, zone. */
const MOMENT = /^(\d{4}-\d{2}-\d{2})(?:([T ])(\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

/**
 * A watermark some milliseconds earlier, written as it was, never later than asked for: a date goes back by whole days, a time by whole
 * seconds, so that its fraction stays as exact as it is. Undefined for a text that is no moment.
 */
export function earlier(mark: string, millis: number): string | undefined {
  const [, day, separator, time, fraction = '', zone = ''] = MOMENT.exec(mark) ?? [];
  if (day === undefined) return undefined;
  const at = new Date(Date.parse(`${day}T${time ?? '00:00'}Z`) - Math.ceil(millis / 1000) * 1000);
  if (Number.isNaN(at.getTime())) return undefined;
  const text = at.toISOString();
  if (separator === undefined) return text.slice(0, 10);
  return `${text.slice(0, 10)}${separator}${text.slice(11, 11 + time!.length)}${fraction}${zone}`;
}

/** What was said where the watermark is no moment. */
function noMoment(column: string, mark: unknown): ProcessError {
  return new ProcessError(
    `Late Rows Window looks back by time, but ${column} has ${typeof mark === 'string' ? `'${mark}'` : 'numbers'}: name a column with a time in Watermark Column, or leave the window empty.`,
  );
}

/** Where a run with a window begins to read: undefined for the first run. The file has begun the run. */
export function windowStart(state: ReadonlyMap<string, string>, window: number, sent: SentRows): string | undefined {
  const last = state.get(LAST_SYNC);
  if (last === undefined) return undefined;
  const copies = readCopies(state.get(ROWS_AT_LAST_SYNC));
  // Nothing of the last run in the file: the window is new, the file is, or the state was put back. What is known starts here.
  if (copies.size > 0 && sent.at(last, 1).size === 0) sent.restart(last, copies);
  const low = earlier(last, window);
  if (low === undefined) throw noMoment('Watermark Column', last);
  const { floor } = sent;
  const start = floor !== undefined && compareMarks(floor, low) > 0 ? floor + (last.endsWith('Z') ? 'Z' : '') : low;
  return compareMarks(start, last) > 0 ? last : start;
}

/**
 * Follows a watermark and looks back behind it: of the rows inside the window those are new that were not sent before. State and file
 * go together as SentRows says.
 */
export class LateRows implements Marks {
  private readonly column: string;
  private readonly window: number;
  private readonly sent: SentRows;
  private readonly run: number;
  private readonly start: string | undefined;
  private highest: string | undefined;
  private low = '';
  private news = 0;

  constructor(column: string, state: ReadonlyMap<string, string>, window: number, sent: SentRows, start: string | undefined) {
    this.column = column;
    this.window = window;
    this.sent = sent;
    this.start = start;
    this.run = Number(state.get(SYNC_RUN) ?? 0) + 1;
    this.rise(state.get(LAST_SYNC));
    if (start !== undefined) sent.forgetBelow(start);
  }

  get overflowed(): boolean {
    return this.sent.overflowed;
  }

  fresh(batch: RecordBatch): RecordBatch {
    return batch.filter((record) => this.isFresh(record));
  }

  state(): Record<string, string> | undefined {
    if (this.news === 0 || this.highest === undefined) return undefined;
    this.sent.trim(this.low);
    return { [LAST_SYNC]: this.highest, [ROWS_AT_LAST_SYNC]: writeCopies(this.sent.at(this.highest, MAX_FINGERPRINTS)), [SYNC_RUN]: String(this.run) };
  }

  private isFresh(record: DataRecord): boolean {
    const mark = record[this.column] ?? null;
    if (mark === null) return true;
    if (typeof mark !== 'string') throw noMoment(this.column, mark);
    if (this.highest === undefined || compareMarks(mark, this.highest) > 0) this.rise(mark);
    // A query that reads further back than the window is taken at its word.
    const known = this.start !== undefined && compareMarks(mark, this.start) < 0;
    const isFresh = known || this.sent.add(fingerprint(record), mark, this.low);
    if (isFresh) this.news++;
    return isFresh;
  }

  private rise(mark: string | undefined): void {
    if (mark === undefined) return;
    const low = earlier(mark, this.window);
    if (low === undefined) throw noMoment(this.column, mark);
    [this.highest, this.low] = [mark, low];
  }
}
