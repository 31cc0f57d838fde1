import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import FlattenJson from '../../../processors/standard/FlattenJson.ts';
import StandardJsonSchemaRegistry from '../../../processors/standard/StandardJsonSchemaRegistry.ts';
import ValidateJson from '../../../processors/standard/ValidateJson.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

async function flatten(content: string, properties: Record<string, string> = {}) {
  const run = runner(FlattenJson, { properties });
  run.enqueue(content);
  await run.run();
  return run;
}

test('FlattenJson in every mode, and back', async () => {
  const document = '{"a":{"b":[1,{"c":9007199254740993}],"d":[1.50,2]},"e.f":null,"g":{},"h":[]}';
  const table: [Record<string, string>, string][] = [
    [{}, '{"a.b":[1,{"c":9007199254740993}],"a.d":[1.50,2],"[\\"e.f\\"]":null,"g":{},"h":[]}'],
    [{ 'Flatten Mode': 'normal' }, '{"a.b[0]":1,"a.b[1].c":9007199254740993,"a.d[0]":1.50,"a.d[1]":2,"[\\"e.f\\"]":null,"g":{},"h":[]}'],
    [{ 'Flatten Mode': 'dot notation' }, '{"a.b.0":1,"a.b.1.c":9007199254740993,"a.d.0":1.50,"a.d.1":2,"[\\"e.f\\"]":null,"g":{},"h":[]}'],
    [
      { 'Flatten Mode': 'keep primitive arrays', Separator: '_', 'Ignore Reserved Characters': 'true' },
      '{"a_b[0]":1,"a_b[1]_c":9007199254740993,"a_d":[1.50,2],"e.f":null,"g":{},"h":[]}',
    ],
  ];
  for (const [properties, expected] of table) assert.equal((await flatten(document, properties)).out('success')[0]!.content, expected);
  const back = await flatten(table[1]![1], { 'Return Type': 'unflatten' });
  assert.deepEqual(JSON.parse(back.out('success')[0]!.content), JSON.parse(document));
  assert.equal((await flatten('{"a":{"b":1}}', { 'Pretty Print JSON': 'true' })).out('success')[0]!.content, '{\n  "a.b": 1\n}');
  assert.equal((await flatten('{"__proto__.x":1}', { 'Return Type': 'unflatten' })).out('success')[0]!.content, '{"__proto__":{"x":1}}');
});

test('FlattenJson: what is not JSON, or contradicts itself, or has no usable separator, fails', async () => {
  for (const [content, properties] of [
    ['{"a":', {}],
    ['{"a":1,"a.b":2}', { 'Return Type': 'unflatten' }],
    ['{}', { Separator: '--' }],
    ['['.repeat(100_000), {}],
  ] as const) {
    assert.deepEqual((await flatten(content, properties)).counts, { failure: 1 });
  }
});

const schema = '{"type":"object","required":["n"],"properties":{"n":{"type":"integer"},"list":{"items":{"type":"string","format":"date"}}}}';

async function check(contents: readonly (string | Uint8Array)[], properties: Record<string, string>) {
  const run = runner(ValidateJson, { properties });
  for (const content of contents) run.enqueue(content);
  await run.run();
  return run;
}

test('ValidateJson: valid, invalid with the reasons, not JSON', async () => {
  const run = await check(['{"n":1}', '{"list":["2024-01-01",5,"x"]}', '{"n":', Buffer.from([0x22, 0xff, 0x22])], { 'JSON Schema': schema });
  assert.deepEqual(run.counts, { valid: 1, invalid: 1, failure: 2 });
  assert.equal(
    run.out('invalid')[0]!.attributes['json.validation.errors'],
    '[$: must have required property \'n\', $.list[1]: must be string, $.list[2]: must match format "date"]',
  );
  assert.deepEqual((await check(['{"n":1}'], { 'JSON Schema': schema, 'Max String Length': '3 B' })).counts, { failure: 1 });
});

test('ValidateJson: drafts, files, and schemas that are none', async () => {
  for (const draft of ['DRAFT_6', 'DRAFT_7', 'DRAFT_2019_09'])
    assert.deepEqual((await check(['{}'], { 'JSON Schema': schema, 'JSON Schema Version': draft })).counts, { invalid: 1 });
  const folder = temporaryDirectory();
  mkdirSync(folder);
  writeFileSync(path.join(folder, 's.json'), schema);
  assert.deepEqual((await check(['{"n":1}'], { 'JSON Schema': path.join(folder, 's.json') })).counts, { valid: 1 });
  await assert.rejects(check(['{}'], { 'JSON Schema': '{"type":"nothing"}' }), /JSON Schema cannot be used/);
  assert.match((await runner(ValidateJson, { properties: { 'JSON Schema': schema, 'JSON Schema Version': 'DRAFT_4' } }).validate()).join(), /Draft 4 is not supported/);
});

test('ValidateJson: schemas by name from the registry', async () => {
  const byName = async (schemas: Record<string, string>) => {
    const run = runner(ValidateJson, {
      properties: { 'Schema Access Strategy': 'SCHEMA_NAME_PROPERTY' },
      services: { 'JSON Schema Registry': { definition: StandardJsonSchemaRegistry as never, properties: schemas } },
    });
    run.enqueue('{"n":1}', { 'schema.name': 'order' });
    run.enqueue('{"n":1}', { 'schema.name': 'text' });
    run.enqueue('{"n":1}', { 'schema.name': 'other' });
    await run.run();
    return run;
  };
  const run = await byName({ order: schema, text: '{"type":"string"}' });
  assert.deepEqual(run.counts, { valid: 1, invalid: 1, failure: 1 });
  assert.equal(run.out('invalid')[0]!.attributes['json.validation.errors'], '[$: must be string]');
  await assert.rejects(byName({ order: '{"type":"nothing"}' }), /The schema 'order' is not a JSON Schema/);
  await assert.rejects(byName({}), /There is no schema/);
  await assert.rejects(byName({ order: schema, 'JSON Schema Version': 'DRAFT_4' }), /Draft 4 is not supported/);
});
