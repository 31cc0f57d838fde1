import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquetReadObjects } from 'hyparquet';
import AvroRecordSetWriter from '../../../processors/records/AvroRecordSetWriter.ts';
import AvroReader from '../../../processors/records/AvroReader.ts';
import ParquetReader from '../../../processors/records/ParquetReader.ts';
import ParquetRecordSetWriter from '../../../processors/records/ParquetRecordSetWriter.ts';
import { temporaryDirectory } from '../../runner.ts';
import { contentOf, convert as convertOnce, csvReader, jsonReader, jsonWriter, type Properties, reasonOf, service } from './record-services.ts';

const reader = service(ParquetReader);
const writer = (properties: Properties = {}) => service(ParquetRecordSetWriter, properties);

/** Services are disabled afterwards: the reader has a database and a folder open. */
async function convert(...given: Parameters<typeof convertOnce>): Promise<Awaited<ReturnType<typeof convertOnce>>> {
  const run = await convertOnce(...given);
  await run.close();
  return run;
}

async function duckdb(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return (await connection.runAndReadAll(sql)).getRowsJson() as unknown[][];
  } finally {
    connection.disconnectSync();
    instance.closeSync();
  }
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const folder = temporaryDirectory();
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'file.parquet');
  await writeFile(file, bytes);
  return file;
}

async function toParquet(json: string, properties: Properties = {}, readerProperties: Properties = {}): Promise<Buffer> {
  return contentOf(await convert(json, jsonReader(readerProperties), writer(properties)));
}

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'total', type: { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 10 } },
    { name: 'small', type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 5, scale: 2 }] },
    { name: 'ratio', type: ['null', 'double'] },
    { name: 'single', type: ['null', 'float'] },
    { name: 'paid', type: ['null', 'boolean'] },
    { name: 'day', type: ['null', { type: 'int', logicalType: 'date' }] },
    { name: 'at', type: ['null', { type: 'long', logicalType: 'timestamp-micros' }] },
    { name: 'clock', type: ['null', { type: 'int', logicalType: 'time-millis' }] },
    { name: 'raw', type: ['null', 'bytes'] },
    { name: 'tags', type: ['null', { type: 'array', items: ['null', 'string'] }] },
    { name: 'scores', type: ['null', { type: 'map', values: ['null', 'long'] }] },
    {
      name: 'lines',
      type: [
        'null',
        {
          type: 'array',
          items: {
            type: 'record',
            name: 'Line',
            fields: [
              { name: 'sku', type: 'string' },
              { name: 'counts', type: { type: 'array', items: 'int' } },
            ],
          },
        },
      ],
    },
  ],
});
const ORDERS =
  '[{"id":9007199254740993,"total":1234567890123456789012345678.0123456789,"small":-1.50,"ratio":0.1,"single":0.1,"paid":true,"day":"2026-02-28","at":"2026-11-01T12:34:56.123456","clock":"23:59:59","raw":[0,255],' +
  '"tags":["a",null,"ü"],"scores":{"x":-9007199254740993,"y":null},"lines":[{"sku":"A","counts":[1,2]},{"sku":"B","counts":[]}]},' +
  '{"id":-1,"total":0,"small":null,"ratio":null,"single":null,"paid":null,"day":null,"at":null,"clock":null,"raw":null,"tags":[],"scores":{},"lines":null}]';
const typed = { 'Schema Access Strategy': 'schema-text-property', 'Schema Text': SCHEMA };
const dates = { 'Date Format': 'yyyy-MM-dd', 'Time Format': 'HH:mm:ss', 'Timestamp Format': "yyyy-MM-dd'T'HH:mm:ss.SSSSSS" };

test('what is written comes back exactly: long integers, decimals of 38 digits, microseconds, bytes, lists, maps and records', async () => {
  const json = await contentOf(await convert(ORDERS, jsonReader(typed), jsonWriter(dates)));
  for (const codec of ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'BROTLI']) {
    const bytes = await toParquet(ORDERS, { 'Compression Type': codec }, typed);
    const back = await convert(bytes, reader, jsonWriter(dates));
    assert.equal(contentOf(back).toString(), json.toString());
  }
});

test('DuckDB reads what is written, with the types of the schema', async () => {
  const file = await fileOf(await toParquet(ORDERS, { 'Compression Type': 'SNAPPY' }, typed));
  const types = await duckdb(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${file}')`);
  assert.deepEqual(Object.fromEntries(types), {
    id: 'BIGINT',
    total: 'DECIMAL(38,10)',
    small: 'DECIMAL(5,2)',
    ratio: 'DOUBLE',
    single: 'FLOAT',
    paid: 'BOOLEAN',
    day: 'DATE',
    at: 'TIMESTAMP WITH TIME ZONE',
    clock: 'TIME',
    raw: 'BLOB',
    tags: 'VARCHAR[]',
    scores: 'MAP(VARCHAR, BIGINT)',
    lines: 'STRUCT(sku VARCHAR, counts INTEGER[])[]',
  });
  const [[id, total, micros, sku, count]] = (await duckdb(
    `SELECT id::VARCHAR, total::VARCHAR, epoch_us("at") % 1000000, "lines"[1].sku, count(*) OVER () FROM '${file}' ORDER BY id DESC LIMIT 1`,
  )) as [unknown[]];
  assert.deepEqual([id, total, String(micros), sku, String(count)], ['9007199254740993', '1234567890123456789012345678.0123456789', '123456', 'A', '2']);
});

test('hyparquet reads what is written', async () => {
  const bytes = await toParquet('[{"a":1,"b":"x","c":[1,null]},{"a":null,"b":null,"c":null}]');
  const file = Uint8Array.from(bytes).buffer;
  assert.deepEqual(await parquetReadObjects({ file }), [
    { a: 1, b: 'x', c: [1, null] },
    { a: null, b: null, c: undefined },
  ]);
});

test('what DuckDB writes is read: every type that it has, several groups of rows, every compression', async () => {
  const file = await fileOf(Buffer.alloc(0));
  const columns = `i::TINYINT AS t, i::UBIGINT + 18446744073709551000 AS u, (i / 3)::DECIMAL(18,6) AS d, [i, NULL] AS l, {'a': i, 'b': [{'c': 'x'}]} AS s, MAP {'k': i} AS m,
    TIMESTAMP '2026-01-02 03:04:05.678901' + to_days(i::INT) AS ts, TIMESTAMP_NS '2026-01-02 03:04:05.678901234' AS ns, TIMESTAMP_MS '2026-01-02 03:04:05.678' AS ms,
    DATE '1969-12-31' AS day, TIME '01:02:03.5' AS tm, '\\xFF'::BLOB AS b, 0.1::FLOAT AS f, uuid_nil AS id`;
  for (const codec of ['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw']) {
    await duckdb(
      `COPY (SELECT ${columns} FROM range(3) r(i), (SELECT '00000000-0000-0000-0000-000000000000'::UUID AS uuid_nil)) TO '${file}' (FORMAT parquet, COMPRESSION ${codec})`,
    );
    const run = await convert(await readFile(file), reader, jsonWriter({ ...dates, 'Timestamp Format': "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS", 'Time Format': 'HH:mm:ss.S' }));
    const second = JSON.parse(
      contentOf(run)
        .toString()
        .replace(/1844674407370955\d+/g, '"$&"'),
    )[1];
    assert.deepEqual(second, {
      t: 1,
      u: '18446744073709551001',
      d: 0.333333,
      l: [1, null],
      s: { a: 1, b: [{ c: 'x' }] },
      m: { k: 1 },
      ts: '2026-01-03T03:04:05.678901000',
      ns: '2026-01-02T03:04:05.678901234',
      ms: '2026-01-02T03:04:05.678000000',
      day: '1969-12-31',
      tm: '01:02:03.5',
      b: [255],
      f: 0.1,
      id: '00000000-0000-0000-0000-000000000000',
    });
  }
});

test('a part of the file is read where attributes say so', async () => {
  const bytes = await toParquet(JSON.stringify(Array.from({ length: 5000 }, (_, i) => ({ i }))));
  const run = await convert(bytes, reader, jsonWriter(), { 'record.offset': '4321', 'record.count': '2' });
  assert.equal(contentOf(run).toString(), '[{"i":4321},{"i":4322}]');
  assert.match(reasonOf(await convert(bytes, reader, jsonWriter(), { 'parquet.file.range.startOffset': '4' })), /does not read/);
});

test('many groups of rows make one file', async () => {
  const csv = `id,name\n${Array.from({ length: 20_000 }, (_, i) => `${i},name ${i}\n`).join('')}`;
  const run = await convert(csv, csvReader(), writer({ 'Row Group Size': '64 KB', 'Compression Type': 'SNAPPY' }));
  assert.equal(run.out('success')[0]!.attributes['mime.type'], 'application/parquet');
  const file = await fileOf(contentOf(run));
  assert.deepEqual(await duckdb(`SELECT count(*)::INT, sum(id)::VARCHAR, min(name) FROM '${file}'`), [[20_000, '199990000', 'name 0']]);
  assert.ok(Number((await duckdb(`SELECT count(DISTINCT row_group_id) FROM parquet_metadata('${file}')`))[0]![0]) > 5);
});

test('what does not fit fails with the field, and what is no Parquet with the reason', async () => {
  const tooLong = {
    ...typed,
    'Schema Text': JSON.stringify({ type: 'record', name: 'r', fields: [{ name: 'd', type: { type: 'bytes', logicalType: 'decimal', precision: 3, scale: 1 } }] }),
  };
  assert.match(reasonOf(await convert('[{"d":1234.5}]', jsonReader(tooLong), writer())), /'d' does not fit its type DECIMAL/);
  assert.match(reasonOf(await convert('[{}]', jsonReader(), writer())), /needs a column/);
  const good = await toParquet('[{"a":1}]');
  for (const [content, reason] of [
    [Buffer.from('hello'), /does not begin with 'PAR1'/],
    [Buffer.from(''), /empty or too short/],
    [good.subarray(0, good.length - 5), /cannot be read/],
    [Buffer.concat([good.subarray(0, 4), Buffer.alloc(100, 255), good.subarray(40)]), /cannot be read/],
  ] as const)
    assert.match(reasonOf(await convert(content, reader, jsonWriter())), reason);
});

test('microseconds of Avro come back exactly too', async () => {
  const schema = JSON.stringify({ type: 'record', name: 'r', fields: [{ name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } }] });
  const avro = contentOf(
    await convert('[{"at":"2023-11-14T22:13:20.000123"}]', jsonReader({ 'Schema Access Strategy': 'schema-text-property', 'Schema Text': schema }), service(AvroRecordSetWriter)),
  );
  const run = await convert(avro, service(AvroReader), jsonWriter({ 'Timestamp Format': 'HH:mm:ss.SSSSSSSSS' }));
  assert.equal(contentOf(run).toString(), '[{"at":"22:13:20.000123000"}]');
});
