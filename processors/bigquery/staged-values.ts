import * as write from '../../server/extension/column-values.ts';
import { stringifyExactly } from '../../server/extension/record.ts';
import { type TableField, word } from './bigquery-types.ts';

/** How a value is written in the JSON of a load job; undefined where the column cannot hold it. */
export type JsonWriter = write.Writer;

const quoted =
  (inner: write.Writer, change: (text: string) => string | undefined = (text) => text): JsonWriter =>
  (value) => {
    const written = inner(value);
    const text = written === undefined ? undefined : change(written);
    return text === undefined ? undefined : JSON.stringify(text);
  };
/** BigQuery's years have four digits. */
const inRange = (text: string): string | undefined => (/^\d{4}-/.test(text) ? text : undefined);

const base64: write.Writer = (value) => (write.bytes('')(value) === undefined ? undefined : write.textOf(value));

const WRITERS: Readonly<Record<string, JsonWriter>> = {
  INT64: quoted(write.integer(1n << 63n)),
  FLOAT64: quoted(write.floating(Number.MAX_VALUE)),
  BOOL: (value) => {
    const written = write.boolean(value);
    return written && String(written === 't');
  },
  DATE: quoted(write.date, inRange),
  TIME: quoted(write.time, (text) => (text.length === 5 ? `${text}:00` : text)),
  DATETIME: quoted(write.moment(false), inRange),
  TIMESTAMP: quoted(write.moment(false), (text) => inRange(text) && `${text}+00:00`),
  BYTES: quoted(base64),
  JSON: write.json,
};

/** How many digits and how many behind the point a decimal has where its definition does not say (BIGNUMERIC holds a little more). */
const DIGITS: Readonly<Record<string, readonly [number, number]>> = { NUMERIC: [38, 9], BIGNUMERIC: [76, 38] };

/** How values are written for a column. */
export function jsonWriter(field: TableField): JsonWriter {
  const { mode, precision, scale, maxLength } = field;
  const type = word(field);
  // BigQuery itself says whether the parts fit.
  if (mode === 'REPEATED') return (value) => (Array.isArray(value) ? stringifyExactly(value) : undefined);
  if (type === 'STRUCT') return (value) => (typeof value === 'object' && !Array.isArray(value) ? stringifyExactly(value) : undefined);
  const [digits, places] = DIGITS[type] ?? [];
  if (digits !== undefined) return quoted(precision === undefined ? write.decimal(digits, places) : write.decimal(Number(precision), Number(scale ?? 0)));
  return WRITERS[type] ?? quoted(write.text(maxLength === undefined ? Number.POSITIVE_INFINITY : Number(maxLength), write.characters));
}
