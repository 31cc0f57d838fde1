import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import CompressContent from '../../../processors/standard/CompressContent.ts';
import MergeContent from '../../../processors/standard/MergeContent.ts';
import ModifyCompression from '../../../processors/standard/ModifyCompression.ts';
import PackageFlowFile from '../../../processors/standard/PackageFlowFile.ts';
import UnpackContent from '../../../processors/standard/UnpackContent.ts';
import { entryPlace } from '../../../processors/standard/unpacking.ts';
import { checkGrowth } from '../../../server/extension/growth.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

async function compress(content: string | Uint8Array, properties: Record<string, string>, attributes: Record<string, string> = {}) {
  const run = runner(CompressContent, { properties });
  run.enqueue(content, { filename: 'f.txt', ...attributes });
  await run.run();
  return run;
}

test('CompressContent: each format there and back, with names and types', async () => {
  const content = 'hello '.repeat(50_000);
  const table = [
    ['gzip', gunzipSync, 'application/gzip', '.gz'],
    ['deflate', inflateSync, 'application/deflate', '.zlib'],
    ['brotli', brotliDecompressSync, 'application/x-brotli', '.br'],
  ] as const;
  for (const [format, open, type, extension] of table) {
    const run = await compress(content, { 'Compression Format': format, 'Compression Level': '9', 'Update Filename': 'true' });
    const [{ bytes, attributes }] = run.out('success') as [ReturnType<typeof run.out>[0]];
    assert.deepEqual([open(bytes).toString() === content, attributes['mime.type'], attributes.filename], [true, type, `f.txt${extension}`]);
    const back = await compress(bytes, { Mode: 'decompress', 'Compression Format': 'use mime.type attribute', 'Update Filename': 'true' }, attributes as Record<string, string>);
    const restored = back.out('success')[0]!;
    assert.deepEqual([restored.content === content, restored.attributes['mime.type'], restored.attributes.filename], [true, undefined, 'f.txt']);
  }
});

test('CompressContent: what is broken fails, what names no compression passes', async () => {
  const down = { Mode: 'decompress', 'Compression Format': 'gzip' };
  assert.deepEqual((await compress('not gzip', down)).counts, { failure: 1 });
  assert.deepEqual((await compress(gzipSync('hello').subarray(0, 12), down)).counts, { failure: 1 });
  assert.deepEqual((await compress('x', { Mode: 'decompress' })).counts, { failure: 1 });
  assert.equal((await compress('x', { Mode: 'decompress' }, { 'mime.type': 'text/plain' })).out('success')[0]!.content, 'x');
  assert.throws(() => checkGrowth(1000, 2 ** 31), /looks like a bomb/);
  assert.doesNotThrow(() => checkGrowth(2 ** 28, 2 ** 31));
});

test('ModifyCompression changes one into the other', async () => {
  const modify = async (content: string | Uint8Array, properties: Record<string, string>, filename: string) => {
    const run = runner(ModifyCompression, { properties });
    run.enqueue(content, { filename, 'mime.type': 'application/gzip' });
    await run.run();
    return run;
  };
  const changed = (await modify(gzipSync('hello'), { 'Input Compression Strategy': 'use mime.type attribute', 'Output Compression Strategy': 'deflate' }, 'a.gz')).out(
    'success',
  )[0]!;
  assert.deepEqual([inflateSync(changed.bytes).toString(), changed.attributes.filename, changed.attributes['mime.type']], ['hello', 'a.zlib', 'application/deflate']);
  const opened = (await modify(deflateSync('hello'), { 'Input Compression Strategy': 'deflate', 'Output Filename Strategy': 'ORIGINAL' }, 'a.zlib')).out('success')[0]!;
  assert.deepEqual([opened.content, opened.attributes.filename, opened.attributes['mime.type']], ['hello', 'a.zlib', undefined]);
  assert.deepEqual((await modify('x', { 'Input Compression Strategy': 'gzip' }, 'a')).counts, { failure: 1 });
});

const large = randomBytes(3_000_000);

async function merge(format: string, properties: Record<string, string> = {}) {
  const run = runner(MergeContent, { properties: { 'Merge Format': format, 'Minimum Number of Entries': '3', ...properties } });
  run
    .enqueue('one', { filename: 'a.txt', path: 'x/y/', 'file.permissions': 'rwxr-x---', mine: '1' })
    .enqueue('', { filename: 'empty' })
    .enqueue(large, { filename: 'large', 'segment.original.filename': 'whole' });
  await run.run(3);
  assert.deepEqual(run.counts, { merged: 1, original: 3 });
  return run.out('merged')[0]!;
}

async function unpack(content: string | Uint8Array, properties: Record<string, string> = {}, attributes: Record<string, string> = {}) {
  const run = runner(UnpackContent, { properties });
  run.enqueue(content, { filename: 'archive', ...attributes });
  await run.run();
  return run;
}

test('MergeContent packs, and UnpackContent unpacks, every format', async () => {
  for (const [format, type, extension] of [
    ['TAR', 'application/tar', '.tar'],
    ['ZIP', 'application/zip', '.zip'],
    ['FlowFile Stream, v3', 'application/flowfile-v3', '.pkg'],
  ] as const) {
    const merged = await merge(format, { 'Keep Path': 'true' });
    assert.deepEqual([merged.attributes['mime.type'], merged.attributes.filename!.endsWith(extension)], [type, true]);
    const run = await unpack(merged.bytes, {}, { 'mime.type': type });
    assert.deepEqual(run.counts, { success: 3, original: 1 }, format);
    const parts = run.out('success');
    assert.deepEqual(
      parts.map(({ attributes }) => attributes.filename),
      ['a.txt', 'empty', 'large'],
    );
    assert.deepEqual([parts[0]!.content, parts[1]!.size, parts[2]!.bytes.equals(large), parts[0]!.attributes.path], ['one', 0, true, 'x/y/']);
    assert.equal(parts[2]!.attributes['fragment.index'], '3');
    if (format === 'TAR') assert.equal(parts[0]!.attributes['file.permissions'], 'rwxr-x---');
    if (format === 'FlowFile Stream, v3') assert.equal(parts[0]!.attributes.mine, '1');
  }
});

test('the archives are what other programs read and write', async (context) => {
  const folder = temporaryDirectory();
  mkdirSync(folder);
  const file = path.join(folder, 'a.tar');
  writeFileSync(file, (await merge('TAR')).bytes);
  if (spawnSync('tar', ['--version']).status !== 0) return context.skip('there is no tar');
  assert.equal(spawnSync('tar', ['-tf', file]).stdout.toString(), 'a.txt\nempty\nlarge\n');
  mkdirSync(path.join(folder, 'in/deep'), { recursive: true });
  writeFileSync(path.join(folder, 'in/deep/file.txt'), 'content');
  spawnSync('tar', ['-cf', file, '-C', folder, 'in']);
  const parts = (await unpack(readFileSync(file), { 'Packaging Format': 'tar' })).out('success');
  assert.deepEqual(
    parts.map(({ content, attributes }) => [content, attributes.path, attributes.filename]),
    [['content', 'in/deep/', 'file.txt']],
  );
});

test('UnpackContent takes only entries that match, and passes on what is no archive', async () => {
  const merged = await merge('ZIP');
  assert.deepEqual(
    (await unpack(merged.bytes, { 'Packaging Format': 'zip', 'File Filter': '.*\\.txt' })).out('success').map(({ content }) => content),
    ['one'],
  );
  assert.deepEqual((await unpack('text', {}, { 'mime.type': 'text/plain' })).counts, { success: 1 });
});

test('broken archives, and names that lead out, fail with nothing left behind', async () => {
  const zip = (await merge('ZIP')).bytes;
  const tar = (await merge('TAR')).bytes;
  const evil = Buffer.from(tar);
  evil.write('../a\0', 0);
  // The checksum of the header counts its own eight bytes as spaces.
  const sum = evil.subarray(0, 512).reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  evil.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const table: [Uint8Array, string][] = [
    [zip.subarray(0, 1000), 'zip'],
    [Buffer.from('no zip'), 'zip'],
    [tar.subarray(0, 700), 'tar'],
    [evil, 'tar'],
    [Buffer.from('NiFiFF3\0'), 'flowfile-stream-v3'],
    [Buffer.from('NiFiFF3\xff\xff\xff\xff\xff\xff', 'latin1'), 'flowfile-stream-v3'],
    [Buffer.from('something'), 'flowfile-stream-v3'],
  ];
  for (const [content, format] of table) assert.deepEqual((await unpack(content, { 'Packaging Format': format })).counts, { failure: 1 }, format);
  assert.deepEqual((await unpack('x')).counts, { failure: 1 });
  for (const name of ['/etc/passwd', 'a/../../b', 'C:\\x', '..\\x']) assert.throws(() => entryPlace(name), /leads out/);
  assert.deepEqual(entryPlace('./a/b.txt'), { filename: 'b.txt', path: 'a/' });
});

test('PackageFlowFile packs so many, and a stream comes back whole', async () => {
  const run = runner(PackageFlowFile, { properties: { 'Maximum Batch Size': '2', 'Maximum Batch Content Size': '4 B' } });
  run
    .enqueue('abc', { filename: 'x', k: 'v'.repeat(70_000) })
    .enqueue('d')
    .enqueue('e');
  await run.run(2);
  const packages = run.out('success');
  assert.deepEqual([packages.length, packages[0]!.attributes.filename, packages[0]!.attributes['mime.type'], run.counts.original], [2, 'x.pkg', 'application/flowfile-v3', 3]);
  const parts = (await unpack(packages[0]!.bytes, {}, { 'mime.type': 'application/flowfile-v3' })).out('success');
  assert.deepEqual([parts.map(({ content }) => content), parts[0]!.attributes.k!.length], [['abc', 'd'], 70_000]);
});
