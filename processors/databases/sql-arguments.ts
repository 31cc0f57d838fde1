import { ProcessError } from '../../server/extension/errors.ts';
import type { RecordValue } from '../../server/extension/record.ts';
import { coerce } from '../../server/extension/record-coercion.ts';
import { type DateKind, parseDate } from '../../server/extension/record-dates.ts';
import { type DataType, decimalType, TYPES } from '../../server/extension/record-schema.ts';

/** Types by the numbers of java.sql.Types. */
const BY_NUMBER: Readonly<Record<string, DataType>> = {
  '-7': TYPES.boolean,
  '16': TYPES.boolean,
  '-6': TYPES.short,
  '5': TYPES.short,
  '4': TYPES.int,
  '-5': TYPES.long,
  '7': TYPES.float,
  '6': TYPES.double,
  '8': TYPES.double,
  '2': decimalType(38, 10),
  '3': decimalType(38, 10),
  '91': TYPES.date,
  '92': TYPES.time,
  '93': TYPES.timestamp,
};
const BINARY = ['-2', '-3', '-4'];
const PATTERNS: Readonly<Record<string, string>> = {
  BASIC_ISO_DATE: 'yyyyMMdd',
  ISO_LOCAL_DATE: 'yyyy-MM-dd',
  ISO_LOCAL_TIME: 'HH:mm:ss',
  ISO_LOCAL_DATE_TIME: "yyyy-MM-dd'T'HH:mm:ss",
};

function bytesOf(text: string, format: string | undefined): number[] {
  const encoding = format === 'hex' ? 'hex' : format === 'base64' ? 'base64' : format === undefined || format === '' || format === 'ascii' ? 'latin1' : undefined;
  if (!encoding) throw new ProcessError(`'${format}' is not a format of bytes; take ascii, base64 or hex.`);
  return [...Buffer.from(text, encoding)];
}

/** The value of one argument. Throws ProcessError where its text is none of its type. */
function argumentValue(index: number, type: string, text: string | undefined, format: string | undefined): RecordValue {
  if (text === undefined || (text === '' && BY_NUMBER[type])) return null;
  if (BINARY.includes(type)) return bytesOf(text, format);
  const wanted = BY_NUMBER[type];
  if (!wanted) return text;
  const isDate = wanted.kind === 'date' || wanted.kind === 'time' || wanted.kind === 'timestamp';
  const value = isDate
    ? parseDate(text, wanted.kind as DateKind, format ? (PATTERNS[format] ?? format) : undefined)
    : wanted.kind === 'boolean' && /^[01]$/.test(text)
      ? text === '1'
      : coerce(text, wanted);
  if (value === undefined) throw new ProcessError(`sql.args.${index}.value is '${text}', which is no value of the type ${type} (sql.args.${index}.type).`);
  return value;
}

/** The arguments of a statement: `sql.args.N.type`, `.value` and `.format`, from 1. Throws ProcessError. */
export function sqlArguments(attributes: ReadonlyMap<string, string>): RecordValue[] {
  const values: RecordValue[] = [];
  for (let index = 1; attributes.has(`sql.args.${index}.type`); index++) {
    const prefix = `sql.args.${index}`;
    values.push(argumentValue(index, attributes.get(`${prefix}.type`)!, attributes.get(`${prefix}.value`), attributes.get(`${prefix}.format`)));
  }
  return values;
}
