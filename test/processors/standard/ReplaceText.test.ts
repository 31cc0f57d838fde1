import assert from 'node:assert/strict';
import { test } from 'node:test';
import ReplaceText from '../../../processors/standard/ReplaceText.ts';
import { runner } from '../../runner.ts';

async function run(content: string, strategy: string, properties: Record<string, string>) {
  const started = runner(ReplaceText, { properties: { 'Replacement Strategy': strategy, ...properties } });
  started.enqueue(content, { filename: 'a.txt', word: 'b' });
  return started.run();
}

const replaced = async (content: string, strategy: string, properties: Record<string, string>) => (await run(content, strategy, properties)).out('success')[0]!.content;
const whole = { 'Evaluation Mode': 'Entire text' };

const cases: [strategy: string, properties: Record<string, string>, result: string][] = [
  ['Regex Replace', { 'Search Value': '(\\w)$', 'Replacement Value': '<$1>' }, 'a <b>\r\na <c>\n<d>'],
  ['Regex Replace', { ...whole, 'Search Value': '(?s)(a).*(d)', 'Replacement Value': '$2$1' }, 'da'],
  ['Regex Replace', {}, 'a b\r\na c\nd'],
  ['Literal Replace', { 'Search Value': 'a ${word}', 'Replacement Value': '$1' }, '$1\r\na c\nd'],
  ['Prepend', { 'Replacement Value': '> ' }, '> a b\r\n> a c\n> d'],
  ['Append', { 'Replacement Value': ';' }, 'a b;\r\na c;\nd;'],
  ['Append', { ...whole, 'Replacement Value': ' of ${filename}' }, 'a b\r\na c\nd of a.txt'],
  ['Surround', { 'Text to Prepend': '[', 'Text to Append': ']' }, '[a b]\r\n[a c]\n[d]'],
  ['Always Replace', { 'Replacement Value': 'x' }, 'x\r\nx\nx'],
  ['Always Replace', { ...whole, 'Replacement Value': '{"n":"${filename}"}' }, '{"n":"a.txt"}'],
  ['Prepend', { 'Replacement Value': '>', 'Line-by-Line Evaluation Mode': 'First-Line' }, '>a b\r\na c\nd'],
  ['Prepend', { 'Replacement Value': '>', 'Line-by-Line Evaluation Mode': 'Last-Line' }, 'a b\r\na c\n>d'],
  ['Prepend', { 'Replacement Value': '>', 'Line-by-Line Evaluation Mode': 'Except-First-Line' }, 'a b\r\n>a c\n>d'],
  ['Prepend', { 'Replacement Value': '>', 'Line-by-Line Evaluation Mode': 'Except-Last-Line' }, '>a b\r\n>a c\nd'],
];

for (const [strategy, properties, result] of cases)
  test(`${strategy} ${JSON.stringify(properties)}`, async () => assert.equal(await replaced('a b\r\na c\nd', strategy, properties), result));

test('variables are attributes', async () => {
  assert.equal(await replaced('${filename} ${gone}', 'Substitute Variables', {}), 'a.txt ${gone}');
});

test('what is too long fails', async () => {
  const failed = await run('abcdef', 'Regex Replace', { ...whole, 'Maximum Buffer Size': '5 B' });
  assert.deepEqual(failed.counts, { failure: 1 });
  assert.match(failed.bulletins[0]!.message, /more than the 5 of Maximum Buffer Size/);
  assert.deepEqual((await run('abcdef', 'Append', { 'Maximum Buffer Size': '5 B' })).counts, { failure: 1 });
});

test('a wrong expression fails with its reason', async () => {
  const failed = await run('abc', 'Regex Replace', { 'Search Value': '(' });
  assert.deepEqual([failed.counts, failed.out('failure')[0]!.content], [{ failure: 1 }, 'abc']);
});

test('a large text is changed piece by piece', async () => {
  const line = `é${'x'.repeat(98)}\r\n`;
  assert.equal(await replaced(line.repeat(20_000), 'Regex Replace', { 'Search Value': 'é(x+)', 'Replacement Value': 'è$1' }), line.replace('é', 'è').repeat(20_000));
});
