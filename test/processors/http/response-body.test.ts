import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResponseBody } from '../../../processors/http/response-body.ts';

const KILO = Buffer.alloc(1024, 'x');

function body() {
  const told: string[] = [];
  return { told, content: new ResponseBody({ resume: () => told.push('resume'), abort: ({ message }) => told.push(message) }) };
}

test('a content that is there, and one that is still to come', async () => {
  const { content } = body();
  content.push(Buffer.from('a'));
  content.end();
  assert.equal(await content.text(), 'a');
  const later = body();
  later.content.push(Buffer.from('a'));
  const read = later.content.text();
  for (let count = 0; count < 100; count++) assert.equal(later.content.push(KILO), true);
  later.content.end();
  assert.equal((await read).length, 100 * 1024 + 1);
});

test('nobody reads: the server waits until somebody does', async () => {
  const { content, told } = body();
  let taken = 1;
  while (content.push(KILO)) taken++;
  assert.equal(taken, 64);
  assert.deepEqual(told, []);
  const reader = content[Symbol.asyncIterator]();
  for (let count = 0; count < 64; count++) assert.equal((await reader.next()).value, KILO);
  const next = reader.next();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(told, ['resume']);
  assert.equal(content.push(Buffer.from('end')), true);
  assert.equal(String((await next).value), 'end');
  content.end();
  assert.equal((await reader.next()).done, true);
  assert.deepEqual(told, ['resume']);
});

test('a content that breaks off fails whoever reads it, after what has come', async () => {
  const whole = body();
  const read = assert.rejects(whole.content.bytes(), /cut/);
  whole.content.push(KILO);
  whole.content.fail(new Error('cut'));
  await read;
  const pieces = body();
  pieces.content.push(KILO);
  pieces.content.fail(new Error('cut'));
  const reader = pieces.content[Symbol.asyncIterator]();
  assert.equal((await reader.next()).value, KILO);
  await assert.rejects(reader.next(), /cut/);
});

test('what is not wanted is read to its end where that is near, and otherwise given up', async () => {
  const short = body();
  short.content.push(KILO);
  const dumped = short.content.dump();
  short.content.push(KILO);
  short.content.end();
  await dumped;
  assert.deepEqual(short.told, ['resume']);
  const long = body();
  const given = long.content.dump();
  let more = 1;
  while (long.content.push(KILO)) more++;
  await given;
  assert.deepEqual([more, long.told], [129, ['resume', 'The rest of the answer is not wanted']]);
  const left = body();
  left.content.push(KILO);
  for await (const piece of left.content) if (piece === KILO) break;
  assert.deepEqual(left.told, ['The rest of the answer is not wanted']);
});
