import type { Piece } from '../evaluation.ts';
import { compileRegex } from '../../../extension/java/regex.ts';
import { type Compilation, define, type FunctionTable, parsed, receive, text } from './declaration.ts';

const regex = parsed(compileRegex);

/** The Guide's "Searching"; `jsonPath` is among the JSON functions. */
export const searchFunctions: FunctionTable = {
  startsWith: define(text, [text], 'boolean', (s, value) => s !== undefined && value !== undefined && s.startsWith(value)),
  endsWith: define(text, [text], 'boolean', (s, value) => s !== undefined && value !== undefined && s.endsWith(value)),
  contains: define(text, [text], 'boolean', (s, value) => s !== undefined && value !== undefined && s.includes(value)),
  in: { minimum: 1, maximum: Number.POSITIVE_INFINITY, build: isIn },
  find: define(text, [regex], 'boolean', (s, pattern) => s !== undefined && pattern?.find(s) === true),
  matches: define(text, [regex], 'boolean', (s, pattern) => s !== undefined && pattern?.matches(s) === true),
  indexOf: define(text, [text], 'number', (s, value) => (s === undefined || value === undefined ? -1 : s.indexOf(value))),
  lastIndexOf: define(text, [text], 'number', (s, value) => (s === undefined || value === undefined ? -1 : s.lastIndexOf(value))),
};

function isIn(subject: Piece, passed: readonly Piece[], compilation: Compilation): Piece {
  const value = receive(subject, text, compilation, 'its subject');
  const candidates = passed.map((piece, i) => receive(piece, text, compilation, `argument ${i + 1}`));
  return {
    type: 'boolean',
    literal: false,
    evaluate(on) {
      const wanted = value(on);
      return wanted !== undefined && candidates.some((candidate) => candidate(on) === wanted);
    },
  };
}
