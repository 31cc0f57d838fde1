import { isNumber, isObject, type Json, jsonNumber, jsonText } from '../../server/extension/json-path/json-document.ts';

type Function = (...values: Json[]) => Json | undefined;

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : isNumber(value) ? value.value : value === null || value === undefined ? '' : String(value));

function numeric(value: Json): number | undefined {
  if (!isNumber(value) && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const found = Number(text(value));
  return Number.isFinite(found) ? found : undefined;
}

/** The arguments, or the elements of the one array. */
const spread = (values: readonly Json[]): Json[] => values.flatMap((value) => (Array.isArray(value) ? value : [value]));
const numbers = (values: readonly Json[]): number[] =>
  spread(values)
    .map(numeric)
    .filter((value) => value !== undefined);
const number = (value: number | undefined): Json | undefined => (value === undefined || !Number.isFinite(value) ? undefined : jsonNumber(value));
const strings = (values: readonly Json[]): string[] =>
  spread(values)
    .filter((value) => value !== null)
    .map(text);
const forText =
  (change: (value: string) => string): Function =>
  (value) =>
    typeof value === 'string' ? change(value) : undefined;
const forNumbers =
  (change: (...values: number[]) => number): Function =>
  (...values) => {
    const all = numbers(values);
    return all.length === 2 ? number(change(...all)) : undefined;
  };

/** A whole number keeps all its digits. */
function whole(value: Json): Json | undefined {
  const digits = /^\s*([+-]?\d+)(?:\.\d*)?\s*$/.exec(text(value))?.[1];
  return digits === undefined ? number(numeric(value) === undefined ? undefined : Math.trunc(numeric(value)!)) : jsonNumberOf(digits);
}

const jsonNumberOf = (digits: string): Json => {
  const exact = BigInt(digits);
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) && exact >= -BigInt(Number.MAX_SAFE_INTEGER)
    ? jsonNumber(Number(exact))
    : (Object.assign(jsonNumber(0) as object, { value: String(exact) }) as unknown as Json);
};

const pad = (value: Json, size: Json, filler: Json, side: 'padStart' | 'padEnd'): Json | undefined =>
  typeof value === 'string' && text(filler).length === 1 && (numeric(size) ?? -1) >= 0 ? value[side](Math.min(numeric(size)!, 10_000), text(filler)) : undefined;

function squash(value: Json, isDeep: boolean): Json {
  if (Array.isArray(value)) return value.filter((each) => each !== null).map((each) => (isDeep ? squash(each, true) : each));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null)
      .map(([key, each]) => [key, isDeep ? squash(each, true) : each]),
  );
}

const sizeOf: Function = (value) =>
  typeof value === 'string' || Array.isArray(value) ? jsonNumber(value.length) : isObject(value) ? jsonNumber(Object.keys(value).length) : undefined;
const sum: Function = (...values) => number(numbers(values).reduce((total, value) => total + value, 0));

/** Jolt's functions of modify by name; undefined where they do not apply. */
export const JOLT_FUNCTIONS: Readonly<Record<string, Function>> = {
  toLower: forText((value) => value.toLowerCase()),
  toUpper: forText((value) => value.toUpperCase()),
  trim: forText((value) => value.trim()),
  concat: (...values) => strings(values).join(''),
  join: (separator, ...values) =>
    strings(values)
      .filter((each) => each !== '')
      .join(text(separator)),
  split: (separator, value) => (typeof value === 'string' ? value.split(text(separator)) : undefined),
  substring: (value, from, to) =>
    typeof value === 'string' && numeric(from!)! >= 0 && numeric(to!)! <= value.length && numeric(from!)! < numeric(to!)! ? value.slice(numeric(from!), numeric(to!)) : undefined,
  leftPad: (value, size, filler) => pad(value!, size!, filler!, 'padStart'),
  rightPad: (value, size, filler) => pad(value!, size!, filler!, 'padEnd'),
  min: (...values) => (numbers(values).length > 0 ? number(Math.min(...numbers(values))) : undefined),
  max: (...values) => (numbers(values).length > 0 ? number(Math.max(...numbers(values))) : undefined),
  abs: (value) => (Array.isArray(value) ? value.map((each) => number(Math.abs(numeric(each) ?? Number.NaN)) ?? null) : number(Math.abs(numeric(value!) ?? Number.NaN))),
  avg: (...values) => (numbers(values).length > 0 ? number(numbers(values).reduce((a, b) => a + b, 0) / numbers(values).length) : undefined),
  intSum: sum,
  longSum: sum,
  doubleSum: sum,
  intSubtract: forNumbers((a, b) => a - b),
  longSubtract: forNumbers((a, b) => a - b),
  doubleSubtract: forNumbers((a, b) => a - b),
  divide: forNumbers((a, b) => a / b),
  divideAndRound: (digits, a, b) =>
    numeric(a!) !== undefined && numeric(b!) !== undefined ? number(Number((numeric(a!)! / numeric(b!)!).toFixed(Math.min(20, numeric(digits!) ?? 0)))) : undefined,
  toInteger: (value) => whole(value!),
  toLong: (value) => whole(value!),
  toDouble: (value) => number(numeric(value!)),
  toBoolean: (value) => (typeof value === 'boolean' ? value : /^(true|false)$/i.test(text(value)) ? text(value).toLowerCase() === 'true' : undefined),
  toString: (value: Json | undefined) => (Array.isArray(value) || isObject(value) ? jsonText(value) : text(value)),
  toList: (...values) => (Array.isArray(values[0]) ? values[0] : values),
  size: sizeOf,
  squashNulls: (value) => squash(value!, false),
  recursivelySquashNulls: (value) => squash(value!, true),
  isPresent: (value) => (value === undefined ? undefined : value),
  notNull: (value) => (value === null ? undefined : value),
  isNull: (value) => (value === null ? null : undefined),
  firstElement: (...values) => spread(values)[0],
  lastElement: (...values) => spread(values).at(-1),
  elementAt: (index, ...values) => spread(values)[numeric(index!) ?? -1],
  sort: (...values) => {
    const all = spread(values);
    return numbers(all).length === all.length
      ? numbers(all)
          .sort((a, b) => a - b)
          .map((each) => jsonNumber(each))
      : strings(all).sort();
  },
  noop: () => undefined,
};
