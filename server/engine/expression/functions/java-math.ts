import { Decimal, doubleValue, longValue, type Numeric, truncate, type Whole, wrap } from '../numbers.ts';

/** A method of java.lang.Math; `d` stands for a double, `l` for a long, `i` for an int. */
type Doubles = (a: number, b: number) => number;
type Longs = (a: bigint, b: bigint) => bigint;

const DOUBLES: Record<string, Doubles> = {
  'abs d': Math.abs,
  'sqrt d': Math.sqrt,
  'cbrt d': Math.cbrt,
  'ceil d': Math.ceil,
  'floor d': Math.floor,
  'rint d': roundHalfEven,
  'exp d': Math.exp,
  'expm1 d': Math.expm1,
  'log d': Math.log,
  'log10 d': Math.log10,
  'log1p d': Math.log1p,
  'sin d': Math.sin,
  'cos d': Math.cos,
  'tan d': Math.tan,
  'asin d': Math.asin,
  'acos d': Math.acos,
  'atan d': Math.atan,
  'sinh d': Math.sinh,
  'cosh d': Math.cosh,
  'tanh d': Math.tanh,
  'signum d': Math.sign,
  'toDegrees d': (a) => (a * 180) / Math.PI,
  'toRadians d': (a) => (a / 180) * Math.PI,
  'ulp d': ulp,
  'nextUp d': nextUp,
  'nextDown d': (a) => -nextUp(-a),
  'max d d': Math.max,
  'min d d': Math.min,
  'pow d d': (a, b) => a ** b,
  'atan2 d d': Math.atan2,
  'hypot d d': Math.hypot,
  'copySign d d': (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)),
  'IEEEremainder d d': (a, b) => a - b * roundHalfEven(a / b),
  'scalb d i': (a, b) => a * 2 ** b,
};

const LONGS: Record<string, Longs> = {
  'abs l': (a) => (a < 0n ? -a : a),
  'max l l': (a, b) => (a > b ? a : b),
  'min l l': (a, b) => (a < b ? a : b),
  'addExact l l': exact((a, b) => a + b),
  'subtractExact l l': exact((a, b) => a - b),
  'multiplyExact l l': exact((a, b) => a * b),
  'incrementExact l': exact((a) => a + 1n),
  'decrementExact l': exact((a) => a - 1n),
  'negateExact l': exact((a) => -a),
  'absExact l': exact((a) => (a < 0n ? -a : a)),
  'floorDiv l l': floorDivide,
  'floorMod l l': (a, b) => a - b * floorDivide(a, b),
  'ceilDiv l l': (a, b) => -floorDivide(-a, b),
  'ceilMod l l': (a, b) => a + b * floorDivide(-a, b),
  'toIntExact l': toIntExact,
  'multiplyHigh l l': (a, b) => (a * b) >> 64n,
};

function exact(operation: Longs): Longs {
  return (a, b) => {
    const result = operation(a, b);
    if (BigInt.asIntN(64, result) !== result) throw new Error('math: the result does not fit into a 64-bit whole number');
    return result;
  };
}

function toIntExact(a: bigint): bigint {
  if (BigInt.asIntN(32, a) !== a) throw new Error(`math: ${a} does not fit into a 32-bit whole number`);
  return a;
}

function floorDivide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new Error('math: division by zero');
  return a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const view = new DataView(new ArrayBuffer(8));

function nextUp(value: number): number {
  if (Number.isNaN(value) || value === Number.POSITIVE_INFINITY) return value;
  if (value === 0) return Number.MIN_VALUE;
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

function ulp(value: number): number {
  const size = Math.abs(value);
  return size === Number.MAX_VALUE ? 2 ** 971 : nextUp(size) - size;
}

/**
 * Calls a static method of java.lang.Math (Guide, "math"). As in NiFi its types are those of the values: whole numbers are
 * longs, and a whole second argument is tried as an int. Throws an Error that names the method where there is none.
 */
export function callMath(name: string, first?: Numeric, second?: Numeric): Numeric {
  if (first === undefined) {
    if (name === 'random') return new Decimal(Math.random());
    throw new Error(`math: there is no method '${name}' without a subject`);
  }
  const kinds = [first, second].filter((value) => value !== undefined).map((value) => (value instanceof Decimal ? 'd' : 'l'));
  const signature = [name, ...kinds].join(' ');
  const result = special(signature, first) ?? longs(signature, first, second) ?? doubles(signature, first, second);
  const types = kinds.map((kind) => (kind === 'd' ? 'a decimal' : 'a whole number')).join(' and ');
  if (result === undefined) throw new Error(`math: there is no method '${name}' for ${types}`);
  return result;
}

/** Methods that give a whole number of a decimal. */
function special(signature: string, first: Numeric): Whole | undefined {
  if (signature === 'round d') return truncate(Math.floor(doubleValue(first) + 0.5));
  if (signature === 'getExponent d') return Math.floor(Math.log2(Math.abs(doubleValue(first))));
  return undefined;
}

function longs(signature: string, first: Numeric, second: Numeric | undefined): Whole | undefined {
  const method = Object.hasOwn(LONGS, signature) ? LONGS[signature] : undefined;
  return method && wrap(method(BigInt(longValue(first)), BigInt(longValue(second ?? 0))));
}

function doubles(signature: string, first: Numeric, second: Numeric | undefined): Decimal | undefined {
  const method = DOUBLES[signature] ?? DOUBLES[signature.replace(/l$/, 'i')];
  return method && new Decimal(method(doubleValue(first), doubleValue(second ?? 0)));
}
