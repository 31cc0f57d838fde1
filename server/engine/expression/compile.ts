import { toText } from './coercion.ts';
import type { Evaluation, ExpressionType, Piece } from './evaluation.ts';
import { ExpressionCompiler } from './expression-compiler.ts';
import { substituteOutsideExpressions } from './parameter-references.ts';
import { type Segment, splitTemplate } from './template.ts';

export type { Evaluation, ExpressionType } from './evaluation.ts';
export { ExpressionSyntaxError } from './syntax-error.ts';

/** A property's text, ready to be evaluated for many FlowFiles. */
export interface CompiledExpression {
  /** The text itself where it holds no expression (escapes resolved), else undefined. */
  readonly constant: string | undefined;
  /** The type of the result where the text is exactly one expression, else 'string'. */
  readonly resultType: ExpressionType;
  /** A missing attribute is the empty text. Throws an Error where a function cannot do its work. */
  evaluate(on: Evaluation): string;
}

/**
 * Compiles a property's text with NiFi's Expression Language once to closures. Parameters are resolved at compile time: outside
 * of `${...}` the parameter's value takes the place of `#{name}`, expressions in it included; inside it is a value.
 * Throws ExpressionSyntaxError with `position` (offset in the text, parameters resolved) and a message that names it; also
 * where `parameter` answers undefined.
 */
export function compileExpression(text: string, parameter: (name: string) => string | undefined): CompiledExpression {
  const resolved = substituteOutsideExpressions(text, parameter);
  return compileSegments(splitTemplate(resolved), new ExpressionCompiler(parameter, compileText));
}

/** Texts that evaluate texts that evaluate texts: more than this never ends. */
const MAX_EVALUATIONS = 20;
let evaluations = 0;

/** For evaluateELString. Parameters have no value in texts that come from data: whoever writes an attribute must not read them. */
function compileText(text: string): (on: Evaluation) => string {
  const compiled = compileExpression(text, () => '');
  return (on) => {
    if (evaluations >= MAX_EVALUATIONS) throw new Error(`evaluateELString: more than ${MAX_EVALUATIONS} texts that evaluate each other`);
    evaluations++;
    try {
      return compiled.evaluate(on);
    } finally {
      evaluations--;
    }
  };
}

function compileSegments(segments: readonly Segment[], compiler: ExpressionCompiler): CompiledExpression {
  if (segments.every((segment) => !segment.expression)) {
    const constant = segments.map((segment) => segment.text).join('');
    return { constant, resultType: 'string', evaluate: () => constant };
  }
  const pieces = segments.map((segment) => (segment.expression ? compiler.compile(segment.text, segment.position, 0) : segment.text));
  const only = pieces.length === 1 ? (pieces[0] as Piece) : undefined;
  const parts = pieces.map((piece) => (typeof piece === 'string' ? piece : piece.evaluate));
  return { constant: undefined, resultType: only?.type ?? 'string', evaluate: only ? evaluateOne(only) : concatenate(parts) };
}

function evaluateOne({ evaluate }: Piece): (on: Evaluation) => string {
  return (on) => {
    const value = evaluate(on);
    return typeof value === 'string' ? value : toText(value);
  };
}

function concatenate(parts: readonly (string | Piece['evaluate'])[]): (on: Evaluation) => string {
  return (on) => {
    let result = '';
    for (const part of parts) result += typeof part === 'string' ? part : toText(part(on));
    return result;
  };
}
