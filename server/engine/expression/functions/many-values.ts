import type { Evaluate, Evaluation, Piece, Value } from '../evaluation.ts';
import { compileRegex, type JavaRegex } from '../../../extension/java/regex.ts';
import { splitPlain } from '../../../extension/java/text.ts';
import { anything, type Compilation, type FunctionTable, parsed, receive, text } from './declaration.ts';

/** The Guide's aggregate functions: what one value has of them, and many values together. */
export const reducingFunctions: FunctionTable = {
  count: { minimum: 0, maximum: 0, build: count },
  join: { minimum: 1, maximum: 1, build: join },
};

/** Values that are neither missing nor false. */
function count(subject: Piece, _: readonly Piece[], compilation: Compilation): Piece {
  const each = receive(subject, anything, compilation, 'its subject');
  const combine = (values: readonly Value[]) => values.filter((value) => value !== undefined && value !== false).length;
  return { type: 'number', literal: false, evaluate: (on) => combine([each(on)]), reduction: { name: 'count', each, combine } };
}

function join(subject: Piece, [delimiter]: readonly Piece[], compilation: Compilation): Piece {
  const each = receive(subject, text, compilation, 'its subject');
  const between = receive(delimiter!, text, compilation, 'its argument');
  const combine = (values: readonly Value[], on: Evaluation) => values.join(between(on) ?? '');
  return { type: 'string', literal: false, evaluate: (on) => each(on) ?? '', reduction: { name: 'join', each, combine } };
}

/** A function that begins an expression and gives it many subjects. */
export interface ManyValues {
  readonly minimum: number;
  readonly maximum: number;
  /** `any`: one true is enough. `all`: each must be true, or a reducing function ends the expression. */
  readonly quantifier: 'any' | 'all';
  readonly build: (passed: readonly Piece[], compilation: Compilation) => Evaluate<(string | undefined)[]>;
}

const MANY = Number.POSITIVE_INFINITY;

/** The Guide's "Evaluating Multiple Attributes". */
export const manyValues: Readonly<Record<string, ManyValues>> = {
  anyAttribute: { minimum: 1, maximum: MANY, quantifier: 'any', build: named },
  allAttributes: { minimum: 1, maximum: MANY, quantifier: 'all', build: named },
  anyMatchingAttribute: { minimum: 1, maximum: MANY, quantifier: 'any', build: matching },
  allMatchingAttributes: { minimum: 1, maximum: MANY, quantifier: 'all', build: matching },
  anyDelineatedValue: { minimum: 2, maximum: 2, quantifier: 'any', build: delineated },
  allDelineatedValues: { minimum: 2, maximum: 2, quantifier: 'all', build: delineated },
};

function named(passed: readonly Piece[], compilation: Compilation): Evaluate<(string | undefined)[]> {
  const names = passed.map((piece, i) => receive(piece, text, compilation, `argument ${i + 1}`));
  return (on) =>
    names.map((name) => {
      const found = name(on);
      return found === undefined ? undefined : on.attribute(found);
    });
}

/** Attributes in the order of the patterns; one that two patterns match counts twice, as in NiFi. */
function matching(passed: readonly Piece[], compilation: Compilation): Evaluate<(string | undefined)[]> {
  const patterns = passed.map((piece, i) => receive(piece, parsed(compileRegex), compilation, `argument ${i + 1}`));
  return (on) =>
    patterns.flatMap((pattern) => {
      const regex = pattern(on);
      return regex
        ? Array.from(on.attributeNames())
            .filter((name) => regex.matches(name))
            .map((name) => on.attribute(name))
        : [];
    });
}

/** The delimiter is a regular expression, since NiFi splits by Java's String.split; text without special characters needs none. */
const delimiter = parsed((source: string): JavaRegex | string => (/[\\^$.|?*+()[{]/.test(source) || source === '' ? compileRegex(source) : source));

function delineated([values, between]: readonly Piece[], compilation: Compilation): Evaluate<(string | undefined)[]> {
  const subject = receive(values!, text, compilation, 'argument 1');
  const split = receive(between!, delimiter, compilation, 'argument 2');
  return (on) => {
    const [whole, by] = [subject(on), split(on)];
    if (whole === undefined || by === undefined) return [];
    return typeof by === 'string' ? splitPlain(whole, by) : by.split(whole);
  };
}
