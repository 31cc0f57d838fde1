import { compileDateFormat } from './date-format.ts';
import { compileDateParser, type ParsedDate } from './date-parse.ts';
import { resolveDate } from './date-resolution.ts';
import { InstantValue } from './instants.ts';
import { zoneOf } from './zones.ts';

const ISO = /^([-+]?\d{4,9}-\d\d-\d\d[Tt]\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d(?::\d\d)?)$/;
const UTC = zoneOf('UTC');
const isoSeconds = compileDateFormat("uuuu-MM-dd'T'HH:mm:ss");

/** Milliseconds, an ISO 8601 instant or offset date-time, or an RFC 1123 date-time (Guide, "formatInstant"). Throws an Error. */
export function parseInstant(text: string): InstantValue {
  if (/^\d+$/.test(text)) return InstantValue.ofMilliseconds(Number(text));
  const found = readIso(text) ?? readRfc1123(text);
  if (!found) throw new Error(`'${text}' is not an instant: neither milliseconds nor ISO 8601 with an offset nor RFC 1123`);
  return found;
}

/** Whether the text is an ISO 8601 or RFC 1123 instant; milliseconds alone are not. */
export function isInstant(text: string): boolean {
  return (readIso(text) ?? readRfc1123(text)) !== undefined;
}

/** Java's Instant.toString: UTC, with as many digits of the second as it needs, in threes. */
export function instantText({ seconds, nanos }: InstantValue): string {
  const digits = String(nanos)
    .padStart(9, '0')
    .replace(/(?:000)+$/, '');
  return `${isoSeconds(seconds, 0, UTC)}${digits === '' ? '' : `.${digits}`}Z`;
}

function readIso(text: string): InstantValue | undefined {
  const [, date, seconds = ':00', fraction = '', offset] = ISO.exec(text) ?? [];
  if (!date) return undefined;
  const read = attempt(`${date}${seconds}${offset}`.toUpperCase(), "uuuu-MM-dd'T'HH:mm:ssXXXXX");
  return read && new InstantValue(read.seconds, Number(fraction.padEnd(9, '0')));
}

function readRfc1123(text: string): InstantValue | undefined {
  const read = attempt(text, '[EEE, ]d MMM uuuu HH:mm[:ss] z') ?? attempt(text, '[EEE, ]d MMM uuuu HH:mm[:ss] Z');
  return read && new InstantValue(read.seconds, 0);
}

function attempt(text: string, pattern: string): { seconds: number } | undefined {
  try {
    const parsed: ParsedDate = compileDateParser(pattern, 'lenient')(text);
    return isStrict(parsed) ? resolveDate(parsed, UTC) : undefined;
  } catch {
    return undefined;
  }
}

/** An instant's date must exist: no last day of the month instead of a 31st. */
function isStrict({ fields }: ParsedDate): boolean {
  const [year, month, day] = [fields.get('year')!, fields.get('month')!, fields.get('dayOfMonth')!];
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}
