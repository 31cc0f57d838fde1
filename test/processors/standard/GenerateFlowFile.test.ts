import assert from 'node:assert/strict';
import { test } from 'node:test';
import GenerateFlowFile from '../../../processors/standard/GenerateFlowFile.ts';
import { runner } from '../../runner.ts';

test('one random content for all, or one for each', async () => {
  for (const [unique, contents] of [
    ['false', 1],
    ['true', 6],
  ] as const) {
    const run = runner(GenerateFlowFile, { properties: { 'File Size': '1 KB', 'Batch Size': '3', 'Unique FlowFiles': unique } });
    await run.run(2);
    const made = run.out('success');
    assert.equal(made.length, 6);
    assert.ok(made.every(({ size, content }) => size === 1024 && /^[\x20-\x7e\n\t]*$/.test(content)));
    assert.equal(new Set(made.map(({ content }) => content)).size, contents);
  }
});

test('custom text, mime type and attributes', async () => {
  const run = runner(GenerateFlowFile, {
    properties: { 'Custom Text': 'Grüße', 'Character Set': 'ISO-8859-1', 'Mime Type': 'text/plain', 'my.attribute': '${literal(2):plus(3)}' },
  });
  await run.run();
  const [made] = run.out('success');
  assert.equal(made!.bytes.toString('latin1'), 'Grüße');
  assert.equal(made!.attributes['mime.type'], 'text/plain');
  assert.equal(made!.attributes['my.attribute'], '5');
});

test('a FlowFile may be empty', async () => {
  const run = runner(GenerateFlowFile);
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ size }) => size),
    [0],
  );
});

test('custom text can be neither binary nor unique', async () => {
  for (const [name, value] of [
    ['Data Format', 'Binary'],
    ['Unique FlowFiles', 'true'],
  ] as const) {
    assert.match((await runner(GenerateFlowFile, { properties: { 'Custom Text': 'x', [name]: value } }).validate()).join(), /Custom Text is set/);
  }
  assert.match((await runner(GenerateFlowFile, { properties: { 'Character Set': 'EBCDIC' } }).validate()).join(), /'EBCDIC' is not a character set/);
});
