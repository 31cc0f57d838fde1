import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression } from '../../../server/engine/expression/compile.ts';

// Dates without a zone are in the zone of the process.
process.env.TZ = 'UTC';

export type Attributes = Readonly<Record<string, string>>;
/** An expression and what it evaluates to; a regular expression is what the error says, wherever it is thrown. */
export type Case = readonly [expression: string, expected: string | RegExp];

export const NOW = Date.UTC(2014, 11, 31, 15, 36, 3, 264);

export function evaluationOf(attributes: Attributes, state?: Attributes) {
  const values = new Map(Object.entries(attributes));
  return { attribute: (name: string) => values.get(name), attributeNames: () => values.keys(), now: () => NOW, state: state && ((key: string) => state[key]) };
}

export function evaluate(text: string, attributes: Attributes = {}, parameters: Attributes = {}): string {
  return compileExpression(text, (name) => parameters[name]).evaluate(evaluationOf(attributes));
}

/** One test for each case. */
export function checkAll(attributes: Attributes, cases: readonly Case[], parameters: Attributes = {}): void {
  for (const [text, expected] of cases) {
    test(text, () => {
      if (typeof expected === 'string') assert.equal(evaluate(text, attributes, parameters), expected);
      else assert.throws(() => evaluate(text, attributes, parameters), { message: expected });
    });
  }
}
