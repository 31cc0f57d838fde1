import { toText } from '../coercion.ts';
import type { Evaluate, Piece, Value } from '../evaluation.ts';
import { DateValue } from '../../../extension/java/instants.ts';
import { equalsIgnoreCase, isBlank } from '../../../extension/java/text.ts';
import { isJson } from '../json/document.ts';
import { Decimal, doubleValue, type Numeric } from '../numbers.ts';
import { anything, type Compilation, define, flag, type FunctionDeclaration, type FunctionTable, numeric, receive, text } from './declaration.ts';

/** The Guide's "Boolean Logic". */
export const logicFunctions: FunctionTable = {
  isNull: define(anything, [], 'boolean', (value) => value === undefined),
  notNull: define(anything, [], 'boolean', (value) => value !== undefined),
  isEmpty: define(text, [], 'boolean', (s) => s === undefined || isBlank(s)),
  equals: define(anything, [anything], 'boolean', isEqual),
  equalsIgnoreCase: define(text, [text], 'boolean', (a, b) => a !== undefined && b !== undefined && equalsIgnoreCase(a, b)),
  gt: comparison((a, b) => a > b),
  ge: comparison((a, b) => a >= b),
  lt: comparison((a, b) => a < b),
  le: comparison((a, b) => a <= b),
  and: combination((subject, other) => (on) => subject(on) === true && other(on) === true),
  or: combination((subject, other) => (on) => subject(on) === true || other(on) === true),
  not: define(flag, [], 'boolean', (value) => value !== true),
  ifElse: { minimum: 2, maximum: 2, build: ifElse },
  isJson: define(text, [], 'boolean', (s) => s !== undefined && isJson(s)),
};

/** False where either side is no number. Decimals are compared as doubles, whole numbers exactly. */
function comparison(holds: (a: number | bigint, b: number | bigint) => boolean): FunctionDeclaration {
  return define(numeric, [numeric], 'boolean', (a: Numeric | undefined, b: Numeric | undefined) => {
    if (typeof a === 'number' && typeof b === 'number') return holds(a, b);
    if (a === undefined || b === undefined) return false;
    return a instanceof Decimal || b instanceof Decimal ? holds(doubleValue(a), doubleValue(b)) : holds(a, b);
  });
}

/** Values of different types are equal where their texts are; a date's text is its milliseconds. */
function isEqual(a: Value, b: Value): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  return comparable(a) === comparable(b);
}

function comparable(value: Value): string {
  return value instanceof DateValue ? String(value.milliseconds) : toText(value);
}

/** The argument is not evaluated where the subject decides. */
function combination(join: (subject: Evaluate<boolean>, other: Evaluate<boolean>) => Evaluate): FunctionDeclaration {
  const build = (subject: Piece, [other]: readonly Piece[], compilation: Compilation): Piece => ({
    type: 'boolean',
    literal: false,
    evaluate: join(receive(subject, flag, compilation, 'its subject'), receive(other!, flag, compilation, 'its argument')),
  });
  return { minimum: 1, maximum: 1, build };
}

/** Only the value that is chosen is evaluated. */
function ifElse(subject: Piece, [yes, no]: readonly Piece[], compilation: Compilation): Piece {
  const condition = receive(subject, flag, compilation, 'its subject');
  const first = receive(yes!, text, compilation, 'argument 1');
  const second = receive(no!, text, compilation, 'argument 2');
  return { type: 'string', literal: false, evaluate: (on) => (condition(on) === true ? first(on) : second(on)) };
}
