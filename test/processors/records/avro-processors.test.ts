import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import AvroReader from '../../../processors/records/AvroReader.ts';
import AvroRecordSetWriter from '../../../processors/records/AvroRecordSetWriter.ts';
import ExtractAvroMetadata from '../../../processors/records/ExtractAvroMetadata.ts';
import SplitAvro from '../../../processors/records/SplitAvro.ts';
import { writeAvro } from '../../../server/extension/avro-content.ts';
import { outlineOfSchema } from '../../../server/extension/avro-fingerprint.ts';
import { parseAvroSchema } from '../../../server/extension/avro-schema.ts';
import { type Runner, runner } from '../../runner.ts';
import { contentOf, convert, jsonReader, jsonWriter, type Properties, service } from './record-services.ts';

const SCHEMA =
  '{"type":"record","name":"Order","namespace":"org.shop","fields":[{"name":"id","type":{"type":"long"},"doc":"the key"},{"name":"note","type":["null","string"],"default":null}]}';

async function file(count: number, compression: 'null' | 'deflate' | 'snappy' = 'null'): Promise<Buffer> {
  async function* batches() {
    for (let from = 0; from < count; from += 1000)
      yield Array.from({ length: Math.min(1000, count - from) }, (_, i) => ({ id: 9007199254740993n + BigInt(from + i), note: i % 2 ? null : 'x' }));
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of writeAvro({ schema: parseAvroSchema(SCHEMA), batches: batches() }, { compression, metadata: new Map([['made.by', Buffer.from('me')]]) }))
    pieces.push(piece);
  return Buffer.concat(pieces);
}

async function run(definition: typeof SplitAvro | typeof ExtractAvroMetadata, content: Uint8Array, properties: Properties = {}): Promise<Runner> {
  const made = runner(definition as typeof SplitAvro, { properties }) as Runner;
  made.enqueue(content, { filename: 'orders' });
  return made.run();
}

test('the header becomes attributes, and items are counted without decoding', async () => {
  for (const compression of ['null', 'deflate', 'snappy'] as const) {
    const [output] = (
      await run(ExtractAvroMetadata, await file(2500, compression), { 'Count Items': 'true', 'Metadata Keys': 'avro.codec, made.by, none', 'Fingerprint Algorithm': 'MD5' })
    ).out('success');
    const canonical = '{"name":"org.shop.Order","type":"record","fields":[{"name":"id","type":"long"},{"name":"note","type":["null","string"]}]}';
    const { 'schema.type': type, 'schema.name': name, 'schema.fingerprint': fingerprint, 'item.count': items, 'avro.codec': codec, 'made.by': by } = output!.attributes;
    assert.deepEqual([type, name, fingerprint, items, codec, by], ['record', 'Order', createHash('md5').update(canonical).digest('hex'), '2500', compression, 'me']);
  }
});

test("fingerprints are those of Avro's own examples", async () => {
  // From Avro's test data (share/test/data/schema-tests.txt): "int" and "string", in Java's order of bytes.
  const reversed = (value: bigint): string => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes.toString('hex');
  };
  assert.equal((await outlineOfSchema('"int"', 'CRC-64-AVRO')).fingerprint, reversed(8247732601305521295n));
  assert.deepEqual(await outlineOfSchema('{"type":"string"}', 'CRC-64-AVRO'), { type: 'string', name: 'string', fingerprint: reversed(-8142146995180207161n) });
});

test('a data file becomes smaller ones with its compression and metadata', async () => {
  const made = await run(SplitAvro, await file(5, 'snappy'), { 'Output Size': '2' });
  const splits = made.out('split');
  assert.deepEqual(
    splits.map(({ attributes }) => [attributes['fragment.index'], attributes['fragment.count'], attributes['segment.original.filename']]),
    [0, 1, 2].map((index) => [String(index), '3', 'orders']),
  );
  const second = await convert(splits[1]!.bytes, service(AvroReader), jsonWriter());
  assert.equal(contentOf(second).toString(), '[{"id":9007199254740995,"note":"x"},{"id":9007199254740996,"note":null}]');
  const outline = await run(ExtractAvroMetadata, splits[2]!.bytes, { 'Metadata Keys': 'avro.codec,made.by', 'Count Items': 'true' });
  const { 'avro.codec': codec, 'made.by': by, 'item.count': items } = outline.out('success')[0]!.attributes;
  assert.deepEqual([codec, by, items], ['snappy', 'me', '1']);
  assert.equal(made.out('original')[0]!.attributes['fragment.count'], '3');
});

test('a data file becomes bare records, its metadata attributes', async () => {
  const made = await run(SplitAvro, await file(2), { 'Output Strategy': 'Bare Record' });
  const [first] = made.out('split');
  assert.equal(first!.attributes['made.by'], 'me');
  const reader = service(AvroReader, { 'Schema Access Strategy': 'schema-text-property', 'Schema Text': '${avro.schema}' });
  assert.equal(
    contentOf(await convert(first!.bytes, reader, jsonWriter(), { 'avro.schema': first!.attributes['avro.schema']! })).toString(),
    '[{"id":9007199254740993,"note":"x"}]',
  );
  assert.equal((await run(SplitAvro, await file(2), { 'Output Strategy': 'Bare Record', 'Transfer Metadata': 'false' })).out('split')[0]!.attributes['made.by'], undefined);
});

test('what is no data file, or was cut off, fails and leaves nothing behind', async () => {
  const whole = await file(3000);
  const written = contentOf(await convert('[{"a":1}]', jsonReader(), service(AvroRecordSetWriter)));
  assert.equal((await run(ExtractAvroMetadata, written)).counts.success, 1);
  for (const definition of [SplitAvro, ExtractAvroMetadata] as const)
    for (const content of [Buffer.from('no'), Buffer.alloc(0), whole.subarray(0, 40), whole.subarray(0, whole.length - 20)]) {
      const made = await run(definition, content, { ...(definition === ExtractAvroMetadata ? { 'Count Items': 'true' } : { 'Output Size': '1000' }) });
      assert.deepEqual(made.counts, { failure: 1 });
      assert.match(made.out('failure')[0]!.attributes['record.error.message']!, /Avro/);
    }
});
