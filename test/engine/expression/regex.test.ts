// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are NiFi's expressions.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRegex } from '../../../server/extension/java/regex.ts';

const matches: [string, string, boolean][] = [
  ['a{2,3}', 'aaa', true],
  ['(?i)hello', 'HELLO', true],
  ['he(?i)LLO', 'hello', true],
  ['he(?i)LLO', 'HEllo', false],
  ['(?i:he)llo', 'HEllo', true],
  ['(?i:he)llo', 'HELLO', false],
  ['x(?i)[a-c]', 'xB', true],
  ['(?-i)a', 'A', false],
  ['\\Qa.b\\E', 'a.b', true],
  ['\\Qa.b\\E', 'axb', false],
  ['\\Qa.b', 'a.b', true],
  ['[a-z&&[^bc]]+', 'adz', true],
  ['[a-z&&[^bc]]+', 'abz', false],
  ['[a-c[x-z]]+', 'abz', true],
  ['[\\w&&[^\\d]]+', 'abc', true],
  ['[^a-c]', 'd', true],
  ['[]a]+', ']a', true],
  ['[a\\-z]+', 'a-z', true],
  ['[{}()|/]+', '{}()|/', true],
  ['\\p{Alpha}+', 'abc', true],
  ['\\p{Punct}+', '!?[]{}-', true],
  ['\\p{Lu}', 'É', true],
  ['\\p{L}+', 'éa', true],
  ['\\P{L}+', '12', true],
  ['\\pL', 'a', true],
  ['\\p{IsLatin}+', 'abc', true],
  ['[\\p{Digit}_]+', '1_2', true],
  ['a*+a', 'aaa', false],
  ['a*+b', 'aaab', true],
  ['(?>a|ab)c', 'abc', false],
  ['(?:a|ab)c', 'abc', true],
  ['(a)(b)\\2\\1', 'abba', true],
  ['(a)\\1+', 'aaaa', true],
  ['(a++)(b)\\2', 'aabb', true],
  ['(?<x>a)\\k<x>', 'aa', true],
  ['\\x41\\u0042\\x{43}\\0104', 'ABCD', true],
  ['a\\h+b\\R', 'a \tb\r\n', true],
  ['\\A\\w+\\z', 'abc', true],
  ['(?x) a b # comment\n c', 'abc', true],
  ['(?s).', '\n', true],
  ['.', '\n', false],
  ['.', '😀', true],
  ['a}', 'a}', true],
  ['a]', 'a]', true],
  ['\\_\\-\\/\\"', '_-/"', true],
  ['\\s', '\u00a0', false],
  ['(?m)^a$\\n^b$', 'a\nb', true],
  ['', '', true],
];
for (const [pattern, text, expected] of matches) test(`${pattern} on ${JSON.stringify(text)}`, () => assert.equal(compileRegex(pattern).matches(text), expected));

const replacements: [string, string, string, string][] = [
  ['l+', 'hello', 'r', 'hero'],
  ['.*?(l+).*', 'hello', '$1', 'll'],
  ['(a)(b)', 'ab', '$2$1', 'ba'],
  ['(a)', 'a', '$10', 'a0'],
  ['(?<first>a)b', 'ab', '${first}!', 'a!'],
  ['a', 'a', '\\$1', '$1'],
  ['a', 'a', '\\\\', '\\'],
  ['a', 'ba', '$0$0', 'baa'],
  ['a', 'a', '$$', ''],
  ['(a*+)(b)', 'aab', '$2$1', 'baa'],
  ['(x)?a', 'a', '[$1]', '[]'],
  ['\\.gz$', 'abc.gz\n', '', 'abc\n'],
  ['\\.gz$', 'abc.gz.gz', '', 'abc.gz'],
  ['(?m)^', 'a\nb', '> ', '> a\n> b'],
  ['b', 'abc', '&', 'a&c'],
];
for (const [pattern, text, by, expected] of replacements) {
  test(`${pattern} in ${JSON.stringify(text)} by ${by}`, () => {
    if (by === '$$') assert.throws(() => compileRegex(pattern).replaceAll(text, by), /must be followed by the number/);
    else assert.equal(compileRegex(pattern).replaceAll(text, by), expected);
  });
}

for (const pattern of [
  '(',
  ')',
  'a(',
  '[',
  '[a',
  '[z-a]',
  '*a',
  'a**',
  '\\',
  '\\Gx',
  'a\\',
  '(?<=',
  '(?',
  '(?<n',
  '\\p{Nope}',
  '\\1',
  '\\k<x>',
  '[[a]',
  '\\y',
  'x{2,1}',
  '(?<a>x)(?<a>y)(',
]) {
  test(`${pattern} is refused`, () => assert.throws(() => compileRegex(pattern), /not a regular expression/));
}
