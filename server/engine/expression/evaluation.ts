import type { Decimal, Whole } from './numbers.ts';
import type { DateValue, InstantValue } from '../../extension/java/instants.ts';

/** What an expression may look at while it is evaluated. */
export interface Evaluation {
  /** A FlowFile attribute, or an environment variable where there is none. */
  attribute(name: string): string | undefined;
  attributeNames(): Iterable<string>;
  /** getStateValue; absent where the component has no state. */
  state?(key: string): string | undefined;
  /** milliseconds since 1970 */
  now(): number;
}

/**
 * The data types of the Expression Language Guide, "Data Types". `number` is a 64-bit whole number, `decimal` a double; `numeric`
 * is either of them, known only when the expression is evaluated (the result of `plus` and its like); `instant` has nanoseconds.
 */
export type ExpressionType = 'string' | 'boolean' | 'number' | 'decimal' | 'numeric' | 'date' | 'instant';

/** Any value while an expression is evaluated. NiFi's null is `undefined`. */
export type Value = string | boolean | Whole | Decimal | DateValue | InstantValue | undefined;

export type Evaluate<T = Value> = (on: Evaluation) => T | undefined;

/** What is left of an expression's result over many attributes: `count` and `join` (Guide, "Evaluating Multiple Attributes"). */
export interface Reduction {
  readonly name: string;
  readonly each: Evaluate;
  readonly combine: (values: readonly Value[], on: Evaluation) => Value;
}

/** A compiled part of an expression. */
export interface Piece {
  readonly type: ExpressionType;
  readonly evaluate: Evaluate;
  /** Whether the value never changes, so that what is derived from it can be derived once. */
  readonly literal: boolean;
  readonly reduction?: Reduction;
}

/** For the evaluation of literals, which look at nothing. */
export const NOTHING: Evaluation = { attribute: () => undefined, attributeNames: () => [], now: () => 0 };

/** A piece that always has the same value. */
export function literal(type: ExpressionType, value: Value): Piece {
  return { type, literal: true, evaluate: () => value };
}
