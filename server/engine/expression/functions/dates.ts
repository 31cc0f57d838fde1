import type { Evaluation, Piece } from '../evaluation.ts';
import { parseAmount, shift } from '../../../extension/java/date-amount.ts';
import { compileDateFormat, type DateFormat } from '../../../extension/java/date-format.ts';
import { compileDateParser, type DateParser } from '../../../extension/java/date-parse.ts';
import { isComplete, isExistingDate, resolveDate } from '../../../extension/java/date-resolution.ts';
import { isInstant } from '../../../extension/java/instant-text.ts';
import { DateValue, InstantValue } from '../../../extension/java/instants.ts';
import { trim } from '../../../extension/java/text.ts';
import { systemZone, type Zone, zoneOf } from '../../../extension/java/zones.ts';
import { type Numeric, type Whole, wrap } from '../numbers.ts';
import { type Compilation, date, define, type FunctionDeclaration, type FunctionTable, instant, optional, parsed, required, text, whole } from './declaration.ts';

const format = parsed(compileDateFormat);
const lenient = parsed((pattern: string) => compileDateParser(pattern, 'lenient'));
const strict = parsed((pattern: string) => compileDateParser(pattern, 'strict'));
const zone = parsed(zoneOf);
const amount = parsed(parseAmount);
const UTC = zoneOf('UTC');

/** The Guide's "Date Manipulation". */
export const dateFunctions: FunctionTable = {
  format: define(date, [format, optional(zone)], 'string', formatDate),
  formatInstant: define(instant, [format, zone], 'string', formatInstant),
  toDate: byArguments(0, define(text, [lenient, optional(zone)], 'date', toDate), define(whole, [], 'date', dateOf)),
  toInstant: byArguments(2, define(text, [strict, zone], 'instant', toInstant), define(whole, [], 'instant', instantOf)),
  toMicros: counted((seconds, nanos) => seconds * 1_000_000n + nanos / 1000n),
  toNanos: counted((seconds, nanos) => seconds * 1_000_000_000n + nanos),
  plusDuration: onDate(1),
  minusDuration: onDate(-1),
  plusInstantDuration: onInstant(1),
  minusInstantDuration: onInstant(-1),
  isValidInstant: define(text, [], 'boolean', (s) => s !== undefined && isInstant(trim(s))),
  isValidDate: define(text, [lenient, optional(zone)], 'boolean', isValidDate),
};

function formatDate(value: DateValue | undefined, pattern: DateFormat | undefined, at: Zone | undefined): string | undefined {
  if (value === undefined || pattern === undefined) return undefined;
  const seconds = Math.floor(value.milliseconds / 1000);
  return pattern(seconds, (value.milliseconds - seconds * 1000) * 1_000_000, at ?? systemZone());
}

function dateOf(milliseconds: Whole | undefined): DateValue | undefined {
  return milliseconds === undefined ? undefined : new DateValue(Number(milliseconds));
}

function instantOf(milliseconds: Whole | undefined): InstantValue | undefined {
  return milliseconds === undefined ? undefined : InstantValue.ofMilliseconds(Number(milliseconds));
}

function formatInstant(value: InstantValue | undefined, pattern: DateFormat | undefined, at: Zone | undefined): string | undefined {
  return value && pattern?.(value.seconds, value.nanos, required(at, 'formatInstant: the time zone'));
}

function toDate(s: string | undefined, parse: DateParser | undefined, at: Zone | undefined): DateValue | undefined {
  if (s === undefined || parse === undefined) return undefined;
  const { seconds, nano } = resolveDate(parse(s), at ?? systemZone());
  return new DateValue(seconds * 1000 + Math.floor(nano / 1_000_000));
}

function toInstant(s: string | undefined, parse: DateParser | undefined, at: Zone | undefined): InstantValue | undefined {
  if (s === undefined || parse === undefined) return undefined;
  const read = parse(s);
  if (!isComplete(read)) throw new Error(`toInstant: '${s}' is no instant, since its format lacks the date or the time of day`);
  const { seconds, nano } = resolveDate(read, required(at, 'toInstant: the time zone'));
  return new InstantValue(seconds, nano);
}

function isValidDate(s: string | undefined, parse: DateParser | undefined, at: Zone | undefined): boolean {
  if (s === undefined || parse === undefined) return false;
  try {
    return isExistingDate(parse(trim(s)), at);
  } catch {
    return false;
  }
}

function onDate(sign: 1 | -1): FunctionDeclaration {
  return define(date, [amount, optional(zone)], 'date', (value, by, at) => {
    if (value === undefined) return undefined;
    const from = InstantValue.ofMilliseconds(value.milliseconds);
    return new DateValue(shift(from, required(by, 'the amount of time'), sign, at ?? systemZone()).milliseconds);
  });
}

function onInstant(sign: 1 | -1): FunctionDeclaration {
  return define(instant, [amount], 'instant', (value, by) => value && shift(value, required(by, 'the amount of time'), sign, UTC));
}

/** Text is read by the format; a number is milliseconds, and a format given with it goes unused, as in NiFi. */
function byArguments(minimum: number, ofText: FunctionDeclaration, ofNumber: FunctionDeclaration): FunctionDeclaration {
  const build = (subject: Piece, passed: readonly Piece[], compilation: Compilation): Piece => {
    if (passed.length > 0 && passed.length < minimum) compilation.fail(`takes 0 or ${minimum} arguments, not ${passed.length}`);
    return passed.length > 0 && subject.type === 'string' ? ofText.build(subject, passed, compilation) : ofNumber.build(subject, [], compilation);
  };
  return { minimum: 0, maximum: 2, build };
}

/** Of an instant only: a date would pretend to a precision that it does not have. */
function counted(count: (seconds: bigint, nanos: bigint) => bigint): FunctionDeclaration {
  const build = (subject: Piece, _: readonly Piece[], { fail }: Compilation): Piece => {
    if (subject.type !== 'instant') fail(`its subject must be an instant, not a ${subject.type}`);
    const evaluate = (on: Evaluation): Numeric | undefined => {
      const value = subject.evaluate(on) as InstantValue | undefined;
      return value && wrap(count(BigInt(value.seconds), BigInt(value.nanos)));
    };
    return { type: 'numeric', literal: false, evaluate };
  };
  return { minimum: 0, maximum: 0, build };
}
