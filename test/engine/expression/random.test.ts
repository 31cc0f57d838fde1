// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are NiFi's expressions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileExpression, ExpressionSyntaxError } from '../../../server/engine/expression/compile.ts';
import { functions, beginnings, multiples } from '../../../server/engine/expression/functions/catalogue.ts';
import { compileRegex } from '../../../server/extension/java/regex.ts';
import { parameterReferences } from '../../../server/engine/expression/parameter-references.ts';
import { evaluationOf } from './cases.ts';

const ON = evaluationOf({ a: 'text', n: '42', d: '2014-01-01', j: '{"a":[1,2]}', 'my attr': '${n}' });

/** A small generator of numbers that are the same in each run (mulberry32). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const PIECES = [
  '${',
  '}',
  '$',
  '{',
  '#',
  '#{',
  '##{',
  "'",
  '"',
  '\\',
  '(',
  ')',
  ':',
  ',',
  ' ',
  '\n',
  '.',
  '-',
  '1',
  '5.5',
  '1e9',
  'a',
  'n',
  'my attr',
  'true',
  'null',
  'ü',
  '😀',
  '\ud800',
  '\0',
  'yyyy-MM',
  '$.a[?(@',
  '[0-9]+',
  '(?i)',
];
const NAMES = [...functions.keys(), ...beginnings.keys(), ...multiples.keys()];

/** Anything at all. */
function noise(next: (below: number) => number): string {
  return Array.from({ length: next(40) }, () => (next(4) === 0 ? NAMES[next(NAMES.length)]! : PIECES[next(PIECES.length)]!)).join('');
}

const VALUES = [
  "'a'",
  "'1'",
  '1',
  '-1',
  '2.5',
  'true',
  'null',
  "''",
  '${a}',
  '${n}',
  '${missing}',
  "'yyyy'",
  "'UTC'",
  "'$.a'",
  "'[a-z]+'",
  "'1 day'",
  "'MD5'",
  '#{p}',
  '99999999999',
  "'${n}'",
];

/** A sentence of the language, right or nearly so. */
function sentence(next: (below: number) => number, depth = 0): string {
  const value = () => (depth < 3 && next(6) === 0 ? sentence(next, depth + 1) : VALUES[next(VALUES.length)]!);
  const call = (name: string) => `${name}(${Array.from({ length: next(4) }, value).join(', ')})`;
  const subject =
    next(4) === 0 ? call([...beginnings.keys(), ...multiples.keys()][next(beginnings.size + multiples.size)]!) : ['a', 'n', 'd', 'j', 'missing', "'my attr'"][next(6)]!;
  return `\${${[subject, ...Array.from({ length: next(4) }, () => call([...functions.keys()][next(functions.size)]!))].join(':')}}`;
}

/** Compiles and evaluates; answers how far it came. */
function run(text: string): 'refused' | 'failed' | 'evaluated' {
  let compiled: ReturnType<typeof compileExpression>;
  try {
    compiled = compileExpression(text, (name) => (name === 'p' ? 'value' : undefined));
  } catch (error) {
    assert.ok(error instanceof ExpressionSyntaxError, `${JSON.stringify(text)}: ${(error as Error).stack}`);
    assert.ok(error.position >= 0 && (error.position <= text.length || text.includes('#{')), JSON.stringify(text));
    return 'refused';
  }
  try {
    assert.equal(typeof compiled.evaluate(ON), 'string');
    return 'evaluated';
  } catch (error) {
    assert.ok(error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError), `${JSON.stringify(text)}: ${(error as Error).stack}`);
    return 'failed';
  }
}

for (const seed of [1, 2, 3, 4]) {
  test(`20,000 texts of noise, seed ${seed}`, () => {
    const next = generator(seed);
    for (let i = 0; i < 20_000; i++) {
      const text = noise(next);
      run(text);
      parameterReferences(text);
    }
  });

  test(`20,000 sentences, seed ${seed}`, () => {
    const next = generator(seed);
    const outcomes = { refused: 0, failed: 0, evaluated: 0 };
    for (let i = 0; i < 20_000; i++) outcomes[run(sentence(next))]++;
    assert.ok(outcomes.evaluated > 1000 && outcomes.refused > 1000 && outcomes.failed > 10, JSON.stringify(outcomes));
  });

  test(`20,000 regular expressions, seed ${seed}`, () => {
    const next = generator(seed);
    const parts = [
      'a',
      'b',
      '.',
      '*',
      '+',
      '?',
      '(',
      ')',
      '[',
      ']',
      '[^',
      '|',
      '{2}',
      '{1,}',
      '\\',
      '\\d',
      '\\Q',
      '\\E',
      '&&',
      '-',
      '^',
      '$',
      '(?i)',
      '(?:',
      '(?>',
      '(?<n>',
      '\\1',
      '\\p{L}',
      '\\x41',
      '😀',
    ];
    for (let i = 0; i < 20_000; i++) {
      const pattern = Array.from({ length: next(12) }, () => parts[next(parts.length)]!).join('');
      try {
        compileRegex(pattern).matches('ab');
      } catch (error) {
        assert.match((error as Error).message, /is not a regular expression/);
      }
    }
  });
}

const long: [string, string][] = [
  ['expressions inside each other', `${'${'.repeat(50_000)}a${'}'.repeat(50_000)}`],
  ['arguments inside each other', `${'${a:append('.repeat(20_000)}1${')}'.repeat(20_000)}`],
  ['a long chain', `\${a${':trim()'.repeat(50_000)}}`],
  ['unclosed', '${'.repeat(100_000)],
  ['escapes', '$${'.repeat(100_000)],
  ['escapes that close', `${'$${'.repeat(100_000)}}`],
  ['dollars', '$'.repeat(200_000)],
  ['quotes', `\${'${"\\'".repeat(100_000)}'}`],
  ['open quotes', "${'".repeat(50_000)],
  ['comments', `\${${'# '.repeat(100_000)}}`],
  ['comments with lines', `\${${'# \n'.repeat(50_000)}a}`],
  ['parameters', '#{'.repeat(100_000)],
  ['signs', `${'#'.repeat(100_000)}{`],
  ['many expressions', '${a}'.repeat(50_000)],
  ['many arguments', `\${a:in(${"'x',".repeat(50_000)}'x')}`],
  ['digits', `\${a:plus(${'9'.repeat(100_000)})}`],
  ['a long name', `\${${'a'.repeat(200_000)}:nope()}`],
  ['a long function', `\${a:${'b'.repeat(200_000)}()}`],
  ['nested regular expression', `\${a:matches('${'('.repeat(20_000)}${')'.repeat(20_000)}')}`],
  ['nested class', `\${a:matches('${'['.repeat(20_000)}')}`],
  ['nested filter', `\${j:jsonPath('$${'[?(@'.repeat(20_000)}')}`],
  ['nested parentheses in a filter', `\${j:jsonPath('$[?(${'('.repeat(20_000)}')}`],
  ['nested date pattern', `\${n:format('${'['.repeat(20_000)}')}`],
  [
    'quoted inside quoted',
    (() => {
      let text = '${a}';
      for (let i = 0; i < 12; i++) text = `\${literal('${text.replace(/['\\]/g, '\\$&')}')}`;
      return text;
    })(),
  ],
];
for (const [name, text] of long) {
  test(name, () => {
    const began = performance.now();
    run(text);
    parameterReferences(text);
    assert.ok(performance.now() - began < 3000);
  });
}
