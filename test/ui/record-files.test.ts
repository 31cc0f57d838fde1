import assert from 'node:assert/strict';
import { test } from 'node:test';
import avsc from 'avsc';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type AvroCompression, writeAvro } from '../../server/extension/avro-content.ts';
import { parseAvroSchema } from '../../server/extension/avro-schema.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { AvroReaders, type AvroSchema } from '../../ui/shared/content/avro.ts';
import { avroFileView } from '../../ui/shared/content/avro-file.ts';
import { contentView } from '../../ui/shared/content/content.ts';
import { parquetView } from '../../ui/shared/content/parquet.ts';
import { fileTable, MOST_ROWS } from '../../ui/shared/content/record-file.ts';

const PERSON = parseAvroSchema(
  JSON.stringify({
    type: 'record',
    name: 'Person',
    fields: [
      { name: 'id', type: 'long' },
      { name: 'name', type: ['null', 'string'] },
      { name: 'born', type: { type: 'int', logicalType: 'date' } },
    ],
  }),
);

async function people(count: number, compression: AvroCompression): Promise<Uint8Array> {
  async function* batches(): AsyncGenerator<DataRecord[]> {
    yield Array.from({ length: count }, (_, at) => ({ id: BigInt(at), name: at === 1 ? null : `person ${at}`, born: '1815-12-10' }) as unknown as DataRecord);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of writeAvro({ schema: PERSON, batches: batches() }, { compression })) pieces.push(piece);
  return Buffer.concat(pieces);
}

for (const compression of ['null', 'deflate', 'snappy'] as const)
  test(`an Avro file packed with ${compression} is a table; of one that is cut off the records that there are`, async () => {
    const few = await people(3, compression);
    assert.deepEqual(contentView(few, false), { kind: 'file', format: 'avro' });
    const view = await avroFileView(few, false);
    assert.deepEqual(view.records, [
      { id: 0, name: 'person 0', born: '1815-12-10' },
      { id: 1, name: null, born: '1815-12-10' },
      { id: 2, name: 'person 2', born: '1815-12-10' },
    ]);
    assert.equal(view.isAll, true);
    assert.deepEqual(
      view.schema.rows.map(([field]) => field!.text),
      ['id', 'name', 'born'],
    );
    const many = await people(50_000, compression);
    const start = await avroFileView(many.subarray(0, many.length / 2), true);
    assert.equal(start.records.length, MOST_ROWS);
    assert.equal(start.isAll, false);
  });

test('every kind of Avro value is read as avsc writes it', () => {
  const schema = {
    type: 'record',
    name: 'All',
    namespace: 'test',
    fields: [
      { name: 'flag', type: 'boolean' },
      { name: 'whole', type: 'int' },
      { name: 'single', type: 'float' },
      { name: 'double', type: 'double' },
      { name: 'raw', type: 'bytes' },
      { name: 'suit', type: { type: 'enum', name: 'Suit', symbols: ['HEARTS', 'SPADES'] } },
      { name: 'fixed', type: { type: 'fixed', name: 'Two', size: 2 } },
      { name: 'list', type: { type: 'array', items: 'Suit' } },
      { name: 'map', type: { type: 'map', values: ['null', 'int'] } },
      { name: 'next', type: ['null', 'All'] },
    ],
  };
  const one = { flag: true, whole: -70_000, single: 1.5, double: 0.1, raw: Buffer.from([1, 255]), suit: 'SPADES', fixed: Buffer.from([0, 9]), list: ['HEARTS', 'SPADES'] };
  const value = { ...one, map: { a: { int: 7 }, b: null }, next: { 'test.All': { ...one, map: {}, next: null } } };
  const bytes = avsc.Type.forSchema(schema as never, { wrapUnions: true }).toBuffer(value);
  const shown = { ...one, raw: '0x01ff', fixed: '0x0009' };
  const read = new AvroReaders().reader(schema as AvroSchema);
  assert.deepEqual(read({ bytes, at: 0, budget: 1000 }), { ...shown, map: { a: 7, b: null }, next: { ...shown, map: {}, next: null } });
});

test('logical types of Avro are shown as what they mean, with every digit', () => {
  const read = (schema: object, hex: string): unknown => new AvroReaders().reader(schema as AvroSchema)({ bytes: Buffer.from(hex, 'hex'), at: 0, budget: 10 });
  const written = (value: bigint): string => avsc.Type.forSchema('long').toBuffer(Number(value)).toString('hex');
  assert.equal(read({ type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 }, '04ff38'), '-2.00');
  assert.equal(read({ type: 'long', logicalType: 'timestamp-millis' }, written(0n)), '1970-01-01T00:00:00.000Z');
  assert.equal(read({ type: 'long', logicalType: 'timestamp-micros' }, written(-1n)), '1969-12-31T23:59:59.999999Z');
  assert.equal(read({ type: 'long', logicalType: 'local-timestamp-millis' }, written(1n)), '1970-01-01T00:00:00.001');
  assert.equal(read({ type: 'long', logicalType: 'time-micros' }, written(61_000_001n)), '00:01:01.000001');
  assert.equal(read('long' as never, 'ffffffffffffffffff01'), -(2n ** 63n));
});

test('Avro that is broken or lies about its size ends with a reason', async () => {
  const good = await people(3, 'null');
  await assert.rejects(avroFileView(good.subarray(0, 20), false), /ends in the middle|JSON/);
  await assert.rejects(avroFileView(Buffer.from('Obj\u0001garbage that is no header at all'), false));
  const endless = { bytes: Buffer.from('feffffffffffffff7f', 'hex'), at: 0, budget: 1000 };
  assert.throws(() => new AvroReaders().reader({ type: 'array', items: 'null' })(endless), /more in a record than can be shown/);
  const deep = { type: 'record', name: 'R', fields: [{ name: 'r', type: 'R' }] };
  assert.throws(() => new AvroReaders().reader(deep)({ bytes: Buffer.alloc(0), at: 0, budget: 1e6 }), /deep in each other/);
  assert.throws(() => new AvroReaders().reader({ type: 'array', items: 'Nobody' }), /does not define/);
});

test('of a Parquet file only the parts are read that its first rows need', async () => {
  const count = 300_000;
  const file = parquetWriteBuffer({
    columnData: [
      { name: 'id', data: Array.from({ length: count }, (_, at) => at), type: 'INT32' },
      { name: 'name', data: Array.from({ length: count }, (_, at) => `person ${at * 7919}`), type: 'STRING' },
    ],
    rowGroupSize: 1000,
  });
  assert.deepEqual(contentView(new Uint8Array(file).subarray(0, 1000), true), { kind: 'file', format: 'parquet' });
  let fetched = 0;
  const view = await parquetView(file.byteLength, async (start, end) => {
    fetched += end - start;
    return file.slice(start, end);
  });
  assert.equal(view.total, count);
  assert.equal(view.records.length, MOST_ROWS);
  assert.deepEqual(
    fileTable(view).rows[1]!.map((cell) => cell!.text),
    ['1', 'person 7919'],
  );
  assert.ok(fetched < file.byteLength / 4, `${fetched} of ${file.byteLength}`);
  await assert.rejects(parquetView(8, async () => new ArrayBuffer(8)));
});
