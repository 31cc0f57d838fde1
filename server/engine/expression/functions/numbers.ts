import { toText } from '../coercion.ts';
import { arithmetic, type Numeric, parseWhole, type Whole, wrap } from '../numbers.ts';
import { anything, decimal, define, type FunctionDeclaration, type FunctionTable, numeric, optional, text, whole } from './declaration.ts';
import { callMath } from './java-math.ts';

/** The Guide's "Mathematical Operations and Numeric Manipulation", and "Type Coercion". */
export const numberFunctions: FunctionTable = {
  plus: operation('plus'),
  minus: operation('minus'),
  multiply: operation('multiply'),
  divide: operation('divide'),
  mod: operation('mod'),
  toRadix: define(whole, [whole, optional(whole)], 'string', toRadix),
  fromRadix: define(text, [whole], 'number', fromRadix),
  math: define(numeric, [text, optional(numeric)], 'numeric', math),
  toNumber: define(whole, [], 'number', (value) => value),
  toDecimal: define(decimal, [], 'decimal', (value) => value),
  toString: define(anything, [], 'string', (value) => (value === undefined ? undefined : toText(value))),
};

function operation(name: Parameters<typeof arithmetic>[0]): FunctionDeclaration {
  return define(numeric, [numeric], 'numeric', arithmetic(name));
}

function math(value: Numeric | undefined, method: string | undefined, second: Numeric | undefined): Numeric | undefined {
  return value === undefined || method === undefined ? undefined : callMath(method, value, second);
}

/** A base outside 2 to 36 is taken as 10, as Java's Long.toString does. */
function base(radix: Whole): number {
  return radix >= 2 && radix <= 36 ? Number(radix) : 10;
}

function toRadix(value: Whole | undefined, radix: Whole | undefined, width: Whole | undefined): string | undefined {
  if (value === undefined || radix === undefined) return undefined;
  return value.toString(base(radix)).padStart(Math.min(Number(width ?? 0), 1 << 20), '0');
}

function fromRadix(s: string | undefined, radix: Whole | undefined): Whole | undefined {
  if (s === undefined || radix === undefined) return undefined;
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, Number(radix));
  if (!(radix >= 2 && radix <= 36)) throw new Error(`fromRadix: the base must be from 2 to 36, not ${radix}`);
  const [, sign, number] = /^([-+]?)(.+)$/.exec(s.toLowerCase()) ?? [];
  const invalid = number === undefined || [...number].some((digit) => !digits.includes(digit));
  if (invalid) throw new Error(`fromRadix: '${s}' is not a number of base ${radix}`);
  if (radix === 10) return parseWhole(s);
  const value = [...number!].reduce((sum, digit) => sum * BigInt(radix) + BigInt(digits.indexOf(digit)), 0n);
  if (value >= 2n ** 63n) throw new Error(`fromRadix: '${s}' does not fit into a 64-bit whole number`);
  return wrap(sign === '-' ? -value : value);
}
