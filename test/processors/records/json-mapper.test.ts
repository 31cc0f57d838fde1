import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonMapper, type MapperOptions } from '../../../processors/records/json-mapper.ts';
import { parseMapping } from '../../../processors/records/mapping.ts';
import { mapRecord } from '../../../processors/records/record-mapper.ts';
import { type DataRecord, parseRecords } from '../../../server/extension/record.ts';

const FIELDS = parseMapping(
  JSON.stringify([
    { source: 'name', destination: 'NAME', type: 'text', transform: 'trim' },
    { source: 'mail', destination: 'MAIL', type: 'text', required: true, transform: 'lower' },
    { source: 'n', destination: 'N', type: 'integer' },
    { source: 'd', destination: 'D', type: 'decimal', default: 0 },
    { source: 'b', destination: 'B', type: 'boolean' },
    { source: 'day', destination: 'DAY', type: 'date' },
    { source: 'at', destination: 'AT', type: 'timestamp' },
    { source: 'any', destination: 'ANY' },
    { source: 'n', destination: 'TEXT', type: 'text' },
    { destination: 'KIND', default: 'é"' },
  ]),
);

/** What the quick way must equal: every record mapped by the straight way. */
function expected(text: string, options: MapperOptions) {
  const outcomes = parseRecords(text).map((record) => ({ record, mapped: mapRecord(FIELDS, record, options.keepOthers ?? false) }));
  return {
    records: outcomes.flatMap(({ mapped }) => (mapped.record ? [mapped.record] : [])),
    rejected: outcomes.flatMap(({ record, mapped }) => (mapped.record ? [] : [{ record, reason: mapped.reason }])),
  };
}

function check(text: string, options: MapperOptions = {}, mapper = new JsonMapper(FIELDS, options)): void {
  const { content, count, rejected } = mapper.map(Buffer.from(text));
  const records = parseRecords(content.toString());
  const wanted = expected(text, options);
  assert.deepEqual(records, wanted.records, text);
  assert.deepEqual(rejected, wanted.rejected, text);
  assert.equal(count, records.length);
}

const plain: DataRecord = { name: 'Ada', mail: 'Ada@Example.org', n: 12, d: 1.5, b: true, day: '2024-01-28', at: '2024-01-28T10:00:00', any: 'x', other: 1 };
const odd: readonly (readonly [string, unknown])[] = [
  ['name', ' Ada '],
  ['name', 'Łukasz'],
  ['name', 'quote " and \\ and \n'],
  ['name', ''],
  ['name', null],
  ['mail', ''],
  ['mail', null],
  ['mail', 'ÄÖ@x.de'],
  ['n', '12'],
  ['n', 12.5],
  ['n', 'x'],
  ['n', -7],
  ['n', 0],
  ['n', -0],
  ['n', 1e21],
  ['n', true],
  ['n', null],
  ['n', ''],
  ['d', null],
  ['d', '1.5'],
  ['d', -0.25],
  ['d', 1e-7],
  ['b', 'yes'],
  ['b', false],
  ['b', 'x'],
  ['day', '2024-02-30'],
  ['day', '2024-02-29'],
  ['day', '2024-01-28T00:00:00'],
  ['day', '2024-1-2'],
  ['day', ''],
  ['day', 5],
  ['at', '2024-01-28'],
  ['at', '2024-01-28 10:00:00'],
  ['at', '2024-01-28T24:00:00'],
  ['at', '2024-01-28T10:00:00Z'],
  ['any', { a: [1, '}'] }],
  ['any', [1]],
  ['any', null],
  ['other', { x: 1 }],
];

test('the quick way gives what the straight way gives, whatever stands among plain records', () => {
  for (const options of [{}, { keepOthers: true }]) {
    for (const [field, value] of odd) check(JSON.stringify([plain, { ...plain, [field]: value }, plain]), options);
    check(JSON.stringify(odd.map(([field, value]) => ({ ...plain, [field]: value }))), options);
  }
});

test('records of changing shape, in any layout', () => {
  const { name, ...rest } = plain;
  check(JSON.stringify([plain, rest, { ...rest, name }, plain]));
  check(JSON.stringify([plain, plain], null, 2));
  check(`\uFEFF[]`.slice(1));
  check(` [ ${JSON.stringify(plain)} ,\n ${JSON.stringify(plain)} ] \n`);
  check(`${JSON.stringify(plain)}\n${JSON.stringify(plain)}`);
  check(JSON.stringify(plain));
});

test('one mapper maps one content after the other', () => {
  const mapper = new JsonMapper(FIELDS);
  check(JSON.stringify([plain]), {}, mapper);
  check(JSON.stringify([{ ...plain, name: 'Bob' }]), {}, mapper);
  check(JSON.stringify(Object.fromEntries(Object.entries(plain).reverse())), {}, mapper);
});

test('numbers keep every digit', () => {
  const text = JSON.stringify([plain]).replace('"n":12', '"n":9007199254740993').replace('"d":1.5', '"d":0.12345678901234567890');
  assert.match(new JsonMapper(FIELDS).map(Buffer.from(text)).content.toString(), /"N":9007199254740993,"D":0\.12345678901234567890,.*"TEXT":"9007199254740993"/);
});

test('what is no JSON is refused, however it is broken', () => {
  const text = JSON.stringify([plain, plain]);
  const mapper = new JsonMapper(FIELDS);
  for (const broken of [
    text.slice(0, -1),
    `${text}]`,
    text.replace('"Ada"', '"A\nda"'),
    text.replace('12', '012'),
    text.replace('},{', '}{'),
    text.replace('true', 'tru'),
    text.replace('1.5', '1.'),
  ]) {
    assert.throws(() => mapper.map(Buffer.from(broken)), /is not JSON records/, broken);
  }
});

test('a column that is missing everywhere stops, unless it may be empty', () => {
  const { name: _, ...rest } = plain;
  assert.throws(() => new JsonMapper(FIELDS).map(Buffer.from(JSON.stringify([rest]))), /Column name \(for NAME\) is not in the result/);
  assert.equal(parseRecords(new JsonMapper(FIELDS, { missingIsNull: true }).map(Buffer.from(JSON.stringify([rest]))).content.toString())[0]!.NAME, null);
});
