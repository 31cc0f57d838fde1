import type { Evaluate, Piece, Value } from './evaluation.ts';
import type { Call } from './parser.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';

type Values = Evaluate<(string | undefined)[]>;

/**
 * An expression over many subjects (Guide, "Evaluating Multiple Attributes"): the functions that follow are compiled once and
 * see one subject after the other. Without any subject they see a missing one.
 */
export function quantify(quantifier: 'any' | 'all', values: Values, follow: (each: Piece) => Piece, { name, position }: Call): Piece {
  // Evaluation never waits, so one slot for the present subject is enough.
  let present: string | undefined;
  const logic = follow({ type: 'string', literal: false, evaluate: () => present });
  const see = (value: string | undefined) => {
    present = value;
  };
  if (logic.reduction && quantifier === 'all') return reduce(logic, values, see);
  if (logic.type !== 'boolean') {
    const wanted = quantifier === 'all' ? 'must end with true or false, or with count or join' : 'must end with true or false';
    throw new ExpressionSyntaxError(`An expression that begins with ${name}() ${wanted}, not with a ${logic.type}`, position);
  }
  return decide(quantifier, logic, values, see);
}

function reduce(logic: Piece, values: Values, see: (value: string | undefined) => void): Piece {
  const { each, combine } = logic.reduction!;
  return {
    ...logic,
    evaluate(on) {
      const results: Value[] = subjects(values(on)).map((value) => {
        see(value);
        return each(on);
      });
      return combine(results, on);
    },
  };
}

function decide(quantifier: 'any' | 'all', { evaluate }: Piece, values: Values, see: (value: string | undefined) => void): Piece {
  const decisive = quantifier === 'any';
  return {
    type: 'boolean',
    literal: false,
    evaluate(on) {
      for (const value of subjects(values(on))) {
        see(value);
        if ((evaluate(on) === true) === decisive) return decisive;
      }
      return !decisive;
    },
  };
}

function subjects(values: (string | undefined)[] | undefined): (string | undefined)[] {
  return values && values.length > 0 ? values : [undefined];
}
