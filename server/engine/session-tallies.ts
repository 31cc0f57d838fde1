import { stringifyExactly } from '../extension/record.ts';
import type { RefusedRow, RowFigure } from '../extension/session.ts';
import type { FlowFileRecord } from './flowfile-record.ts';
import { REJECTED_KEPT } from './run-tally.ts';
import type { Session } from './session.ts';

/** Notes what a session says of rows. Throws TypeError for what is no number of rows. */
export function addTally(session: Session, figure: RowFigure, amount: number, record: FlowFileRecord | undefined): void {
  if (!Number.isSafeInteger(amount) || amount < 0) throw new TypeError(`${session.runnable.name} cannot count ${amount} for ${figure}: it must be a whole number, 0 or more`);
  if (amount > 0 && session.journal.runs.active) session.tallies.push({ figure, amount, record });
}

/** Notes rows that were not accepted. */
export function addRefused(session: Session, rows: readonly RefusedRow[], record: FlowFileRecord): void {
  if (rows.length === 0 || !session.journal.runs.active) return;
  const rejected = rows.slice(0, REJECTED_KEPT).map(({ row, reason }) => ({ row: stringifyExactly(row), reason }));
  session.tallies.push({ figure: 'rowsRejected', amount: rows.length, record, rejected });
}
