import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bounded, boundedAll, harmlessFor, RegexTimeout } from '../../server/extension/java/regex-guard.ts';
import { compileRegex } from '../../server/extension/java/regex.ts';
import { harmlessLength } from '../../server/extension/java/regex-risk.ts';

test('what repeats says how long a text may be', () => {
  for (const [source, length] of [
    ['abc', Number.POSITIVE_INFINITY],
    ['a?b{2,5}|[a+*]x\\+\\*', Number.POSITIVE_INFINITY],
    ['(?<=x)(?:y|z)?(?!q)(?<name>w)', Number.POSITIVE_INFINITY],
    ['a+', 3162],
    ['[[a]&&[b]]*?', 3162],
    ['a{10}', 3162],
    ['\\p{L}+ (\\d+)', 215],
    ['(ab)+(cd){2,}', 215],
    ['(a.*)b.*c+', 56],
    ['(a+)+b', 20],
    ['(a|aa)*$', 20],
    ['(?:(?:x?y)z)+', 20],
    ['(a{1,9}){10,20}', 20],
    ['(.{1,3},)+', 20],
    ['((a+)b)?c', 3162],
  ] as const)
    assert.equal(harmlessLength(source), length, source);
});

const length = 100_000;
const text = 'a'.repeat(length);

test('a match without end is given up, and the next one works', () => {
  for (const [pattern, flags] of [
    ['(a+)+b', 'v'],
    ['(a.*)b', 'sv'],
  ] as const) {
    const regex = new RegExp(pattern, flags);
    const match = { pattern, length, property: 'Search Value' };
    assert.throws(
      () => bounded(regex, match, () => regex.test(text)),
      (thrown: Error) =>
        thrown instanceof RegexTimeout && thrown.message.startsWith(`Search Value: the regular expression '${pattern}' was given up after 1000 ms, at a text of 100000`),
    );
    assert.equal(
      bounded(regex, { ...match, length: 3 }, () => regex.exec('aab')?.[0]),
      'aab',
    );
  }
});

test('many texts under one watch: the one that takes too long is named', () => {
  const regex = /(a+)+b/;
  const one = (text: string): boolean => bounded(regex, { pattern: 'mine', length: text.length, property: undefined }, () => regex.test(text));
  assert.deepEqual(
    boundedAll(100, harmlessFor(regex), () => ['aab', 'x'.repeat(50)].map(one)),
    [true, false],
  );
  assert.throws(() => boundedAll(100, harmlessFor(regex), () => ['aab', 'a'.repeat(50)].map(one)), /expression 'mine' was given up .* text of 50 characters/);
});

test('what run throws comes through', () => {
  assert.throws(() => boundedAll(1, 0, () => assert.fail('mine')), /^AssertionError.*mine$/);
});

test("Java's patterns are watched", () => {
  const regex = compileRegex('(a+)+b');
  for (const act of [() => regex.matches(text), () => regex.replaceAll(text, 'x')]) assert.throws(act, /given up after 1000 ms/);
  assert.equal(regex.replaceAll('aab', 'x'), 'x');
});
