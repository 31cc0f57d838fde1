import type { StoredRejectedRow } from '../engine/run.ts';
import type { RejectedRowView } from './views.ts';

type Row = Readonly<Record<string, unknown>>;

export function rejectedRowView({ id, at, reason, row, componentName }: StoredRejectedRow): RejectedRowView {
  const parsed = JSON.parse(row) as unknown;
  return { id, at: new Date(at).toISOString(), reason, row: typeof parsed === 'object' && parsed !== null ? (parsed as Row) : { value: parsed }, componentName };
}

/** A text that a spreadsheet would take for a formula begins with a quote instead (OWASP, CSV Injection). */
function defused(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}

function cell(value: unknown): string {
  const text = value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const safe = defused(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rejected rows as CSV (RFC 4180), the reason first. */
export function rejectedCsv(rows: readonly RejectedRowView[]): string {
  const names = [...new Set(rows.flatMap(({ row }) => Object.keys(row)))];
  const lines = rows.map(({ reason, row }) => [reason, ...names.map((name) => row[name])].map(cell).join(','));
  return [['_reason', ...names].map(cell).join(','), ...lines].map((line) => `${line}\r\n`).join('');
}
