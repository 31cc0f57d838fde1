import assert from 'node:assert/strict';
import { test } from 'node:test';
import RouteText from '../../../processors/standard/RouteText.ts';
import { runner } from '../../runner.ts';

async function route(content: string, properties: Record<string, string>, attributes: Record<string, string> = {}) {
  const run = runner(RouteText, { properties });
  run.enqueue(content, attributes);
  await run.run();
  return (way: string) => run.out(way).map((output) => output.content);
}

test('lines go where their condition says', async () => {
  const text = 'apple\r\n  banana \nApple pie\ncherry';
  const out = await route(text, { 'Matching Strategy': 'Starts With', fruit: 'a', also: 'app', yellow: 'ban' });
  assert.deepEqual([out('fruit'), out('also'), out('yellow'), out('unmatched'), out('original')], [['apple\r\n'], ['apple\r\n'], ['  banana \n'], ['Apple pie\ncherry'], [text]]);
});

test('every way to compare', async () => {
  const table: [string, string, Record<string, string>, string[]][] = [
    ['Ends With', 'pie', {}, ['a pie\n']],
    ['Contains', 'E', {}, []],
    ['Contains', 'E', { 'Ignore Case': 'true' }, ['a pie\n']],
    ['Equals', ' a pie', { 'Ignore Leading/Trailing Whitespace': 'false' }, []],
    ['Equals', '${want}', {}, ['a pie\n']],
    ['Matches Regular Expression', 'a.*', {}, ['a pie\n']],
    ['Matches Regular Expression', 'pie', {}, []],
    ['Contains Regular Expression', 'PI[e]', { 'Ignore Case': 'true' }, ['a pie\n']],
    ['Satisfies Expression', "${line:contains('pie'):and(${lineNo:equals('1')})}", {}, ['a pie\n']],
  ];
  for (const [strategy, value, more, expected] of table) {
    const out = await route('a pie\nb pi\n', { 'Matching Strategy': strategy, hit: value, ...more }, { want: 'a pie' });
    assert.deepEqual(out('hit'), expected, strategy);
  }
});

test('all or any condition', async () => {
  const conditions = { 'Matching Strategy': 'Contains', x: 'x', y: 'y' };
  const all = await route('xy\nx\nz', { ...conditions, 'Routing Strategy': "Route to 'matched' if line matches all conditions" });
  assert.deepEqual([all('matched'), all('unmatched')], [['xy\n'], ['x\nz']]);
  const any = await route('xy\nx\nz', { ...conditions, 'Routing Strategy': "Route to 'matched' if lines matches any condition" });
  assert.deepEqual([any('matched'), any('unmatched')], [['xy\nx\n'], ['z']]);
});

test('groups, with their values', async () => {
  const run = runner(RouteText, { properties: { 'Matching Strategy': 'Contains', all: ',', 'Grouping Regular Expression': '(.),(.).*' } });
  run.enqueue('a,b 1\nc,d 2\na,b 3');
  await run.run();
  assert.deepEqual(
    run.out('all' as never).map(({ content, attributes }) => [content, attributes['RouteText.Group'], attributes['RouteText.Route']]),
    [
      ['a,b 1\na,b 3', 'a, b', 'all'],
      ['c,d 2\n', 'c, d', 'all'],
    ],
  );
});

test('long content is sorted without being held in memory', async () => {
  const line = `${'x'.repeat(1000)}\n`;
  const out = await route(line.repeat(12_000), { 'Matching Strategy': 'Contains', all: 'x' });
  assert.equal(out('all')[0]!.length, 12_000 * line.length);
});
