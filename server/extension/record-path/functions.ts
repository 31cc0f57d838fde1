import { createHash } from 'node:crypto';
import { ProcessError, PropertyError } from '../errors.ts';
import { compileDateFormat } from '../java/date-format.ts';
import { compileDateParser } from '../java/date-parse.ts';
import { resolveDate } from '../java/date-resolution.ts';
import { compileRegex } from '../java/regex.ts';
import { systemZone, zoneOf } from '../java/zones.ts';
import { type ExactNumber, exactNumber, parseExactly, type RecordValue, stringifyExactly } from '../record.ts';
import { coerce, textOf } from '../record-coercion.ts';
import { isoOfMillis, millisOf } from '../record-dates.ts';
import { BYTES, TYPES } from '../record-schema.ts';
import { made, type PathValue } from './path-value.ts';

/** Evaluates an argument in the surroundings of the call. */
export type Argument = () => readonly PathValue[];
export type PathFunction = (args: readonly Argument[]) => readonly PathValue[];

interface Declared {
  /** Fewest and most arguments. */
  readonly count: readonly [number, number];
  readonly call: PathFunction;
}

const isNothing = (value: RecordValue | undefined): value is null | undefined => value === null || value === undefined;
const first = (argument: Argument | undefined): RecordValue | undefined => argument?.()[0]?.value;
const firstText = (argument: Argument | undefined): string | undefined => {
  const value = first(argument);
  return isNothing(value) ? undefined : textOf(value);
};

/** Changes each text of the first argument; values that are null drop out. */
const text = (count: readonly [number, number], change: (value: string, rest: readonly Argument[]) => string): Declared => ({
  count,
  call: ([subject, ...rest]) =>
    subject!()
      .filter(({ value }) => !isNothing(value))
      .map((one) => ({ ...one, value: change(textOf(one.value!), rest), type: TYPES.string })),
});

/** Changes each value of the first argument; values that are null drop out. */
const each = (count: readonly [number, number], change: (one: PathValue, rest: readonly Argument[]) => PathValue): Declared => ({
  count,
  call: ([subject, ...rest]) =>
    subject!()
      .filter(({ value }) => !isNothing(value))
      .map((one) => change(one, rest)),
});

/** Decides about each value of the first argument. */
const test = (count: readonly [number, number], decide: (value: string, other: string) => boolean): Declared => ({
  count,
  call: ([subject, other]) => {
    const wanted = firstText(other) ?? '';
    return subject!().map(({ value }) => made('test', !isNothing(value) && decide(textOf(value), wanted), TYPES.boolean));
  },
});

const blank = (decide: (value: string) => boolean): Declared => ({
  count: [1, 1],
  call: ([subject]) => subject!().map(({ value }) => made('test', isNothing(value) || decide(textOf(value)), TYPES.boolean)),
});

const before = (at: (value: string, part: string) => number) =>
  text([2, 2], (value, [part]) => {
    const wanted = firstText(part) ?? '';
    const index = wanted === '' ? -1 : at(value, wanted);
    return index < 0 ? value : value.slice(0, index);
  });
const after = (at: (value: string, part: string) => number) =>
  text([2, 2], (value, [part]) => {
    const wanted = firstText(part) ?? '';
    const index = wanted === '' ? -1 : at(value, wanted);
    return index < 0 ? value : value.slice(index + wanted.length);
  });

/** Ends count from the end where they are negative: -1 is the end itself. */
function substring(value: string, [from, to]: readonly Argument[]): string {
  const place = (argument: Argument | undefined): number | undefined => {
    const number = first(argument);
    const whole = isNothing(number) ? undefined : coerce(number, TYPES.int);
    return typeof whole === 'number' ? (whole < 0 ? value.length + 1 + whole : whole) : undefined;
  };
  const start = place(from);
  const end = place(to);
  if (start === undefined || end === undefined || end <= start || start < 0 || start > value.length) return '';
  return value.slice(start, end);
}

const padding = (side: 'padStart' | 'padEnd') =>
  text([2, 3], (value, [length, pad]) => {
    const wanted = Number(first(length) ?? 0);
    if (wanted > 1_000_000) throw new ProcessError(`The RecordPath pads to ${wanted} characters; at most a million are made.`);
    return value[side](wanted, firstText(pad) || '_');
  });

/** A text, list or nested list as texts; null is the word. */
const joined = (value: RecordValue | undefined): string[] => (isNothing(value) ? ['null'] : Array.isArray(value) ? value.flatMap(joined) : [textOf(value)]);

const zone = (argument: Argument | undefined) => {
  const id = firstText(argument);
  return id === undefined ? systemZone() : zoneOf(id);
};

function format(one: PathValue, [pattern, zoneId]: readonly Argument[]): PathValue {
  const { value } = one;
  const wanted = firstText(pattern);
  const isDate = typeof value === 'string' && (one.type?.kind === 'date' || one.type?.kind === 'time' || one.type?.kind === 'timestamp');
  const millis = typeof value === 'number' ? value : isDate ? millisOf(value) : undefined;
  if (!wanted || millis === undefined) return one;
  const seconds = Math.floor(millis / 1000);
  return { ...one, value: compileDateFormat(wanted)(seconds, Math.round((millis - seconds * 1000) * 1e6), zone(zoneId)), type: TYPES.string };
}

function toDate(one: PathValue, [pattern, zoneId]: readonly Argument[]): PathValue {
  if (typeof one.value !== 'string') return one;
  try {
    const { seconds, nano } = resolveDate(compileDateParser(firstText(pattern) ?? '', 'strict')(one.value), zone(zoneId));
    return { ...one, value: isoOfMillis(seconds * 1000 + Math.floor(nano / 1e6), 'timestamp'), type: TYPES.timestamp };
  } catch {
    // NiFi leaves text alone that does not fit the format.
    return one;
  }
}

const DIGESTS: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-1': 'sha1', SHA1: 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

function hash(value: string, [algorithm]: readonly Argument[]): string {
  const name = firstText(algorithm) ?? '';
  const digest = DIGESTS[name.toUpperCase()];
  if (!digest) throw new ProcessError(`The RecordPath function hash knows no algorithm '${name}'. It knows ${Object.keys(DIGESTS).join(', ')}.`);
  return createHash(digest).update(value).digest('hex');
}

/** A UUID of version 5 in the name space of the second argument, or in none. */
function uuid5(name: string, [space]: readonly Argument[]): string {
  const given = firstText(space);
  const bytes = createHash('sha1')
    .update(given ? Buffer.from(given.replaceAll('-', ''), 'hex') : Buffer.alloc(0))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

type Numeric = number | bigint | ExactNumber;

function numeric(argument: Argument, name: string): readonly PathValue[] {
  return argument().map((one) => {
    const value = isNothing(one.value) ? undefined : coerce(one.value, { kind: 'decimal', precision: 38, scale: 10 });
    if (value === undefined) throw new ProcessError(`The RecordPath function ${name} needs numbers, and '${one.name}' is none.`);
    return { ...one, value };
  });
}

/** Whole numbers stay whole, as long as they are in NiFi; others are doubles. */
const math = (name: string, whole: (a: bigint, b: bigint) => bigint, double: (a: number, b: number) => number): Declared => ({
  count: [2, 2],
  call([left, right]) {
    const other = numeric(right!, name)[0]?.value as Numeric | undefined;
    if (other === undefined) return [];
    return numeric(left!, name).map((one) => {
      const value = one.value as Numeric;
      const areWhole = [value, other].every((number) => typeof number === 'bigint' || (typeof number === 'number' && Number.isInteger(number)));
      if (name === 'divide' && Number(other) === 0) throw new ProcessError('The RecordPath divides by zero.');
      const result = areWhole ? exactNumber(String(whole(BigInt(value as number), BigInt(other as number)))) : double(Number(value), Number(other));
      return made(name, result, areWhole ? TYPES.long : TYPES.double);
    });
  },
});

function unescapeJson(one: PathValue): PathValue {
  if (typeof one.value !== 'string') return one;
  try {
    return { ...made(one.name, parseExactly(one.value)), parent: one.parent, key: one.key };
  } catch {
    throw new ProcessError(`The field '${one.name}' does not hold JSON, which the RecordPath function unescapeJson needs.`);
  }
}

/** Names and values in turn. */
function pairs(args: readonly Argument[], name: string): [string, PathValue | undefined][] {
  if (args.length % 2 === 1) throw new PropertyError(`The RecordPath function ${name} needs names and values in turn`);
  return Array.from({ length: args.length / 2 }, (_, index) => [firstText(args[index * 2]) ?? '', args[index * 2 + 1]!()[0]]);
}

const MANY = 1000;

/** All functions of the RecordPath Guide, and those that NiFi's compiler knows besides; `anchored` is the compiler's own. */
export const FUNCTIONS: Readonly<Record<string, Declared>> = {
  substring: text([3, 3], substring),
  substringAfter: after((value, part) => value.indexOf(part)),
  substringAfterLast: after((value, part) => value.lastIndexOf(part)),
  substringBefore: before((value, part) => value.indexOf(part)),
  substringBeforeLast: before((value, part) => value.lastIndexOf(part)),
  replace: text([3, 3], (value, [part, other]) => value.replaceAll(firstText(part) ?? '', () => firstText(other) ?? '')),
  replaceRegex: text([3, 3], (value, [pattern, other]) => compileRegex(firstText(pattern) ?? '').replaceAll(value, firstText(other) ?? '')),
  replaceNull: { count: [2, 2], call: ([subject, other]) => subject!().map((one) => (isNothing(one.value) ? { ...one, value: first(other), type: other!()[0]?.type } : one)) },
  concat: {
    count: [1, MANY],
    call: (args) => [made('concat', args.flatMap((argument) => argument().map(({ value }) => (isNothing(value) ? '' : textOf(value)))).join(''), TYPES.string)],
  },
  join: {
    count: [2, MANY],
    call: ([delimiter, ...values]) => [made('join', values.flatMap((argument) => argument().flatMap(({ value }) => joined(value))).join(firstText(delimiter) ?? ''), TYPES.string)],
  },
  coalesce: {
    count: [1, MANY],
    call: (args) =>
      args
        .flatMap((argument) => argument())
        .filter(({ value }) => !isNothing(value))
        .slice(0, 1),
  },
  count: { count: [1, 1], call: ([subject]) => [made('count', subject!().length, TYPES.long)] },
  arrayOf: {
    count: [1, MANY],
    call: (args) => [
      made(
        'arrayOf',
        args.flatMap((argument) => argument().map(({ value }) => value ?? null)),
      ),
    ],
  },
  mapOf: {
    count: [2, MANY],
    call: (args) => [
      made('mapOf', Object.fromEntries(pairs(args, 'mapOf').map(([name, one]) => [name, isNothing(one?.value) ? null : textOf(one.value)])), { kind: 'map', value: TYPES.string }),
    ],
  },
  recordOf: { count: [2, MANY], call: (args) => [made('recordOf', Object.fromEntries(pairs(args, 'recordOf').map(([name, one]) => [name, one?.value ?? null])))] },
  toLowerCase: text([1, 1], (value) => value.toLowerCase()),
  toUpperCase: text([1, 1], (value) => value.toUpperCase()),
  trim: text([1, 1], (value) => value.trim()),
  fieldName: { count: [1, 1], call: ([subject]) => subject!().map((one) => ({ ...one, value: one.name, type: TYPES.string })) },
  toDate: each([2, 3], toDate),
  format: each([2, 3], format),
  toString: each([1, 2], (one) => ({
    ...one,
    value: Array.isArray(one.value) && one.value.every((byte) => typeof byte === 'number') ? Buffer.from(one.value as number[]).toString() : textOf(one.value!),
    type: TYPES.string,
  })),
  toBytes: each([1, 2], (one) => ({ ...one, value: typeof one.value === 'string' ? [...Buffer.from(one.value)] : one.value, type: BYTES })),
  toNumber: each([1, 1], (one) => ({ ...one, ...made(one.name, coerce(one.value!, { kind: 'decimal', precision: 38, scale: 10 }) ?? null) })),
  base64Encode: text([1, 1], (value) => Buffer.from(value).toString('base64')),
  base64Decode: text([1, 1], (value) => Buffer.from(value, 'base64').toString()),
  escapeJson: each([1, 1], (one) => ({ ...one, value: stringifyExactly(one.value), type: TYPES.string })),
  unescapeJson: each([1, 3], unescapeJson),
  hash: text([2, 2], hash),
  uuid5: text([1, 2], uuid5),
  padLeft: padding('padStart'),
  padRight: padding('padEnd'),
  add: math(
    'add',
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  subtract: math(
    'subtract',
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  multiply: math(
    'multiply',
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  divide: math(
    'divide',
    (a, b) => a / b,
    (a, b) => a / b,
  ),
  contains: test([2, 2], (value, part) => value.includes(part)),
  containsRegex: test([2, 2], (value, pattern) => compileRegex(pattern).find(value)),
  matchesRegex: test([2, 2], (value, pattern) => compileRegex(pattern).matches(value)),
  startsWith: test([2, 2], (value, part) => value.startsWith(part)),
  endsWith: test([2, 2], (value, part) => value.endsWith(part)),
  isEmpty: blank((value) => value === ''),
  isBlank: blank((value) => value.trim() === ''),
  not: { count: [1, 1], call: ([subject]) => subject!().map(({ value }) => made('not', value !== true, TYPES.boolean)) },
};
