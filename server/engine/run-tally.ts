import type { FlowFileRecord } from './flowfile-record.ts';
import type { Figure } from './run.ts';

/** What a session says of the rows of a FlowFile; it counts when the session is committed. */
export interface Tally {
  readonly figure: Figure;
  readonly amount: number;
  /** The FlowFile whose rows they are; the session's own runs where there is none. */
  readonly record: FlowFileRecord | undefined;
  /** Rows that were rejected: row as JSON, and why. */
  readonly rejected?: readonly { readonly row: string; readonly reason: string }[];
}

/** So many rejected rows of a run are kept; all are counted. */
export const REJECTED_KEPT = 1000;
