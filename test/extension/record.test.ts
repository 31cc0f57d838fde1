import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { ExactNumber, exactNumber, nearest, parseRecords, readRecordBatches, stringifyExactly, suggestion, wouldRound, writeRecords } from '../../server/extension/record.ts';

test('numbers that a double cannot hold stay exact', () => {
  for (const [text, value] of [
    ['0', 0],
    ['1.10', 1.1],
    ['0.1', 0.1],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775808', -9223372036854775808n],
    ['0.30000000000000004', 0.30000000000000004],
    ['1e400', new ExactNumber('1e400')],
    ['12345678901234567890.123', new ExactNumber('12345678901234567890.123')],
  ] as const)
    assert.deepEqual(exactNumber(text), value, text);
});

test('records are read and written without changing a number', () => {
  const text = '[{"id":9007199254740993,"price":12345678901234567890.123,"ratio":0.30000000000000004,"nested":[{"x":18446744073709551615}],"word":"1234567890123456789"}]';
  assert.equal(writeRecords(parseRecords(text)), text);
});

test('only texts with a number that would be rounded take the slow way', () => {
  for (const [text, rounds] of [
    ['[{"a":1,"b":"2026-11-23T14:36:00.123456Z","c":0.30000000000000004}]', false],
    ['{"a":"phone 00491234567890"}', false],
    ['{"a":9007199254740993}', true],
    ['{"a":1.00000000000000000001}', true],
    ['{"a":1e400}', true],
    ['{"u":"1e4000ab-0000-4000-8000-000000000000"}', false],
  ] as const)
    assert.equal(wouldRound(text), rounds, text);
});

test('an array, one object and one object per line are records; anything else is refused with the reason', () => {
  assert.deepEqual(parseRecords(' [{"a":1},{"a":2}] '), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(parseRecords('{"a":1}'), [{ a: 1 }]);
  assert.deepEqual(parseRecords('{"a":1}\n\n{"a":2}\n'), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(parseRecords(''), []);
  assert.throws(() => parseRecords('[1]'), /element 1 is not an object/);
  assert.throws(() => parseRecords('{"a":1}\n{"a":'), /line 2/);
  assert.throws(() => parseRecords('a,b\n1,2'), /is not JSON records/);
});

test('a stream is cut into batches wherever its chunks end', async () => {
  const text = ' [ {"a":"]},{\\"["} , {"b":[{"c":{}}]},\n{"d":"é"} ] ';
  for (const chunk of [1, 2, 7, 1000]) {
    for (const size of [1, 2, 5]) {
      const bytes = Buffer.from(text);
      const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) => bytes.subarray(index * chunk, (index + 1) * chunk));
      const batches = [];
      for await (const batch of readRecordBatches(Readable.from(chunks), size)) batches.push(batch);
      assert.deepEqual(batches.flat(), JSON.parse(text));
      assert.ok(batches.every((batch) => batch.length <= size));
    }
  }
});

test('a stream that ends in the middle of a record is refused', async () => {
  await assert.rejects(async () => {
    for await (const _ of readRecordBatches(Readable.from([Buffer.from('[{"a":1},{"b"')]))) void _;
  }, /ends in the middle of a record/);
});

test('stringifyExactly writes what JSON.stringify writes where nothing is exact', () => {
  const value = { a: [1, null, true, 'é"'], b: { c: 1.5 } };
  assert.equal(stringifyExactly(value), JSON.stringify(value));
});

test('near names come first', () => {
  assert.deepEqual(nearest('first_name', ['FirstName', 'email', 'city']), ['FirstName']);
  assert.match(suggestion('emial', ['email', 'city']), /Did you mean email\?/);
  assert.match(suggestion('zzz', ['email', 'city']), /There are: email, city\./);
});
