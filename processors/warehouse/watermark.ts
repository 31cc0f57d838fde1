import { hash } from 'node:crypto';
import { type DataRecord, ExactNumber, exactNumber, type RecordBatch, type RecordValue, stringifyExactly } from '../../server/extension/record.ts';

/** State keys, in words that are read in the state dialog. */
export const LAST_SYNC = 'last_sync';
export const ROWS_AT_LAST_SYNC = 'rows sent at last_sync';

/** Fingerprints kept at most; rows beyond them are sent again rather than lost. */
export const MAX_FINGERPRINTS = 10_000;

/** 64 bits of a row's content: enough to tell apart the rows of one moment. */
export function fingerprint(record: DataRecord): string {
  return hash('sha256', stringifyExactly(record), 'buffer').subarray(0, 8).toString('base64url');
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

function compareDecimals(a: string, b: string): number {
  const scale = Math.max(...[a, b].map((text) => text.split('.')[1]?.length ?? 0));
  const [left, right] = [a, b].map((text) => {
    const [whole, fraction = ''] = text.split('.');
    return BigInt(whole! + fraction.padEnd(scale, '0'));
  });
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}

/** ISO texts sort by time once the blank is a T and the zone, the same for a whole column, is gone. */
export const sortable = (text: string): string => text.replace(/^(\d{4}-\d\d-\d\d) /, '$1T').replace(/Z$/, '');

/** The order of two watermarks: numbers by value, times by time, other text by its characters. */
export function compareMarks(a: RecordValue, b: RecordValue): number {
  if (a === b) return 0;
  if (typeof a === 'string' && typeof b === 'string') {
    // A column writes all its times alike, as a rule.
    if (a.length === b.length && a[10] === b[10] && a.at(-1) === b.at(-1)) return a < b ? -1 : 1;
    const [left, right] = [sortable(a), sortable(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  const [left, right] = [String(a), String(b)];
  if ((a instanceof ExactNumber || b instanceof ExactNumber) && DECIMAL.test(left) && DECIMAL.test(right)) return compareDecimals(left, right);
  const [x, y] = [a as number | bigint, b as number | bigint];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** How many copies of a row were sent, by fingerprint. */
export type Copies = Map<string, number>;

/** Copies as the state has them. */
export function readCopies(text: string | undefined): Copies {
  const entries = (text ?? '').split(' ').filter((entry) => entry !== '');
  return new Map(entries.map((entry) => [entry.split('*')[0]!, Number(entry.split('*')[1] ?? 1)]));
}

/** Copies as they go into the state. */
export function writeCopies(copies: Copies): string {
  return [...copies].map(([print, count]) => (count > 1 ? `${print}*${count}` : print)).join(' ');
}

/** Tells which rows of a result are new. */
export interface Marks {
  /** Set when more rows would have to be remembered than there is room for. */
  readonly overflowed: boolean;
  /** The rows that were not sent before. */
  fresh(batch: RecordBatch): RecordBatch;
  /** The state after this run; undefined where nothing changed. */
  state(): Record<string, string> | undefined;
}

/**
 * Follows a watermark through a query with `>= :last_sync`. Rows that stand exactly at the last watermark come again with each
 * run, and new ones may join them: those already sent are known by fingerprint (with how many copies) and left out.
 */
export class Watermark implements Marks {
  overflowed = false;
  private readonly column: string;
  private readonly last: RecordValue;
  private readonly sent: Copies;
  private readonly unseen: Copies;
  private highest: RecordValue;
  private atHighest: DataRecord[] = [];

  constructor(column: string, state: ReadonlyMap<string, string>, isNumeric: boolean) {
    const text = state.get(LAST_SYNC);
    this.column = column;
    this.last = text === undefined ? null : isNumeric && DECIMAL.test(text) ? exactNumber(text) : text;
    this.highest = this.last;
    this.sent = readCopies(state.get(ROWS_AT_LAST_SYNC));
    this.unseen = new Map(this.sent);
  }

  fresh(batch: RecordBatch): RecordBatch {
    const fresh = batch.filter((record) => this.isFresh(record));
    return fresh.length === batch.length ? batch : fresh;
  }

  state(): Record<string, string> | undefined {
    const moved = this.last === null || compareMarks(this.highest, this.last) > 0;
    if (this.highest === null || (!moved && this.atHighest.length === 0)) return undefined;
    const copies: Copies = moved ? new Map() : new Map(this.sent);
    for (const record of this.atHighest) {
      const print = fingerprint(record);
      const count = copies.get(print) ?? 0;
      if (count === 0 && copies.size >= MAX_FINGERPRINTS) this.overflowed = true;
      else copies.set(print, count + 1);
    }
    return { [LAST_SYNC]: String(this.highest), [ROWS_AT_LAST_SYNC]: writeCopies(copies) };
  }

  private isFresh(record: DataRecord): boolean {
    const mark = record[this.column] ?? null;
    // The query itself decides whether rows without a watermark come.
    if (mark === null) return true;
    if (this.unseen.size > 0 && compareMarks(mark, this.last) === 0 && this.wasSent(record)) return false;
    const order = this.highest === null ? 1 : compareMarks(mark, this.highest);
    if (order > 0) {
      this.highest = mark;
      this.atHighest = [];
    }
    if (order >= 0) this.remember(record);
    return true;
  }

  private wasSent(record: DataRecord): boolean {
    const print = fingerprint(record);
    const copies = this.unseen.get(print) ?? 0;
    if (copies > 0) this.unseen.set(print, copies - 1);
    return copies > 0;
  }

  private remember(record: DataRecord): void {
    if (this.atHighest.length < MAX_FINGERPRINTS) this.atHighest.push(record);
    else this.overflowed = true;
  }
}
