import assert from 'node:assert/strict';
import { test } from 'node:test';
import AttributesToCSV from '../../../processors/standard/AttributesToCSV.ts';
import { runner } from '../../runner.ts';

async function csv(properties: Record<string, string>, attributes: Record<string, string>) {
  const run = runner(AttributesToCSV, { properties: { 'Include Core Attributes': 'false', ...properties } });
  run.enqueue('', attributes);
  await run.run();
  return run;
}

test('the attributes of a list, with what must be quoted', async () => {
  const run = await csv({ 'Attribute List': 'a, "b,c" ,none,d', 'Include Schema': 'true' }, { a: '1', 'b,c': 'x,"y"', d: 'two\nlines' });
  const { attributes } = run.out('success')[0]!;
  assert.deepEqual([attributes.CSVData, attributes.CSVSchema], ['1,"x,""y""",,"two\nlines"', 'a,"b,c",none,d']);
  assert.equal((await csv({ 'Attribute List': 'none', 'Null Value': 'true' }, {})).out('success')[0]!.attributes.CSVData, 'null');
});

test('as content, chosen by a regular expression, with the core attributes', async () => {
  const run = await csv({ 'Attributes Regular Expression': '${re}', Destination: 'flowfile-content', 'Include Schema': 'true' }, { re: 'x\\d', x1: 'a', x2: 'b', y: 'c' });
  const [output] = run.out('success');
  assert.deepEqual([output!.content, output!.attributes['mime.type']], ['x1,x2\na,b', 'text/csv']);
  const core = await csv({ 'Attribute List': 'x', 'Include Core Attributes': 'true', 'Include Schema': 'true' }, { x: '1', filename: 'f' });
  assert.equal(core.out('success')[0]!.attributes.CSVSchema, 'x,path,filename,uuid');
});

test('a regular expression that is none fails', async () => {
  assert.deepEqual((await csv({ 'Attributes Regular Expression': '${re}' }, { re: '(' })).counts, { failure: 1 });
});
