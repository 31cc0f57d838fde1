import { RUN_ATTRIBUTE } from '../extension/session.ts';
import { Attributes } from './attributes.ts';
import type { FlowFileRecord } from './flowfile-record.ts';

/** A run and its share in a FlowFile. RUN_ATTRIBUTE holds the run's number, such as `12`, or, of what was merged from several runs, shares, such as `12:60,13:40`; these are compared with each other, and need not add up to anything. */
export type Share = readonly [run: number, weight: number];

export function sharesIn(text: string): Share[] {
  return text.split(',').map((part) => {
    const [run, weight = '1'] = part.split(':');
    return [Number(run), Number(weight)] as const;
  });
}

/** Shares as a text; whole numbers stay whole. */
function textOf(shares: ReadonlyMap<number, number>): string {
  if (shares.size === 1) return String([...shares.keys()][0]);
  return [...shares].map(([run, weight]) => `${run}:${Number(weight.toPrecision(9))}`).join(',');
}

/** How many rows a FlowFile holds, as its attribute says; 1 where none does. */
function rowsOf(record: FlowFileRecord): number {
  const count = Number(record.current.own.get('record.count') ?? 1);
  return Number.isFinite(count) && count > 0 ? count : 1;
}

/** The run, or the shares of runs, that belong to all of these together; undefined where they belong to none. Each counts by its rows. */
export function sharedBy(records: readonly FlowFileRecord[]): string | undefined {
  const [first, ...others] = [...new Set(records.map(({ current }) => current.own.get(RUN_ATTRIBUTE)))].filter((text) => text !== undefined);
  if (first === undefined || others.length === 0) return first;
  const weights = new Map<number, number>();
  for (const record of records) {
    const text = record.current.own.get(RUN_ATTRIBUTE);
    if (text === undefined) continue;
    const shares = sharesIn(text);
    const total = shares.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [run, weight] of shares) weights.set(run, (weights.get(run) ?? 0) + (rowsOf(record) * weight) / total);
  }
  return textOf(weights);
}

/** Attributes with a run; the same object where it is the same. */
export function withRun(attributes: Attributes, run: string | undefined): Attributes {
  if (run === undefined || attributes.get(RUN_ATTRIBUTE) === run) return attributes;
  return attributes.entries.size === 0 ? Attributes.of([[RUN_ATTRIBUTE, run]]) : attributes.with(RUN_ATTRIBUTE, run);
}

/** Divides a whole amount among shares so that the parts add up to it exactly: the largest remainders get what is left. */
export function apportioned(amount: number, shares: readonly Share[]): Share[] {
  if (shares.length === 1) return [[shares[0]![0], amount]];
  const total = shares.reduce((sum, [, weight]) => sum + weight, 0);
  const exact = shares.map(([run, weight]) => ({ run, part: Math.floor((amount * weight) / total), rest: ((amount * weight) / total) % 1 }));
  let left = amount - exact.reduce((sum, { part }) => sum + part, 0);
  for (const each of [...exact].sort((a, b) => b.rest - a.rest || a.run - b.run)) {
    if (left <= 0) break;
    each.part++;
    left--;
  }
  return exact.map(({ run, part }) => [run, part] as const);
}
