import { type Token, type TokenKind, tokenize } from './lexer.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';

export interface ExpressionTree {
  readonly kind: 'expression';
  readonly subject: Subject;
  readonly calls: readonly Call[];
  readonly position: number;
}

/** What the functions of an expression are applied to. */
export type Subject =
  | { readonly kind: 'attribute'; readonly name: Argument; readonly position: number }
  | { readonly kind: 'parameter'; readonly name: string; readonly position: number }
  | ({ readonly kind: 'call' } & Call);

export interface Call {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly position: number;
}

export type Argument =
  | ExpressionTree
  | { readonly kind: 'whole' | 'decimal' | 'string' | 'parameter' | 'true' | 'false' | 'null'; readonly text: string; readonly position: number };

/** Expressions inside expressions, quoted ones included. People write 5; more than this is a mistake or an attack. */
export const MAX_DEPTH = 100;
/** Functions of one expression, embedded ones included: each is a few stack frames when it is evaluated. */
const MAX_CALLS = 2000;

/** Parses one expression, `${` to `}`. Throws ExpressionSyntaxError. `depth` counts the expressions around it. */
export function parseExpression(text: string, offset: number, depth: number): ExpressionTree {
  const parser = new Parser(tokenize(text, offset));
  const tree = parser.expression(depth);
  parser.take('end', 'the end of the expression');
  return tree;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #calls = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  expression(depth: number): ExpressionTree {
    const { position } = this.take('$', '${');
    if (depth > MAX_DEPTH) throw new ExpressionSyntaxError(`More than ${MAX_DEPTH} expressions inside each other`, position);
    this.take('{', '${');
    const subject = this.#subject(depth);
    const calls: Call[] = [];
    while (this.#skip(':')) calls.push(this.#call(this.take('name', 'the name of a function'), depth));
    this.take('}', ': or }');
    return { kind: 'expression', subject, calls, position };
  }

  take(kind: TokenKind, expected: string): Token {
    const token = this.#peek();
    if (token.kind !== kind) throw this.#unexpected(token, expected);
    this.#at++;
    return token;
  }

  #subject(depth: number): Subject {
    const token = this.#peek();
    const { kind, position } = token;
    if (kind === '$') return { kind: 'attribute', name: this.expression(depth + 1), position };
    if (kind !== 'name' && kind !== 'string' && kind !== 'parameter') throw this.#unexpected(token, 'the name of an attribute or a function');
    this.#at++;
    if (kind === 'parameter') return { kind, name: token.text, position };
    if (kind === 'name' && this.#peek().kind === '(') return { kind: 'call', ...this.#call(token, depth) };
    return { kind: 'attribute', name: { kind: 'string', text: token.text, position }, position };
  }

  /** What follows a function's name. */
  #call(name: Token, depth: number): Call {
    if (++this.#calls > MAX_CALLS) throw new ExpressionSyntaxError(`More than ${MAX_CALLS} functions in one expression`, name.position);
    this.take('(', `( after ${name.text}`);
    const found: Argument[] = [];
    if (!this.#skip(')')) {
      do found.push(this.#argument(depth));
      while (this.#skip(','));
      this.take(')', ', or )');
    }
    return { name: name.text, arguments: found, position: name.position };
  }

  #argument(depth: number): Argument {
    const token = this.#peek();
    const { kind, text, position } = token;
    if (kind === '$') return this.expression(depth + 1);
    if (kind === 'string' || kind === 'whole' || kind === 'decimal' || kind === 'parameter') {
      this.#at++;
      return { kind, text, position };
    }
    if (kind === 'name' && (text === 'true' || text === 'false' || text === 'null')) {
      this.#at++;
      return { kind: text, text, position };
    }
    const expected = kind === 'name' ? `a value: write '${text}' for the text or \${${text}} for the attribute` : 'a value';
    throw this.#unexpected(token, expected);
  }

  #peek(): Token {
    return this.#tokens[this.#at]!;
  }

  #skip(kind: TokenKind): boolean {
    if (this.#peek().kind !== kind) return false;
    this.#at++;
    return true;
  }

  #unexpected(token: Token, expected: string): ExpressionSyntaxError {
    const found = token.kind === 'end' ? 'end of the expression' : `'${token.text}'`;
    return new ExpressionSyntaxError(`Unexpected ${found}, expected ${expected}`, token.position);
  }
}
