import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { test } from 'node:test';
import ConvertRecord from '../../../processors/records/ConvertRecord.ts';
import CSVReader from '../../../processors/records/CSVReader.ts';
import CSVRecordSetWriter from '../../../processors/records/CSVRecordSetWriter.ts';
import JsonRecordSetWriter from '../../../processors/records/JsonRecordSetWriter.ts';
import JsonTreeReader from '../../../processors/records/JsonTreeReader.ts';
import { type RealService, runner } from '../../runner.ts';

type Properties = Readonly<Record<string, string>>;
const service = (definition: unknown, properties: Properties = {}): RealService => ({ definition: definition as RealService['definition'], properties });

async function convert(content: string | Uint8Array, reader: RealService, writer: RealService, properties: Properties = {}) {
  const run = runner(ConvertRecord, { properties, services: { 'Record Reader': reader, 'Record Writer': writer } });
  run.enqueue(content, { filename: 'a' });
  return run.run();
}

const fromCsv = async (content: string | Uint8Array, properties: Properties = {}, writer: Properties = {}) =>
  (await convert(content, service(CSVReader, properties), service(JsonRecordSetWriter, writer))).out('success')[0]!.content;
const toCsv = async (content: string, properties: Properties = {}) =>
  (await convert(content, service(JsonTreeReader), service(CSVRecordSetWriter, properties))).out('success')[0]!.content;
const toJson = async (content: string, reader: Properties, writer: Properties = {}) =>
  (await convert(content, service(JsonTreeReader, reader), service(JsonRecordSetWriter, writer))).out('success')[0]!;

test('CSV to JSON: types follow from all values, and no digit is lost', async () => {
  const run = await convert('id,name,total,paid,zip,big\n1,ada,99.50,true,01234,12345678901234567890\n2,,12,FALSE,99999,1\n', service(CSVReader), service(JsonRecordSetWriter));
  const { content, attributes } = run.out('success')[0]!;
  assert.equal(
    content,
    '[{"id":1,"name":"ada","total":99.5,"paid":true,"zip":"01234","big":12345678901234567890},{"id":2,"name":null,"total":12.0,"paid":false,"zip":"99999","big":1}]',
  );
  assert.deepEqual([attributes['record.count'], attributes['mime.type'], run.counters], ['2', 'application/json', { 'Records Processed': 2 }]);
});

test('dialects of CSV', async () => {
  assert.equal(await fromCsv('a,b\r\n"x, ""y""","line\nbreak"\r\n\r\n"\\"q\\"",z', {}), '[{"a":"x, \\"y\\"","b":"line\\nbreak"},{"a":"\\"q\\"","b":"z"}]');
  assert.equal(await fromCsv('a;b\n#no\n 1 ;NULL\n', { 'Value Separator': ';', 'Comment Marker': '#', 'Null String': 'NULL' }), '[{"a":1,"b":null}]');
  assert.equal(await fromCsv('a\tb\n1\tx\n', { 'CSV Format': 'tdf' }), '[{"a":1,"b":"x"}]');
  assert.equal(await fromCsv('a\tb\n1\t\\N\n', { 'CSV Format': 'mysql' }), '[{"a":1,"b":null}]');
  assert.equal(await fromCsv('a\n 1\n', { 'Trim Fields': 'false' }), '[{"a":" 1"}]');
  assert.equal(await fromCsv('a,b\n1,2\n', { 'Schema Access Strategy': 'csv-header-derived' }), '[{"a":"1","b":"2"}]');
  assert.equal(await fromCsv('a,a,\n1,2,3\n', {}), '[{"a":1,"a_1":2,"column_2":3}]');
  assert.equal(await fromCsv(Buffer.from('a\n\xe9\n', 'latin1'), { 'Character Set': 'ISO-8859-1' }), '[{"a":"é"}]');
  assert.equal(await fromCsv('\ufeffa\n1\n', {}), '[{"a":1}]');
});

test('bad CSV fails with the reason, and the FlowFile is as it came', async () => {
  for (const [content, reason] of [
    ['a,b\n1,2,3\n', /Row 2 has 3 values for 2 columns/],
    ['a\n"x" y\n', /behind a closing quote/],
    ['a\n"x\n', /not closed/],
  ] as const) {
    const run = await convert(content, service(CSVReader), service(JsonRecordSetWriter));
    assert.deepEqual(run.counts, { failure: 1 });
    assert.equal(run.out('failure')[0]!.content, content);
    assert.match(run.out('failure')[0]!.attributes['record.error.message']!, reason);
  }
  assert.deepEqual((await convert('a,a\n1,2\n', service(CSVReader, { 'Allow Duplicate Header Names': 'false' }), service(JsonRecordSetWriter))).counts, { failure: 1 });
  assert.deepEqual((await convert('[{"a":', service(JsonTreeReader), service(JsonRecordSetWriter))).counts, { failure: 1 });
});

test('JSON to CSV', async () => {
  assert.equal(await toCsv('[{"a":1,"b":"x,y"},{"b":"say \\"hi\\"","c":[1]}]'), 'a,b,c\n1,"x,y",\n,"say ""hi""",[1]\n');
  assert.equal(await toCsv('{"a":1}\n{"a":2.5}', { 'Include Header Line': 'false', 'Record Separator': '\\r\\n' }), '1.0\r\n2.5\r\n');
  assert.equal(await toCsv('[{"a":1,"b":"x"}]', { 'Quote Mode': 'ALL' }), '"a","b"\n"1","x"\n');
  assert.equal(await toCsv('[{"a":1,"b":"x"}]', { 'Quote Mode': 'NON_NUMERIC' }), '"a","b"\n1,"x"\n');
  assert.equal(await toCsv('[{"a":"x,y\\nz"}]', { 'Quote Mode': 'NONE' }), 'a\nx\\,y\\nz\n');
  assert.equal(await toCsv('[{"a":null,"b":1}]', { 'Null String': 'NULL', 'Include Trailing Delimiter': 'true' }), 'a,b,\nNULL,1,\n');
});

test('layouts of JSON', async () => {
  const records = '[{"a":1,"b":null},{"a":2}]';
  assert.equal((await toJson(records, {}, { 'Output Grouping': 'output-oneline' })).content, '{"a":1,"b":null}\n{"a":2,"b":null}');
  assert.equal((await toJson(records, {}, { 'Suppress Null Values': 'always-suppress' })).content, '[{"a":1},{"a":2}]');
  assert.equal((await toJson(records, {}, { 'Suppress Null Values': 'suppress-missing' })).content, '[{"a":1,"b":null},{"a":2}]');
  assert.equal((await toJson('[{"a":1}]', {}, { 'Pretty Print JSON': 'true' })).content, '[{\n  "a": 1\n}]');
  assert.equal((await toJson('[{"a":1.5e-7},{"a":1e25}]', {})).content, '[{"a":0.00000015},{"a":10000000000000000000000000.0}]');
  const { bytes, attributes } = await toJson(records, {}, { 'Compression Format': 'gzip', 'Suppress Null Values': 'always-suppress' });
  assert.deepEqual([gunzipSync(bytes).toString(), attributes['mime.type']], ['[{"a":1},{"a":2}]', 'application/gzip']);
});

test('records in a field of the JSON', async () => {
  const reader = { 'Starting Field Strategy': 'NESTED_FIELD', 'Starting Field Name': 'rows' };
  assert.equal((await toJson('{"meta":{},"data":{"rows":[{"a":1}]}}', reader)).content, '[{"a":1}]');
  assert.deepEqual((await convert('{}', service(JsonTreeReader, reader), service(JsonRecordSetWriter))).counts, { failure: 1 });
});

test('no records', async () => {
  const run = (withEmpty: string) => convert('a,b\n', service(CSVReader), service(JsonRecordSetWriter), { 'Include Zero Record FlowFiles': withEmpty });
  assert.deepEqual(
    (await run('true')).out('success').map(({ content, attributes }) => [content, attributes['record.count']]),
    [['[]', '0']],
  );
  assert.deepEqual((await run('false')).counts, {});
});

test('a large file comes through in pieces', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => `${index},"name ${index}, ""quoted"""`);
  const out = JSON.parse(await fromCsv(`id,name\r\n${rows.join('\r\n')}`)) as { id: number; name: string }[];
  assert.deepEqual([out.length, out[59_999]], [60_000, { id: 59_999, name: 'name 59999, "quoted"' }]);
});

test('choices that this runtime does not follow are invalid', async () => {
  await assert.rejects(fromCsv('', { 'Schema Access Strategy': 'schema-name' }), /Schema Registry must be set/);
  await assert.rejects(fromCsv('', {}, { 'Compression Format': 'zstd' }), /choose none or gzip/);
});
