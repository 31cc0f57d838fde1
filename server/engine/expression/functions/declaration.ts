import { coerce } from '../coercion.ts';
import { type Evaluate, type Evaluation, type ExpressionType, NOTHING, type Piece, type Value } from '../evaluation.ts';
import type { DateValue, InstantValue } from '../../../extension/java/instants.ts';
import type { Decimal, Numeric, Whole } from '../numbers.ts';

/** What a function may ask of the compiler while it is compiled into an expression. */
export interface Compilation {
  /** Refuses the call: an ExpressionSyntaxError that names the function. */
  fail(message: string): never;
  /** Compiles a text with expressions in it; its parameters have no value. */
  compileText(text: string): (on: Evaluation) => string;
}

/** A function of the Expression Language. */
export interface FunctionDeclaration {
  readonly minimum: number;
  readonly maximum: number;
  /** `subject` is absent for a function that takes none. */
  readonly build: (subject: Piece, passed: readonly Piece[], compilation: Compilation) => Piece;
}

export type FunctionTable = Readonly<Record<string, FunctionDeclaration>>;

/** A subject or argument of a function: its type, and what is made of it before the function sees it. */
export interface Parameter<T> {
  readonly type: ExpressionType | 'any';
  readonly optional?: boolean;
  /** Called once for a literal, and for any other text when it is not the same as the last time. */
  readonly parse?: (text: string) => T;
  /** Type carrier only; never set. */
  readonly carries?: T;
}

export const text: Parameter<string> = { type: 'string' };
export const flag: Parameter<boolean> = { type: 'boolean' };
export const whole: Parameter<Whole> = { type: 'number' };
export const decimal: Parameter<Decimal> = { type: 'decimal' };
export const numeric: Parameter<Numeric> = { type: 'numeric' };
export const date: Parameter<DateValue> = { type: 'date' };
export const instant: Parameter<InstantValue> = { type: 'instant' };
export const anything: Parameter<Exclude<Value, undefined>> = { type: 'any' };

/** Text that stands for something else, such as a regular expression; a literal that cannot be parsed is a syntax error. */
export function parsed<T>(parse: (text: string) => T): Parameter<T> {
  return { type: 'string', parse };
}

/** May be left out, at the end. */
export function optional<T>(parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, optional: true };
}

type Received<A extends readonly Parameter<unknown>[]> = { [K in keyof A]: A[K] extends Parameter<infer T> ? T | undefined : never };

/** Declares a function. `apply` sees a missing attribute, and an argument that is left out, as undefined. */
export function define<S, const A extends readonly Parameter<unknown>[]>(
  subject: Parameter<S>,
  parameters: A,
  result: ExpressionType,
  apply: (subject: S | undefined, ...received: Received<A>) => Value,
): FunctionDeclaration {
  return {
    minimum: parameters.filter((parameter) => !parameter.optional).length,
    maximum: parameters.length,
    build(piece, passed, compilation) {
      const received = parameters.map((parameter, i) => (passed[i] ? receive(passed[i], parameter, compilation, `argument ${i + 1}`) : NONE));
      const evaluate = bind(apply as Apply, receive(piece, subject, compilation, 'its subject'), received);
      return { type: result, literal: false, evaluate };
    },
  };
}

/** Declares a function that text has and that leaves a missing attribute missing. */
export function onText(apply: (subject: string) => string): FunctionDeclaration {
  return define(text, [], 'string', (subject) => (subject === undefined ? undefined : apply(subject)));
}

type Apply = (...values: unknown[]) => Value;
const NONE: Evaluate<unknown> = () => undefined;

/** One closure for each number of arguments: spreading an array costs more than most functions. */
function bind(apply: Apply, subject: Evaluate<unknown>, [first, second, third, ...rest]: readonly Evaluate<unknown>[]): Evaluate {
  if (!first) return (on) => apply(subject(on));
  if (!second) return (on) => apply(subject(on), first(on));
  if (!third) return (on) => apply(subject(on), first(on), second(on));
  return (on) => apply(subject(on), first(on), second(on), third(on), ...rest.map((evaluate) => evaluate(on)));
}

/** The evaluation of a piece as a parameter wants it. `role` names it in messages. */
export function receive<T>(piece: Piece, parameter: Parameter<T>, { fail }: Compilation, role: string): Evaluate<T> {
  const { type, parse } = parameter;
  const evaluate = type === 'any' ? piece.evaluate : coerce(piece, type, (message) => fail(`${role}: ${message}`));
  if (!parse) return evaluate as Evaluate<T>;
  return piece.literal ? parseOnce(evaluate as Evaluate<string>, parse, fail) : parseWhenNew(evaluate as Evaluate<string>, parse);
}

function parseOnce<T>(evaluate: Evaluate<string>, parse: (text: string) => T, fail: (message: string) => never): Evaluate<T> {
  const source = evaluate(NOTHING);
  if (source === undefined) return () => undefined;
  try {
    const value = parse(source);
    return () => value;
  } catch (cause) {
    return fail((cause as Error).message);
  }
}

function parseWhenNew<T>(evaluate: Evaluate<string>, parse: (text: string) => T): Evaluate<T> {
  let source: string | undefined;
  let value: T | undefined;
  return (on) => {
    const current = evaluate(on);
    if (current === undefined) return undefined;
    if (current !== source) {
      value = parse(current);
      source = current;
    }
    return value;
  };
}

/** The value of an argument without which a function cannot do its work; NiFi throws there too. */
export function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`${what} has no value`);
  return value;
}
