import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Codec, codecNamed, compressed, decompressed } from '../../../processors/standard/compression.ts';
import CompressContent from '../../../processors/standard/CompressContent.ts';
import ModifyCompression from '../../../processors/standard/ModifyCompression.ts';
import { runner } from '../../runner.ts';

/** "hello hello hello" and a line feed, as bzip2 1.0.8, xz 5.4.1 and zstd 1.5.4 write it. */
const HELLO = 'hello hello hello\n';
const WRITTEN: Partial<Record<Codec, string>> = {
  bzip2: 'QlpoOTFBWSZTWeW18wkAAARRAAAQQAACRKAAIbUYDAKQacKjC7kinChIctr5hIA=',
  'xz-lzma2': '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AARAAxdADQZSe6N6U9+ISGwAAAfAdnIh8FDyAABKBLJamKOH7bzfQEAAAAABFla',
  lzma: 'XQAAgAD//////////wA0GUnujelPfiG2ILf//7o0AAA=',
  zstd: 'KLUv/SQSbQAAOGhlbGxvIAoBADFKEaOqdM4=',
};
const PROGRAMS: Partial<Record<Codec, readonly string[]>> = { 'xz-lzma2': ['xz', '-dc'], lzma: ['xz', '--format=lzma', '-dc'], zstd: ['zstd', '-dc'] };
const BOTH = ['gzip', 'deflate', 'brotli', 'xz-lzma2', 'lzma', 'zstd', 'snappy', 'snappy-framed'] as const;

async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const piece of content) parts.push(piece);
  return Buffer.concat(parts);
}

const squeeze = (content: Buffer, codec: Codec): Promise<Buffer> => collect(compressed(pieces(content.subarray(0, 70_001), content.subarray(70_001)), codec, 1));
const stretch = (content: Buffer, codec: Codec): Promise<Buffer> => collect(decompressed(pieces(content), codec, content.length));

/** Text that neither repeats itself nor is random. */
const TEXT = Buffer.from(Array.from({ length: 40_000 }, (_, index) => `line ${index * 7919}\n`).join(''));

test('every codec there and back, empty content too, and as other programs read it', async () => {
  for (const codec of BOTH) {
    for (const content of [TEXT, Buffer.alloc(0), Buffer.from('a')]) {
      const small = await squeeze(content, codec);
      assert.ok(small.length < content.length || content.length < 2, codec);
      assert.deepEqual(await stretch(small, codec), content, codec);
    }
    const [program, ...options] = PROGRAMS[codec] ?? [];
    if (program && spawnSync(program, ['--version']).status === 0) {
      const result = spawnSync(program, options, { input: await squeeze(TEXT, codec), maxBuffer: 1e8 });
      assert.ok(result.stdout.equals(TEXT), `${codec}: ${result.stderr}`);
    }
  }
});

test('every codec reads what other programs wrote, streams one after the other too', async () => {
  for (const [codec, text] of Object.entries(WRITTEN) as [Codec, string][]) {
    const bytes = Buffer.from(text, 'base64');
    assert.equal(String(await stretch(bytes, codec)), HELLO, codec);
    if (codec !== 'lzma') assert.equal(String(await stretch(Buffer.concat([bytes, bytes]), codec)), HELLO + HELLO, codec);
  }
});

test('broken, cut off, foreign and empty content throws, and does not hang', async () => {
  const table = [...BOTH.map((codec) => [codec, undefined] as const), ['bzip2', WRITTEN.bzip2] as const];
  for (const [codec, written] of table) {
    const whole = written === undefined ? await squeeze(TEXT, codec) : Buffer.from(written, 'base64');
    const changed = Buffer.from(whole);
    changed.fill(0xaa, Math.floor(whole.length / 2), Math.floor(whole.length / 2) + 12);
    const cases = [Buffer.alloc(0), Buffer.from('hello, this is no such content at all'), whole.subarray(0, whole.length - 7), whole.subarray(0, 3)];
    // Without a checksum in the format a change may go unseen.
    if (!['brotli', 'snappy', 'lzma', 'zstd'].includes(codec)) cases.push(changed);
    for (const content of cases) await assert.rejects(stretch(content, codec), Error, `${codec} ${content.length}`);
  }
});

test('Snappy: the bytes of each format', async () => {
  const framed = await squeeze(Buffer.from('123456789'), 'snappy-framed');
  assert.equal(framed.subarray(0, 10).toString('latin1'), '\xff\x06\x00\x00sNaPpY');
  // The CRC-32C of 123456789 is known, e3069283; masked as the format says.
  const crc = 0xe3069283;
  assert.equal(framed.readUInt32LE(14), (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  assert.deepEqual(framed.subarray(10, 14), Buffer.from([1, 13, 0, 0]));
  const own = await squeeze(Buffer.alloc(40_000), 'snappy');
  assert.deepEqual([own.subarray(1, 7).toString(), own.readUInt32BE(8), own.readUInt32BE(12)], ['SNAPPY', 1, 1]);
  const hadoop = await squeeze(Buffer.alloc(300_000), 'snappy-hadoop');
  assert.equal(hadoop.readUInt32BE(0), 262_144);
  assert.equal(hadoop.readUInt32BE(8 + hadoop.readUInt32BE(4)), 300_000 - 262_144);
});

/** How much memory decompressing takes at most, MB beyond what was in use, while the result is thrown away. */
async function peak(content: Buffer, codec: Codec, stopAt: number): Promise<number> {
  const before = process.memoryUsage().rss;
  let [highest, length] = [0, 0];
  for await (const piece of decompressed(pieces(content), codec, content.length)) {
    highest = Math.max(highest, process.memoryUsage().rss);
    length += piece.length;
    if (length > stopAt) break;
  }
  return (highest - before) / 1024 ** 2;
}

test('what becomes a thousand times as large does so within bounded memory, and a bomb is given up', async () => {
  const zeros = async function* (): AsyncGenerator<Buffer> {
    const block = Buffer.alloc(1024 ** 2);
    for (let index = 0; index < 400; index++) yield block;
  };
  for (const codec of ['gzip', 'zstd', 'brotli'] as const) {
    const bomb = await collect(compressed(zeros(), codec, 1));
    assert.ok(bomb.length < 4 * 1024 ** 2, codec);
    const megabytes = await peak(bomb, codec, 380 * 1024 ** 2);
    assert.ok(megabytes < 260, `${codec}: ${megabytes}`);
  }
  const gigabyte = gzipSync(Buffer.alloc(64 * 1024 ** 2), { level: 1 });
  const many = Array.from({ length: 17 }, () => gigabyte);
  await assert.rejects(collect(decompressedOnly(many)), /looks like a bomb/);
});

/** Counts what comes out, and keeps nothing. */
async function* decompressedOnly(parts: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  const size = parts.reduce((total, { length }) => total + length, 0);
  for await (const _ of decompressed(pieces(...parts), 'gzip', size)) yield new Uint8Array();
}

test('CompressContent and ModifyCompression: names, types, and what cannot be done', async () => {
  const run = runner(CompressContent, { properties: { 'Compression Format': 'snappy framed', 'Update Filename': 'true' } });
  run.enqueue(HELLO, { filename: 'f.txt' });
  await run.run();
  const [out] = run.out('success');
  assert.deepEqual([out!.attributes['mime.type'], out!.attributes.filename], ['application/x-snappy-framed', 'f.txt.sz']);
  const change = runner(ModifyCompression, { properties: { 'Input Compression Strategy': 'use mime.type attribute', 'Output Compression Strategy': 'zstd' } });
  change.enqueue(out!.bytes, { filename: 'f.txt.sz', 'mime.type': 'application/x-snappy-framed' });
  change.enqueue(Buffer.from(WRITTEN.bzip2!, 'base64'), { filename: 'g.bz2', 'mime.type': 'application/bzip2' });
  await change.run(2);
  for (const { bytes, attributes } of change.out('success')) {
    assert.equal(String(await stretch(bytes, codecNamed('zstd')!)), HELLO);
    assert.match(attributes.filename!, /^(f\.txt|g)\.zst$/);
  }
  const problems = async (mode: string, format: string) => (await runner(CompressContent, { properties: { Mode: mode, 'Compression Format': format } }).validate()).join();
  assert.match(await problems('compress', 'bzip2'), /'bzip2' cannot be compressed by this runtime: choose one of gzip/);
  assert.match(await problems('decompress', 'snappy-hadoop'), /'snappy-hadoop' cannot be decompressed/);
  assert.match(await problems('decompress', 'lz4-framed'), /'lz4-framed' cannot be decompressed/);
  assert.equal(await problems('decompress', 'bzip2'), '');
});
