import { compileDateFormat } from './date-format.ts';
import { compileDateParser } from './date-parse.ts';
import { resolveDate } from './date-resolution.ts';
import { DateValue } from './instants.ts';
import { systemZone } from './zones.ts';

const TO_STRING = 'EEE MMM dd HH:mm:ss zzz yyyy';
const TO_STRING_FORM = /^(?:[a-zA-Z]{3} ){2}\d{2} \d{2}:\d{2}:\d{2} .*? \d{4}$/;
const ALTERNATE_FORM = /^\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2}(\.\d{3})?$/;
const format = compileDateFormat(TO_STRING);

/** A date as text, as java.util.Date writes it: `Wed Dec 31 12:00:04 UTC 2016` (Guide, "Data Types"). */
export function dateText(milliseconds: number): string {
  return format(Math.floor(milliseconds / 1000), 0, systemZone());
}

/** Text to a date without a format: milliseconds, `2014/12/31 15:36:03.264` or the form of dateText. Throws an Error for any other. */
export function parseImplicitDate(text: string): DateValue {
  if (/^\d+$/.test(text)) return new DateValue(Number(text));
  const alternate = ALTERNATE_FORM.exec(text);
  if (alternate) return parseDate(text, alternate[1] ? 'yyyy/MM/dd HH:mm:ss.SSS' : 'yyyy/MM/dd HH:mm:ss');
  if (TO_STRING_FORM.test(text)) return parseDate(text, TO_STRING);
  throw new Error(`'${text}' is not a date; use toDate with the format that it is in`);
}

function parseDate(text: string, pattern: string): DateValue {
  const { seconds, nano } = resolveDate(compileDateParser(pattern, 'lenient')(text), systemZone());
  return new DateValue(seconds * 1000 + Math.floor(nano / 1_000_000));
}
