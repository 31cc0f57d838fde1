import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupCount, javaRegex, javaReplacement, replaceMatches, wholly } from '../../../processors/standard/java-regex.ts';

const matches: [pattern: string, text: string, isMatch: boolean, flags?: string][] = [
  ['(?i)abc', 'xABCx', true],
  ['(?s)a.b', 'a\nb', true],
  ['a.b', 'a\nb', false],
  ['a.b', 'a\nb', true, 's'],
  ['abc$', 'abc\n', true],
  ['abc\\z', 'abc\n', false],
  ['abc\\Z', 'abc\r\n', true],
  ['\\Aabc', 'xabc', false],
  ['\\Qa.b\\E', 'a.b', true],
  ['\\Qa.b\\E', 'axb', false],
  ['\\p{Alpha}+\\p{Punct}', 'abc!', true],
  ['^[a-z&&[^b]]+$', 'ab', false],
  ['^[\\w.-]+@[\\w-]+$', 'a.b-c@d-e', true],
  ['^[^()/]+$', 'a-b', true],
  ['"a\\-b":\\{\\}', '"a-b":{}', true],
  ['x}]', 'x}]', true],
  ['a b # c', 'ab', true, 'x'],
  ['a.b', 'a.b', true, 'l'],
  ['a.b', 'axb', false, 'l'],
  ['\\h+\\R', ' \t\r\n', true],
  ['(?m)^b$', 'a\nb\nc', true],
];

for (const [pattern, text, isMatch, flags] of matches)
  test(`${pattern} ${isMatch ? 'finds' : 'does not find'} ${JSON.stringify(text)}`, () => assert.equal(javaRegex(pattern, flags).test(text), isMatch));

test('the whole text must match', () => {
  assert.equal(wholly(javaRegex('a|ab')).test('ab'), true);
  assert.equal(wholly(javaRegex('a')).test('ab'), false);
});

test('what cannot be compiled says why', () => {
  for (const pattern of ['(', '[a', 'a++', '(?>a)', 'a(?i)b', '\\G', 'a{2', '\\']) assert.throws(() => javaRegex(pattern), /is not a regular expression: .+/);
});

test('replacements refer to groups as in Java', () => {
  const replaced = (text: string, pattern: string, replacement: string): string => {
    const regex = javaRegex(pattern);
    return replaceMatches(text, regex, javaReplacement(replacement, groupCount(regex)));
  };
  assert.equal(replaced('a1 b2', '(\\w)(\\d)', '$2$1'), '1a 2b');
  assert.equal(replaced('a1', '(\\w)(\\d)', '$12'), 'a2');
  assert.equal(replaced('a1', '(?<letter>\\w)\\d', '${letter}!'), 'a!');
  assert.equal(replaced('a', '(a)', '\\$1 $9 $0'), '$1 $9 a');
});
