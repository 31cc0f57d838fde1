import * as write from '../../server/extension/column-values.ts';

const changed =
  (inner: write.Writer, change: (text: string) => string | undefined): write.Writer =>
  (value) => {
    const text = inner(value);
    return text === undefined ? undefined : change(text);
  };

/** SQL Server's years have four digits. */
const inRange = (text: string): string | undefined => (/^\d{4}-/.test(text) ? text : undefined);
/** Its clocks have seven digits behind the second. */
const inTicks = (text: string): string => text.replace(/(\.\d{7})\d+/, '$1');
const moment = changed(write.moment(false), (text) => inRange(text) && inTicks(text));
const units = (text: string): number => text.length;

const SIMPLE: Readonly<Record<string, write.Writer>> = {
  tinyint: changed(write.integer(256n), (text) => (text.startsWith('-') ? undefined : text)),
  smallint: write.integer(1n << 15n),
  int: write.integer(1n << 31n),
  bigint: write.integer(1n << 63n),
  float: write.floating(Number.MAX_VALUE),
  real: write.floating(3.4028235e38),
  money: write.decimal(19, 4),
  smallmoney: write.decimal(10, 4),
  bit: changed(write.boolean, (text) => (text === 't' ? '1' : '0')),
  date: changed(write.date, inRange),
  time: changed(write.time, inTicks),
  datetime2: moment,
  datetimeoffset: changed(moment, (text) => `${text.replace(' ', 'T')}Z`),
  // Three digits, and no years before 1753.
  datetime: changed(moment, (text) => (text < '1753' ? undefined : text.replace(/(\.\d{3})\d+/, '$1'))),
  smalldatetime: changed(moment, (text) => (text < '1900' || text >= '2079-06-07' ? undefined : text.slice(0, 19))),
  uniqueidentifier: (value) => (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(write.textOf(value)) ? write.textOf(value) : undefined),
};

/** How values are staged for a column, as text that the server casts to its type. */
export function stagedText(native: string): write.Writer {
  const [first, second] = (native.match(/\d+/g) ?? []).map(Number);
  if (/^(decimal|numeric)/.test(native)) return write.decimal(first ?? 18, second ?? 0);
  if (/binary/.test(native)) return changed(write.bytes(''), (text) => (text.length > (first ?? Number.POSITIVE_INFINITY) * 2 ? undefined : text));
  return SIMPLE[native.replace(/\(.*/, '')] ?? write.text(first ?? Number.POSITIVE_INFINITY, units);
}

const isText = (native: string): boolean => /char|text/.test(native);

/** SQL of a staged text as a value of the column's type. */
export function fromText(text: string, native: string): string {
  if (/binary/.test(native)) return `CONVERT(${native}, ${text}, 2)`;
  return native === 'nvarchar(max)' ? text : `CAST(${text} AS ${native})`;
}

/** SQL that is true where two values are not the same: text by each of its letters, whatever the collation, and the spaces at its end. */
export function differs(a: string, b: string, native: string): string {
  const [left, right] = isText(native) ? [`CONCAT(${a}, '|') COLLATE Latin1_General_100_BIN2`, `CONCAT(${b}, '|') COLLATE Latin1_General_100_BIN2`] : [a, b];
  return `(${left} <> ${right} OR (${a} IS NULL AND ${b} IS NOT NULL) OR (${a} IS NOT NULL AND ${b} IS NULL))`;
}
