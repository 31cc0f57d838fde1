/** A Java long: a number while it is a safe integer, a bigint beyond that. */
export type Whole = number | bigint;

/** A Java double. Boxed, since `5` and `5.0` are different values to NiFi and would be the same to JavaScript. */
export class Decimal {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type Numeric = Whole | Decimal;

const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);
const WHOLE = /^[-+]?(?:\d+|0[xX][0-9a-fA-F]+)$/;
const DECIMAL = /^[-+]?(?:Infinity|NaN|\d+\.\d+(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+|\.\d+(?:[eE][-+]?\d+)?)$/;
const HEX_DECIMAL = /^([-+]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([-+]?\d+)$/;

/** The shortest form of a bigint, with Java's silent wrap-around at 64 bits. */
export function wrap(value: bigint): Whole {
  const long = BigInt.asIntN(64, value);
  return long <= 9007199254740991n && long >= -9007199254740991n ? Number(long) : long;
}

/** Digits to a long. Throws where they do not fit into 64 bits, as Java's Long.valueOf does. */
export function parseWhole(text: string): Whole {
  if (text.length < 16 && text[1] !== 'x' && text[2] !== 'x' && text[1] !== 'X' && text[2] !== 'X') return Number(text) + 0;
  const negative = text.startsWith('-');
  const digits = negative || text.startsWith('+') ? text.slice(1) : text;
  const value = negative ? -BigInt(digits) : BigInt(digits);
  if (value > LONG_MAX || value < LONG_MIN) throw new Error(`${text} does not fit into a 64-bit whole number`);
  return wrap(value);
}

/**
 * Text to a whole or decimal number, in the forms of Java's literals (Guide, "Data Types"); undefined where it is no number.
 * Deviation: `1e5` is taken as a decimal; NiFi asks for `1.0e5`.
 */
export function parseNumeric(text: string): Numeric | undefined {
  const plain = plainDigits(text);
  if (plain >= 0) return plain;
  const trimmed = text.trim();
  if (WHOLE.test(trimmed)) return parseWhole(trimmed);
  if (DECIMAL.test(trimmed)) return new Decimal(Number(trimmed.endsWith('NaN') ? 'NaN' : trimmed));
  const hex = HEX_DECIMAL.exec(trimmed);
  return hex && hex[2]!.length + hex[3]!.length > 0 ? new Decimal(hexDecimal(hex)) : undefined;
}

/** The common case, without a regular expression; -1 where the text is anything else. */
function plainDigits(text: string): number {
  const { length } = text;
  if (length === 0 || length > 15) return -1;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Exact up to 2^1000 or so, since all digits go through one bigint. */
function hexDecimal([, sign, whole, fraction, exponent]: RegExpExecArray): number {
  const mantissa = Number(BigInt(`0x0${whole}${fraction}`));
  const value = mantissa * 2 ** (Number(exponent) - 4 * fraction!.length);
  return sign === '-' ? -value : value;
}

/** Java's Double.toString: `1.0`, `1.5E10`, `1.0E-5`. */
export function decimalText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
}

/** The value as a double. */
export function doubleValue(value: Numeric): number {
  return value instanceof Decimal ? value.value : Number(value);
}

/** The value as a long: cut, not rounded, and held within 64 bits, as Java's Double.longValue does. */
export function longValue(value: Numeric): Whole {
  return value instanceof Decimal ? truncate(value.value) : value;
}

/** A double as a long. */
export function truncate(value: number): Whole {
  const cut = Math.trunc(value) + 0;
  if (Number.isSafeInteger(cut)) return cut;
  if (Number.isNaN(cut)) return 0;
  if (cut >= 2 ** 63) return LONG_MAX;
  return cut < -(2 ** 63) ? LONG_MIN : BigInt(cut);
}

interface Operation {
  readonly double: (a: number, b: number) => number;
  /** Exact while the result is a safe integer. */
  readonly small: (a: number, b: number) => number;
  readonly big: (a: bigint, b: bigint) => bigint;
}

function isZero(divisor: Whole): boolean {
  return divisor === 0 || divisor === 0n;
}

/** `(a - a % b) / b` is exact where `a / b` may round up to the next integer. Adding 0 turns -0 into 0. */
const OPERATIONS = {
  plus: { double: (a, b) => a + b, small: (a, b) => a + b, big: (a, b) => a + b },
  minus: { double: (a, b) => a - b, small: (a, b) => a - b, big: (a, b) => a - b },
  multiply: { double: (a, b) => a * b, small: (a, b) => a * b + 0, big: (a, b) => a * b },
  divide: { double: (a, b) => a / b, small: (a, b) => (a - (a % b)) / b + 0, big: (a, b) => a / b },
  mod: { double: (a, b) => a % b, small: (a, b) => (a % b) + 0, big: (a, b) => a % b },
} satisfies Record<string, Operation>;

/** Arithmetic of the Guide's "Mathematical Operations": decimal where either side is, else 64-bit whole numbers that wrap around. */
export function arithmetic(name: keyof typeof OPERATIONS): (a: Numeric | undefined, b: Numeric | undefined) => Numeric | undefined {
  const { double, small, big }: Operation = OPERATIONS[name];
  const divides = name === 'divide' || name === 'mod';
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number' && !(divides && b === 0)) {
      const result = small(a, b);
      if (Number.isSafeInteger(result)) return result;
    }
    if (a === undefined || b === undefined) return undefined;
    if (a instanceof Decimal || b instanceof Decimal) return new Decimal(double(doubleValue(a), doubleValue(b)));
    if (divides && isZero(b)) throw new Error(`${name}: division by zero`);
    return wrap(big(BigInt(a), BigInt(b)));
  };
}
