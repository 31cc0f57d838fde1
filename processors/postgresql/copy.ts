import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Loader, StageRow } from './upsert.ts';

/** Characters sent at once. */
const CHUNK = 64 * 1024;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A value in COPY's text format. */
const escaped = (text: string | null): string => (text === null ? '\\N' : /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (one) => ESCAPES[one]!) : text);

function* lines(rows: readonly StageRow[]): Generator<string> {
  let chunk = '';
  for (const row of rows) {
    chunk += `${row.map(escaped).join('\t')}\n`;
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}

/** COPY ... FROM STDIN: one statement for ten thousand rows, and no parameters to parse. */
export const copyFromStdin: Loader = async (session, stage, columns, rows) => {
  const { from } = await import('pg-copy-streams');
  await pipeline(Readable.from(lines(rows)), session.client.query(from(`COPY ${stage} (${columns.join(', ')}) FROM STDIN`)));
};
