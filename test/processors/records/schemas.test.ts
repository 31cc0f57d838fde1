import assert from 'node:assert/strict';
import { test } from 'node:test';
import AvroReader from '../../../processors/records/AvroReader.ts';
import AvroRecordSetWriter from '../../../processors/records/AvroRecordSetWriter.ts';
import AvroSchemaRegistry from '../../../processors/records/AvroSchemaRegistry.ts';
import CSVRecordSetWriter from '../../../processors/records/CSVRecordSetWriter.ts';
import VolatileSchemaCache from '../../../processors/records/VolatileSchemaCache.ts';
import { convert, csvReader, jsonReader, jsonWriter, type Properties, runJson, service } from './record-services.ts';
import ConvertRecord from '../../../processors/records/ConvertRecord.ts';

const field = (name: string, type: unknown, more: object = {}): object => ({ name, type, ...more });
const schema = (...fields: object[]): string => JSON.stringify({ type: 'record', name: 'person', fields });
const byText = (text: string, more: Properties = {}): Properties => ({ 'Schema Access Strategy': 'schema-text-property', 'Schema Text': text, ...more });
const content = async (...given: Parameters<typeof convert>): Promise<string> => {
  const run = await convert(...given);
  return run.out('success')[0]?.content ?? run.out('failure')[0]!.attributes['record.error.message']!;
};

test('a schema decides types, order, defaults and aliases', async () => {
  const text = schema(field('id', 'long'), field('name', ['null', 'string'], { aliases: ['nick'] }), field('country', 'string', { default: 'AT' }), field('score', 'double'));
  assert.equal(
    await content('[{"score":"1","nick":"ada","id":"9007199254740993","x":1}]', jsonReader(byText(text)), jsonWriter()),
    '[{"id":9007199254740993,"name":"ada","country":"AT","score":1.0}]',
  );
  assert.equal(await content('[{"id":"x"}]', jsonReader(byText(text)), jsonWriter()), "The value 'x' of field 'id' cannot be converted to LONG.");
  assert.equal(await content('[{"id":1,"score":2}]', jsonReader(), jsonWriter(byText(text))), '[{"id":1,"name":null,"country":"AT","score":2.0}]');
  assert.equal(await content('[{"id":1}]', jsonReader(byText('{')), jsonWriter()).then((reason) => reason.slice(0, 27)), 'The schema text is not JSON');
});

test('columns of CSV are found by the header or by their order', async () => {
  const text = schema(field('a', 'int'), field('b', 'string'));
  assert.equal(await content('b,a\nx,1\n', csvReader(byText(text, { 'Treat First Line as Header': 'true' })), jsonWriter()), '[{"a":1,"b":"x"}]');
  assert.equal(await content('1,x\n', csvReader(byText(text)), jsonWriter()), '[{"a":1,"b":"x"}]');
  assert.equal(
    await content('p,q\n1,x\n', csvReader(byText(text, { 'Treat First Line as Header': 'true', 'Ignore CSV Header Column Names': 'true' })), jsonWriter()),
    '[{"a":1,"b":"x"}]',
  );
  assert.equal(await content('x,y\n', csvReader(byText(text)), jsonWriter()), "Row 1 has 'x' in the column 'a', which is no INT.");
});

test('dates have the formats of reader and writer, and are milliseconds without', async () => {
  const formats = { 'Date Format': 'dd.MM.yyyy', 'Time Format': 'HH:mm', 'Timestamp Format': "yyyy-MM-dd'T'HH:mm:ssX" };
  const csv = 'd,t,s\n24.12.2026,18:30,2026-12-24T17:30:00Z\n';
  assert.equal(
    await content(csv, csvReader(formats), jsonWriter({ 'Date Format': 'yyyy/MM/dd', 'Time Format': 'HH:mm:ss', 'Timestamp Format': 'yyyy-MM-dd HH:mm:ss' })).then((text) =>
      text.slice(0, 40),
    ),
    '[{"d":"2026/12/24","t":"18:30:00","s":"2',
  );
  const millis = JSON.parse(await content(csv, csvReader(formats), jsonWriter())) as { d: number; s: number }[];
  assert.equal(millis[0]!.s, Date.UTC(2026, 11, 24, 17, 30));
  assert.equal(millis[0]!.d, new Date(2026, 11, 24).getTime());
});

test('values of several types in a field stay what they are', async () => {
  const json = '[{"a":1},{"a":"x"},{"a":[1.5]},{"a":{"b":true}},{"a":null}]';
  assert.equal(await content(json, jsonReader(), jsonWriter()), json);
});

test('records inside records, maps and lists pass through Avro without loss', async () => {
  const json =
    '[{"id":9007199254740993,"price":12345678901234.56789,"tags":["a","b"],"address":{"city":"Linz","floors":[1,2]},"ok":true,"ratio":0.5},{"id":1,"price":0.1,"tags":[],"address":null,"ok":null,"ratio":null}]';
  for (const compression of ['NONE', 'DEFLATE', 'SNAPPY']) {
    const avro = (await convert(json, jsonReader(), service(AvroRecordSetWriter, { 'Compression Format': compression }))).out('success')[0]!;
    assert.equal(avro.attributes['mime.type'], 'application/avro-binary');
    assert.equal(avro.bytes.subarray(0, 3).toString(), 'Obj');
    assert.equal(await content(avro.bytes, service(AvroReader), jsonWriter()), json.replace('"price":0.1,', '"price":0.1,'));
  }
});

test('logical types of Avro', async () => {
  const text = schema(
    field('d', { type: 'int', logicalType: 'date' }),
    field('t', { type: 'int', logicalType: 'time-millis' }),
    field('s', { type: 'long', logicalType: 'timestamp-micros' }),
    field('m', { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 }),
    field('e', { type: 'enum', name: 'E', symbols: ['X', 'Y'] }),
    field('f', { type: 'fixed', name: 'F', size: 2 }),
    field('map', { type: 'map', values: 'long' }),
    field('u', ['null', 'int', 'string', { type: 'record', name: 'inner', fields: [field('z', 'boolean')] }]),
  );
  const json =
    '[{"d":"2026-12-24","t":"18:30:00.25","s":"2026-12-24T18:30:00","m":-1.05,"e":"Y","f":[1,255],"map":{"k":2},"u":"five"},{"d":"1969-12-31","t":"00:00:00","s":"1970-01-01T00:00:00","m":12345678.9,"e":"X","f":[0,0],"map":{},"u":{"z":true}}]';
  const made = await convert(json, jsonReader(), service(AvroRecordSetWriter, byText(text)));
  assert.deepEqual(
    made.out('failure').map(({ attributes }) => attributes['record.error.message']),
    [],
  );
  const avro = made.out('success')[0]!.bytes;
  const formats = { 'Date Format': 'yyyy-MM-dd', 'Time Format': 'HH:mm:ss', 'Timestamp Format': "yyyy-MM-dd'T'HH:mm:ss" };
  assert.equal(await content(avro, service(AvroReader), jsonWriter(formats)), json.replace('18:30:00.25', '18:30:00'));
  const wrong = await convert('[{"d":"2026-12-24"}]', jsonReader(), service(AvroRecordSetWriter, byText(text)));
  assert.match(wrong.out('failure')[0]!.attributes['record.error.message']!, /Field 't' has no value, and its Avro type takes none/);
});

test('bare Avro records need a schema', async () => {
  const text = schema(field('a', 'int'), field('b', ['null', 'string']));
  const bare = (await convert('[{"a":1,"b":"x"},{"a":2}]', jsonReader(), service(AvroRecordSetWriter, byText(text, { 'Schema Write Strategy': 'no-schema' })))).out('success')[0]!
    .bytes;
  assert.equal(await content(bare, service(AvroReader, byText(text)), jsonWriter()), '[{"a":1,"b":"x"},{"a":2,"b":null}]');
  assert.match(await content(bare, service(AvroReader), jsonWriter()), /not Avro as the reader expects it/);
});

test('broken Avro fails with the reason', async () => {
  const avro = (await convert('[{"a":1},{"a":2}]', jsonReader(), service(AvroRecordSetWriter))).out('success')[0]!.bytes;
  for (const broken of [avro.subarray(0, 40), avro.subarray(0, avro.length - 12), Buffer.from('Obj'), Buffer.alloc(0)]) {
    const run = await convert(broken, service(AvroReader), jsonWriter());
    assert.deepEqual(run.counts, { failure: 1 });
    assert.notEqual(run.out('failure')[0]!.attributes['record.error.message'], '');
  }
});

test('schemas by name come from the registry; writers tell of theirs in attributes', async () => {
  const registry = { 'Schema Registry': service(AvroSchemaRegistry, { person: schema(field('id', 'string')) }) };
  const byName = service(jsonReader().definition, { 'Schema Access Strategy': 'schema-name' }, registry);
  assert.equal(await content('[{"id":1}]', byName, jsonWriter(), { 'schema.name': 'person' }), '[{"id":"1"}]');
  assert.match(await content('[{"id":1}]', byName, jsonWriter(), { 'schema.name': 'nobody' }), /has no schema 'nobody'. It has: person/);
  const told = await convert('[{"id":1}]', byName, jsonWriter({ 'Schema Write Strategy': 'full-schema-attribute' }), { 'schema.name': 'person' });
  assert.equal(told.out('success')[0]!.attributes['avro.schema'], schema(field('id', 'string')));
  const inferred = await convert('[{"a b":1,"c":[{"d":"x"}]}]', jsonReader(), jsonWriter({ 'Schema Write Strategy': 'full-schema-attribute' }));
  assert.deepEqual(
    JSON.parse(inferred.out('success')[0]!.attributes['avro.schema']!).fields.map(({ name, aliases }: { name: string; aliases?: string[] }) => [name, aliases]),
    [
      ['a_b', ['a b']],
      ['c', undefined],
    ],
  );
});

test('a schema cache hands a schema from writer to reader', async () => {
  const writer = service(CSVRecordSetWriter, {}, { 'Schema Cache': service(VolatileSchemaCache) });
  const { attributes } = (await convert('[{"a":1}]', jsonReader(), writer)).out('success')[0]!;
  assert.match(attributes['schema.cache.identifier']!, /^[\da-f]{64}$/);
});

test('JSON with comments, and records at any depth of a long text', async () => {
  const text = `/* a */{"rows":0.5,"x":{"y // no comment":"\\"rows\\":1","data":[${Array.from({ length: 5000 }, (_, index) => `{"n":${index}} // ${index}\n`).join(',')}]},"data":[]}`;
  const reader = jsonReader({ 'Allow Comments': 'true', 'Starting Field Strategy': 'NESTED_FIELD', 'Starting Field Name': 'data' });
  assert.equal((await convert(text, reader, jsonWriter())).out('success')[0]!.attributes['record.count'], '5000');
  assert.equal(
    await content(
      '{"a":{"b":[{"c":"1"}]}}',
      jsonReader(
        byText(
          JSON.stringify({
            type: 'record',
            name: 'w',
            fields: [field('a', { type: 'record', name: 'v', fields: [field('b', { type: 'array', items: { type: 'record', name: 'u', fields: [field('c', 'int')] } })] })],
          }),
          { 'Starting Field Strategy': 'NESTED_FIELD', 'Starting Field Name': 'b', 'Schema Application Strategy': 'WHOLE_JSON' },
        ),
      ),
      jsonWriter(),
    ),
    '[{"c":1}]',
  );
});

test('malformed content goes to failure with a reason', async () => {
  const deep = `${'[{"a":'.repeat(10_000)}1${'}]'.repeat(10_000)}`;
  const wide = `{${Array.from({ length: 1_000_000 }, (_, index) => `"c${index}":1`).join(',')}}`;
  const columns = `${Array.from({ length: 1_000_000 }, (_, index) => `c${index}`).join(',')}\n`;
  for (const [content, reader] of [
    [deep, jsonReader()],
    [wide, jsonReader()],
    [columns, csvReader()],
    ['[{"a":1},', jsonReader()],
    [Buffer.from([0xff, 0xfe, 0x00, 0x01]), jsonReader()],
    [`[{"a":"${'x'.repeat(2000)}"}]`, jsonReader({ 'Max String Length': '1 KB' })],
  ] as const) {
    const run = await runJson(ConvertRecord, content, {}, {}, { 'Record Reader': reader });
    assert.deepEqual(run.counts, { failure: 1 });
    assert.ok(run.out('failure')[0]!.attributes['record.error.message']!.length > 10);
  }
});
