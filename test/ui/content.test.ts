import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentView, tableOf, textOf } from '../../ui/shared/content/content.ts';
import { csvIn } from '../../ui/shared/content/csv-text.ts';
import { hexLines } from '../../ui/shared/content/hex.ts';
import { dataUrl, imageTypeOf } from '../../ui/shared/content/image.ts';
import { closeArray, parseJson, recordsIn, withExactNumbers } from '../../ui/shared/content/json-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('long numbers keep every digit', () => {
  assert.deepEqual(parseJson('{"id": 9007199254740993, "price": 1.5, "text": "12345678901234567890"}'), { id: '9007199254740993', price: 1.5, text: '12345678901234567890' });
  assert.equal(withExactNumbers('["a \\" 1234567890123456"]'), '["a \\" 1234567890123456"]');
});

test('records are found in an array, in an object and in lines', () => {
  assert.deepEqual(recordsIn(' [{"a":1},{"b":2}] ', false), [{ a: 1 }, { b: 2 }]);
  assert.deepEqual(recordsIn('{"a":1}', false), [{ a: 1 }]);
  assert.deepEqual(recordsIn('{"a":1}\n{"a":2}\n', false), [{ a: 1 }, { a: 2 }]);
  for (const other of ['[1,2]', '[]', 'text', '{"a":', '"x"']) assert.equal(recordsIn(other, false), undefined);
});

test('of a content that is cut off the whole records are shown', () => {
  assert.equal(closeArray('[{"a":"]}"},{"b":[1,2]},{"c":'), '[{"a":"]}"},{"b":[1,2]}]');
  assert.equal(closeArray('[{"a"'), '[]');
  assert.deepEqual(recordsIn('[{"a":1},{"a":2},{"a', true), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(recordsIn('{"a":1}\n{"a":2}\n{"a"', true), [{ a: 1 }, { a: 2 }]);
});

test('a table has a column for each field, and tells null from absent', () => {
  const { columns, rows } = tableOf([
    { a: 1, b: 'x' },
    { b: null, c: { d: true } },
  ]);
  assert.deepEqual(columns, ['a', 'b', 'c']);
  assert.deepEqual(
    rows.map((row) => row.map((cell) => cell?.text)),
    [
      ['1', 'x', undefined],
      [undefined, 'null', '{"d":true}'],
    ],
  );
  assert.deepEqual(
    rows[0]?.map((cell) => cell?.kind),
    ['number', 'text', undefined],
  );
});

test('contents are shown as what they are', () => {
  assert.equal(contentView(bytes(''), false).kind, 'empty');
  assert.equal(contentView(bytes('[{"a":1}]'), false).kind, 'records');
  assert.deepEqual(contentView(bytes('{"a":'), false), { kind: 'text', text: '{"a":', formatted: undefined });
  assert.deepEqual(contentView(bytes('[1,2]'), false), { kind: 'text', text: '[1,2]', formatted: '[\n  1,\n  2\n]' });
  assert.equal(contentView(new Uint8Array([0x50, 0x41, 0x52, 0x30, 0, 255]), false).kind, 'hex');
  assert.equal(contentView(new Uint8Array([0x50, 0x41, 0x52, 0x31, 0, 255]), false).kind, 'file');
});

test('a character that is cut in two is no reason to show bytes', () => {
  const cut = bytes('grün').slice(0, 3);
  assert.equal(textOf(cut, true), 'gr');
  assert.equal(textOf(cut, false), undefined);
});

test('bytes in lines of sixteen', () => {
  const lines = hexLines(bytes('Millrace grinds 1'), 1000);
  assert.deepEqual(lines[0], { offset: '00000000', hex: '4d 69 6c 6c 72 61 63 65  20 67 72 69 6e 64 73 20', text: 'Millrace grinds ' });
  assert.deepEqual(lines[1], { offset: '00000010', hex: '31', text: '1' });
  assert.equal(hexLines(new Uint8Array(100), 20).length, 2);
});

test('CSV is a table, with quotes and other delimiters; prose is not', () => {
  assert.deepEqual(csvIn('id,name\n1,"a, ""b"""\n2,"two\nlines"\n', false), {
    columns: ['id', 'name'],
    rows: [
      ['1', 'a, "b"'],
      ['2', 'two\nlines'],
    ],
  });
  assert.deepEqual(csvIn('a;b\r\n1;2\r\n3;', true)?.rows, [['1', '2']]);
  assert.equal(csvIn('Dear Ada, hello\nthis is a letter, and, no table', false), undefined);
  const view = contentView(bytes('id,total\n7,1.50\n'), false);
  assert.deepEqual(view.kind === 'records' && view.table.rows[0]?.map((cell) => cell?.kind), ['number', 'number']);
});

test('images are known by their first bytes', () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
  assert.equal(imageTypeOf(png), 'image/png');
  assert.deepEqual(contentView(png, false), { kind: 'image', type: 'image/png' });
  assert.equal(contentView(png, true).kind, 'hex');
  assert.equal(imageTypeOf(bytes('RIFF1234WAVE')), undefined);
  assert.equal(dataUrl('image/gif', bytes('hi')), 'data:image/gif;base64,aGk=');
});
