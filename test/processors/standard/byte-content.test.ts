import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import ConvertCharacterSet from '../../../processors/standard/ConvertCharacterSet.ts';
import EncodeContent from '../../../processors/standard/EncodeContent.ts';
import ModifyBytes from '../../../processors/standard/ModifyBytes.ts';
import SegmentContent from '../../../processors/standard/SegmentContent.ts';
import SplitContent from '../../../processors/standard/SplitContent.ts';
import { runner } from '../../runner.ts';

test('ModifyBytes cuts off both ends, or everything', async () => {
  const cut = async (properties: Record<string, string>) => {
    const run = runner(ModifyBytes, { properties });
    run.enqueue('0123456789', { n: '3 B' });
    await run.run();
    return run.out('success')[0]!.content;
  };
  assert.deepEqual(
    await Promise.all([cut({}), cut({ 'Start Offset': '${n}', 'End Offset': '2 B' }), cut({ 'Start Offset': '6 B', 'End Offset': '6 B' }), cut({ 'Remove All Content': 'true' })]),
    ['0123456789', '34567', '', ''],
  );
});

test('SegmentContent: equal parts with their places', async () => {
  const run = runner(SegmentContent, { properties: { 'Segment Size': '4 B' } });
  run.enqueue('0123456789', { filename: 'f' }).enqueue('');
  await run.run(2);
  const parts = run.out('segments');
  assert.deepEqual(
    parts.map(({ content }) => content),
    ['0123', '4567', '89', ''],
  );
  const { attributes } = parts[2]!;
  assert.deepEqual([attributes['fragment.index'], attributes['fragment.count'], attributes['segment.original.filename']], ['3', '3', 'f']);
  assert.equal(run.out('original')[0]!.attributes['fragment.identifier'], attributes['fragment.identifier']);
  const never = runner(SegmentContent, { properties: { 'Segment Size': '0 B' } });
  never.enqueue('x');
  await never.run();
  assert.deepEqual([never.counts, /not usable/.test(never.bulletins[0]!.message)], [{}, true]);
});

test('SplitContent: the sequence goes, ends a part or begins one', async () => {
  const split = async (content: string, properties: Record<string, string>) => {
    const run = runner(SplitContent, { properties: { 'Byte Sequence Format': 'Text', 'Byte Sequence': '--', ...properties } });
    run.enqueue(content);
    await run.run();
    assert.equal(run.out('original')[0]!.content, content);
    return run.out('splits').map((part) => part.content);
  };
  assert.deepEqual(await split('a--b---c--', {}), ['a', 'b', '-c']);
  assert.deepEqual(await split('a--b--', { 'Keep Byte Sequence': 'true' }), ['a--', 'b--']);
  assert.deepEqual(await split('--a--b', { 'Keep Byte Sequence': 'true', 'Byte Sequence Location': 'Leading' }), ['--a', '--b']);
  assert.deepEqual(await split('abc', {}), ['abc']);
  assert.deepEqual(await split('a\nb', { 'Byte Sequence Format': 'Hexadecimal', 'Byte Sequence': '0A' }), ['a', 'b']);
  const long = `${'x'.repeat(70_000)}--${'y'.repeat(70_000)}`;
  assert.deepEqual(
    (await split(long, {})).map(({ length }) => length),
    [70_000, 70_000],
  );
  assert.match((await runner(SplitContent, { properties: { 'Byte Sequence': 'xyz' } }).validate()).join(), /not hexadecimal/);
});

test('EncodeContent: every encoding there and back', async () => {
  const convert = async (content: string | Uint8Array, properties: Record<string, string>) => {
    const run = runner(EncodeContent, { properties });
    run.enqueue(content);
    await run.run();
    return run;
  };
  const known: [string, string][] = [
    ['base64', 'Zm9vYmE='],
    ['base32', 'MZXW6YTB'],
    ['hex', '666f6f6261'],
  ];
  const random = randomBytes(200_001);
  for (const [encoding, text] of known) {
    assert.equal((await convert('fooba', { Encoding: encoding })).out('success')[0]!.content, text);
    assert.equal((await convert(`${text.slice(0, 4)}\r\n${text.slice(4)}`, { Encoding: encoding, Mode: 'Decode' })).out('success')[0]!.content, 'fooba');
    assert.deepEqual((await convert('!!', { Encoding: encoding, Mode: 'Decode' })).counts, { failure: 1 });
    const there = (await convert(random, { Encoding: encoding })).out('success')[0]!.content;
    assert.deepEqual((await convert(there, { Encoding: encoding, Mode: 'Decode' })).out('success')[0]!.bytes, random);
  }
  assert.equal((await convert('foobar', { 'Line Output Mode': 'MULTIPLE_LINES', 'Encoded Line Length': '5' })).out('success')[0]!.content, 'Zm9vY\nmFy\n');
});

test('ConvertCharacterSet', async () => {
  const convert = async (content: Uint8Array, from: string, to: string) => {
    const run = runner(ConvertCharacterSet, { properties: { 'Input Character Set': from, 'Output Character Set': to } });
    run.enqueue(content);
    await run.run();
    return run.out('success')[0]!.bytes;
  };
  assert.deepEqual(await convert(Buffer.from('Zoë €'), 'UTF-8', 'windows-1252'), Buffer.from([0x5a, 0x6f, 0xeb, 0x20, 0x80]));
  assert.deepEqual((await convert(Buffer.from([0x83, 0x65, 0x83, 0x58]), 'Shift_JIS', 'UTF-8')).toString(), 'テス');
  assert.deepEqual((await convert(Buffer.from('ä€'), 'UTF-8', 'US-ASCII')).toString(), '??');
  assert.match(
    (await runner(ConvertCharacterSet, { properties: { 'Input Character Set': 'x-nothing', 'Output Character Set': 'UTF-8' } }).validate()).join(),
    /not a character set/,
  );
});
