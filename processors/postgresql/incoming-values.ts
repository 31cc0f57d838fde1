import { boolean, bytes, characters, date, decimal, floating, integer, json, moment, text, textOf, time, type Writer } from '../../server/extension/column-values.ts';
import type { RecordValue } from '../../server/extension/record.ts';

function list(value: RecordValue): string {
  if (value === null) return 'NULL';
  if (Array.isArray(value)) return `{${value.map(list).join(',')}}`;
  return `"${textOf(value).replace(/["\\]/g, '\\$&')}"`;
}

/** How values are written for a column of this type, or undefined where only the server knows what the type holds. */
export function writerFor(native: string, countsBytes = false): Writer | undefined {
  const [first, second] = (native.match(/\d+/g) ?? []).map(Number);
  const length = countsBytes ? Buffer.byteLength : characters;
  if (/^(text$|character)/.test(native)) return text(first ?? Number.POSITIVE_INFINITY, length);
  if (/^numeric/.test(native)) return decimal(first, second);
  if (/^time\b.*without/.test(native)) return time;
  if (/^timestamp\b/.test(native)) return moment(/with time/.test(native));
  if (/^(varbyte|binary varying)/.test(native)) return bytes('');
  return SIMPLE[native];
}

/** For types that the server checks: lists as it writes arrays, anything else as text. */
export const anyText: Writer = (value) => {
  const written = Array.isArray(value) ? list(value) : textOf(value);
  return written.includes('\0') ? undefined : written;
};

const SIMPLE: Readonly<Record<string, Writer>> = {
  smallint: integer(1n << 15n),
  integer: integer(1n << 31n),
  bigint: integer(1n << 63n),
  real: floating(3.4028235e38),
  'double precision': floating(Number.MAX_VALUE),
  boolean,
  date,
  bytea: bytes('\\x'),
  json,
  jsonb: json,
  super: json,
  uuid: (value) => (/^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i.test(textOf(value)) ? textOf(value) : undefined),
};
