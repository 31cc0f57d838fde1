import { coerce, toText } from './coercion.ts';
import { type Evaluation, literal, NOTHING, type Piece, type Value } from './evaluation.ts';
import { beginnings, explainUnknown, functions, multiples } from './functions/catalogue.ts';
import type { Compilation } from './functions/declaration.ts';
import { quantify } from './quantification.ts';
import { resolveBackslashes } from './lexer.ts';
import { Decimal, parseWhole } from './numbers.ts';
import { type Argument, type Call, type ExpressionTree, parseExpression } from './parser.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';
import { splitTemplate } from './template.ts';

const NO_SUBJECT = literal('string', undefined);

/** Compiles expressions to closures. */
export class ExpressionCompiler {
  readonly #parameter: (name: string) => string | undefined;
  readonly #compileText: Compilation['compileText'];

  constructor(parameter: (name: string) => string | undefined, compileText: Compilation['compileText']) {
    this.#parameter = parameter;
    this.#compileText = compileText;
  }

  /** One expression, `${` to `}`. `position` is its place in the whole text, `depth` counts the expressions around it. */
  compile(text: string, position: number, depth: number): Piece {
    return this.#expression(parseExpression(text, position, depth), depth);
  }

  #expression({ subject, calls }: ExpressionTree, depth: number): Piece {
    if (subject.kind !== 'call') {
      const piece = subject.kind === 'parameter' ? this.#parameterValue(subject.name, subject.position) : attribute(this.#argument(subject.name, depth));
      return this.#follow(piece, calls, depth);
    }
    const many = multiples.get(subject.name);
    if (!many) return this.#follow(this.#call(NO_SUBJECT, subject, 'first', depth), calls, depth);
    const passed = this.#arguments(subject, many, depth);
    return quantify(many.quantifier, many.build(passed, this.#compilation(subject)), (each) => this.#follow(each, calls, depth), subject);
  }

  #follow(subject: Piece, calls: readonly Call[], depth: number): Piece {
    let piece = subject;
    for (const call of calls) {
      if (piece.reduction) throw reducedTooEarly(piece.reduction.name, call);
      piece = this.#call(piece, call, 'following', depth);
    }
    return piece;
  }

  #call(subject: Piece, call: Call, place: 'first' | 'following', depth: number): Piece {
    const declaration = (place === 'first' ? beginnings : functions).get(call.name);
    if (!declaration) throw new ExpressionSyntaxError(explainUnknown(call.name, place), call.position);
    return declaration.build(subject, this.#arguments(call, declaration, depth), this.#compilation(call));
  }

  #arguments(call: Call, { minimum, maximum }: { minimum: number; maximum: number }, depth: number): Piece[] {
    const count = call.arguments.length;
    if (count < minimum || count > maximum) {
      const range = minimum === maximum ? minimum : maximum === Number.POSITIVE_INFINITY ? `at least ${minimum}` : `${minimum} to ${maximum}`;
      this.#compilation(call).fail(`takes ${range} ${range === 1 ? 'argument' : 'arguments'}, not ${count}`);
    }
    return call.arguments.map((argument) => this.#argument(argument, depth));
  }

  #argument(argument: Argument, depth: number): Piece {
    switch (argument.kind) {
      case 'expression':
        return this.#expression(argument, depth + 1);
      case 'parameter':
        return this.#parameterValue(argument.text, argument.position);
      case 'string':
        return this.#quoted(argument.text, argument.position, depth);
      case 'whole':
        return literal('number', wholeLiteral(argument.text, argument.position));
      case 'decimal':
        return literal('decimal', new Decimal(Number(argument.text)));
      case 'null':
        return literal('string', undefined);
      default:
        return literal('boolean', argument.kind === 'true');
    }
  }

  #parameterValue(name: string, position: number): Piece {
    const value = this.#parameter(name);
    if (value === undefined) throw new ExpressionSyntaxError(`There is no parameter '${name}'`, position);
    return literal('string', value);
  }

  #compilation({ name, position }: Call): Compilation {
    const fail = (message: string): never => {
      throw new ExpressionSyntaxError(`${name}()${message.startsWith('takes') ? '' : ':'} ${message}`, position);
    };
    return { fail, compileText: this.#compileText };
  }

  /** Quoted text may hold expressions. */
  #quoted(text: string, position: number, depth: number): Piece {
    const parts = splitTemplate(text).map((segment) =>
      segment.expression ? this.compile(segment.text, position + 1 + segment.position, depth + 1) : literal('string', resolveBackslashes(segment.text)),
    );
    if (parts.length === 1) return { ...parts[0]!, type: 'string', evaluate: coerce(parts[0]!, 'string', unreachable) };
    if (parts.every((part) => part.literal)) return literal('string', parts.map((part) => toText(part.evaluate(NOTHING))).join(''));
    return { type: 'string', literal: false, evaluate: (on) => parts.reduce((result, part) => result + toText(part.evaluate(on)), '') };
  }
}

function unreachable(message: string): never {
  throw new Error(message);
}

function wholeLiteral(digits: string, position: number): Value {
  try {
    return parseWhole(digits);
  } catch (cause) {
    throw new ExpressionSyntaxError((cause as Error).message, position);
  }
}

/** The attribute of a name; a name that is known is not evaluated each time. */
function attribute(name: Piece): Piece {
  const nameOf = coerce(name, 'string', unreachable) as (on: Evaluation) => string | undefined;
  if (name.literal) {
    const known = nameOf(NOTHING) ?? '';
    return { type: 'string', literal: false, evaluate: (on) => on.attribute(known) };
  }
  const evaluate = (on: Evaluation) => {
    const found = nameOf(on);
    return found === undefined ? undefined : on.attribute(found);
  };
  return { type: 'string', literal: false, evaluate };
}

function reducedTooEarly(name: string, { name: next, position }: Call): ExpressionSyntaxError {
  return new ExpressionSyntaxError(`${next}() cannot follow ${name}(); write \${literal(\${...:${name}(...)}):${next}(...)}`, position);
}
