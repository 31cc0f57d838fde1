import { stripQuotes, tokenize } from './lexer.ts';
import { MAX_DEPTH } from './parser.ts';
import { ExpressionSyntaxError } from './syntax-error.ts';
import { splitTemplate } from './template.ts';

/**
 * The names of the parameters that a text refers to, each once, in `#{name}` and `#{'quoted name'}`, inside expressions and outside.
 * `##{name}` is an escape; quoted text and comments of an expression hold no references.
 */
export function parameterReferences(text: string): string[] {
  const names = new Set<string>();
  collect(text, names, 0);
  return [...names];
}

function collect(text: string, names: Set<string>, depth: number): void {
  if (!text.includes('#{')) return;
  for (const segment of splitTemplate(text)) {
    if (!segment.expression) collectPlain(segment.raw, names);
    else collectExpression(segment.raw, names, depth);
  }
}

function collectExpression(text: string, names: Set<string>, depth: number): void {
  try {
    for (const token of tokenize(text, 0)) {
      if (token.kind === 'parameter') names.add(token.text);
      else if (token.kind === 'string' && depth < MAX_DEPTH) collectQuoted(token.text, names, depth + 1);
    }
  } catch {
    // No expression after all: whoever mends it should find the references as they stand.
    collectPlain(text, names);
  }
}

/** Of quoted text only the expressions in it count. */
function collectQuoted(text: string, names: Set<string>, depth: number): void {
  if (!text.includes('#{')) return;
  for (const segment of splitTemplate(text)) if (segment.expression) collectExpression(segment.raw, names, depth);
}

function collectPlain(text: string, names: Set<string>): void {
  substitute(text, (name) => {
    names.add(name);
    return '';
  });
}

/** Of n signs before a brace each pair stands for one; one that is left over begins a reference. */
function substitute(text: string, replacementOf: (name: string, position: number) => string): string {
  let result = '';
  let done = 0;
  for (let at = text.indexOf('#{'); at >= 0; at = text.indexOf('#{', Math.max(done, at + 2))) {
    const end = text.indexOf('}', at);
    if (end < 0) break;
    const signs = signsBefore(text, at, done);
    const name = text.slice(at + 2, end);
    const refers = signs % 2 === 1;
    if (refers && !isName(name)) continue;
    result += text.slice(done, at + 1 - signs) + '#'.repeat(Math.floor(signs / 2)) + (refers ? replacementOf(stripQuotes(name), at) : `{${name}}`);
    done = end + 1;
  }
  return result + text.slice(done);
}

function signsBefore(text: string, at: number, from: number): number {
  let count = 1;
  while (at - count >= from && text[at - count] === '#') count++;
  return count;
}

/** An apostrophe may stand at both ends only. */
function isName(name: string): boolean {
  return name !== '' && !stripQuotes(name).includes("'");
}

/**
 * Puts parameters' values into a text without expressions: `#{name}` becomes the value, `##{name}` the text `#{name}`.
 * Throws an Error that names a parameter for which `parameter` answers undefined.
 */
export function substituteParameters(text: string, parameter: (name: string) => string | undefined): string {
  return substitute(text, (name) => {
    const value = parameter(name);
    if (value === undefined) throw new Error(`There is no parameter '${name}'`);
    return value;
  });
}

/** The same, leaving expressions and the escapes of dollar signs alone. Throws ExpressionSyntaxError. */
export function substituteOutsideExpressions(text: string, parameter: (name: string) => string | undefined): string {
  if (!text.includes('#{')) return text;
  const replaced = splitTemplate(text).map(({ expression, raw, position }) =>
    expression
      ? raw
      : substitute(raw, (name, at) => {
          const value = parameter(name);
          if (value === undefined) throw new ExpressionSyntaxError(`There is no parameter '${name}'`, position + at);
          return value;
        }),
  );
  return replaced.join('');
}
