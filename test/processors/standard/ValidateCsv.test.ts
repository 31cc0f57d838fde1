import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { parseCellChecks } from '../../../processors/standard/csv-cell-checks.ts';
import ReplaceTextWithMapping from '../../../processors/standard/ReplaceTextWithMapping.ts';
import ValidateCsv from '../../../processors/standard/ValidateCsv.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

async function validate(content: string, properties: Record<string, string>, attributes: Record<string, string> = {}) {
  const run = runner(ValidateCsv, { properties });
  run.enqueue(content, attributes);
  await run.run();
  return run;
}

test('a FlowFile is valid as a whole, or not, with the reason', async () => {
  const schema = { Schema: 'ParseInt(), Optional(StrRegEx("[a-z]+")), Unique()' };
  assert.deepEqual((await validate('n,name,id\n1,abc,x\n2,,y\n', schema)).counts, { valid: 1 });
  const wrong = await validate('n,name,id\n1,ABC,x\nz,,x\n', { ...schema, 'Include Violations': 'true' });
  assert.equal(
    wrong.out('invalid')[0]!.attributes['validation.error.message'],
    "line 1, column 2: 'ABC' does not match [a-z]+; line 2, column 1: 'z' is not an integer; line 2, column 3: 'x' came before",
  );
  assert.match((await validate('1,2\n', { ...schema, Header: 'false' })).out('invalid')[0]!.attributes['validation.error.message']!, /has 2 cells, the Schema 3/);
  assert.deepEqual((await validate('"a\n', { Schema: 'NotNull()', Header: 'false' })).counts, { invalid: 1 });
  assert.deepEqual((await validate('x', { Schema: '${s}' }, { s: 'Dance()' })).counts, { invalid: 1 });
  assert.deepEqual((await validate('', { Schema: 'NotNull()', 'CSV Source Attribute': 'csv', Header: 'false' }, { csv: 'a\nb' })).counts, { valid: 1 });
});

test('lines are sorted', async () => {
  const run = await validate('n;t\n1;"a;b"\nx;c\n2;d\n', { Schema: 'ParseInt(), NotNull()', 'Delimiter Character': ';', 'Validation Strategy': 'Line by line validation' });
  const [valid] = run.out('valid');
  const [invalid] = run.out('invalid');
  assert.deepEqual([valid!.content, valid!.attributes['count.valid.lines'], valid!.attributes['count.total.lines']], ['n;t\n1;"a;b"\n2;d\n', '2', '3']);
  assert.deepEqual(
    [invalid!.content, invalid!.attributes['count.invalid.lines'], invalid!.attributes['validation.error.message']],
    ['n;t\nx;c\n', '1', "line 2, column 1: 'x' is not an integer"],
  );
});

test('every check', () => {
  const table: [string, string | null, boolean][] = [
    ['ParseBool()', 'yes', true],
    ['ParseBool()', 'maybe', false],
    ['ParseDouble()', '1.5e3', true],
    ['ParseDouble()', 'x', false],
    ['ParseLong()', '9007199254740993', true],
    ['ParseChar()', 'ab', false],
    ['NotNull()', null, false],
    ['Null()', null, true],
    ['StrMinMax(2, 3)', 'abcd', false],
    ['StrMinMax(2,3)', 'ab', true],
    ['Strlen(2, 4)', 'abc', false],
    ['LMinMax(1,5)', '5', true],
    ['DMinMax(0.5, 1.5)', '2', false],
    ['IsIncludedIn("a", "b")', 'b', true],
    ['IsIncludedIn("a")', 'c', false],
    ['RequireSubStr("@")', 'a@b', true],
    ['ForbidSubStr("<")', 'a<b', false],
    ['Optional(ParseInt())', null, true],
    ['StrNotNullOrEmpty()', null, false],
  ];
  for (const [schema, cell, isRight] of table) {
    const check = parseCellChecks(schema)[0]!();
    if (isRight) assert.doesNotThrow(() => check(cell), schema);
    else assert.throws(() => check(cell), schema);
  }
  for (const wrong of ['', 'ParseInt(', 'Nothing()', 'ParseInt() x', 'Optional(1)']) assert.throws(() => parseCellChecks(wrong), wrong);
});

test('ReplaceTextWithMapping replaces what the file knows', async () => {
  const folder = temporaryDirectory();
  mkdirSync(folder);
  const file = path.join(folder, 'map');
  writeFileSync(file, 'cat dog\nred  deep blue\nempty\n');
  const replace = async (content: string, properties: Record<string, string> = {}) => {
    const run = runner(ReplaceTextWithMapping, { properties: { 'Mapping File': file, ...properties } });
    run.enqueue(content);
    await run.run();
    return run;
  };
  assert.equal((await replace('a red cat\nempty bed')).out('success')[0]!.content, 'a deep blue dog\n bed');
  assert.equal((await replace('k=cat; x=cat', { 'Regular Expression': 'k=(\\w+)', 'Matching Group': '1' })).out('success')[0]!.content, 'k=dog; x=cat');
  assert.deepEqual((await replace('x', { 'Regular Expression': '(' })).counts, { failure: 1 });
  assert.deepEqual((await replace('xxxx', { 'Maximum Buffer Size': '3 B' })).counts, { failure: 1 });
});
