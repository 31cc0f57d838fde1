import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { loadComponentTypes } from '../../../server/registry.ts';
import { type Output, type Runner, runner, temporaryDirectory } from '../../runner.ts';
import { type MalformedContent, malformedContents } from './contents.ts';
import { type Setup, setups } from './setups.ts';
import { withoutRow } from './without-row.ts';

/** MALFORMED_SCALE=1 takes the full sizes: a line of 50 MB, a million columns. */
const contents = malformedContents(Number(process.env.MALFORMED_SCALE ?? 0.01));
const folder = temporaryDirectory();
mkdirSync(path.join(folder, 'out'), { recursive: true });
writeFileSync(path.join(folder, 'mapping.txt'), 'a\tb\n');
writeFileSync(path.join(folder, 'dictionary.txt'), 'foo\nbar\n');
const types = await loadComponentTypes(path.join(import.meta.dirname, '../../../processors'), '0');

/** Memory that a processor may have taken for all contents together, MB beyond what was in use: at full size, or here. */
const MEMORY = 1500;

/** Whatever came of one content, by relationship. */
function outcomes(run: Runner, name: string): (readonly [relationship: string, output: Output])[] {
  return Object.keys(run.counts).flatMap((relationship) =>
    run
      .out(relationship)
      .filter(({ attributes }) => attributes.case === name)
      .map((output) => [relationship, output] as const),
  );
}

/** It went somewhere; where that is a failure, as it came and with a reason. */
function check(run: Runner, { name, bytes }: MalformedContent): void {
  const made = outcomes(run, name);
  assert.ok(made.length > 0, `${name} went nowhere`);
  const failed = made.find(([relationship]) => /fail/i.test(relationship));
  if (!failed) return;
  assert.ok(failed[1].bytes.equals(bytes), `${name} failed with other content than it came with`);
  assert.ok(run.bulletins.length > 0, `${name} failed without a reason`);
}

async function give({ definition, properties, services }: Setup): Promise<void> {
  const before = process.memoryUsage().rss;
  const run = runner(definition, { properties: properties ?? {}, services: services ?? {} });
  try {
    for (const { name, type, bytes } of contents) run.enqueue(bytes, { filename: name, 'mime.type': type, case: name });
    await run.run(contents.length + 1);
    assert.deepEqual(
      run.queued.map(({ attributes }) => attributes.case),
      [],
      `taken and put back for ever: ${run.bulletins.map(({ message }) => message).join('; ')}`,
    );
    for (const content of contents) check(run, content);
    const taken = (process.memoryUsage().rss - before) / 1024 ** 2;
    assert.ok(taken < MEMORY, `it took ${Math.round(taken)} MB`);
  } finally {
    await run.close();
  }
}

test('malformed content goes to failure with a reason or passes unharmed, in every processor that reads content', async (t) => {
  for (const setup of setups(types, folder)) await t.test(`${setup.name} ${setup.label}`, () => give(setup));
});

test('every processor that takes input has a row in setups.ts, or a reason in without-row.ts, and not both', () => {
  const rows = new Set(setups(types, folder).map(({ name }) => name));
  const takers = [...types.all('processor')].filter(({ definition }) => definition.input !== 'forbidden').map(({ type }) => type.slice(type.lastIndexOf('.') + 1));
  assert.deepEqual(
    takers.filter((name) => !rows.has(name) && !withoutRow.has(name)),
    [],
    'neither row nor reason: add a row to setups.ts',
  );
  assert.deepEqual(
    [...withoutRow.keys()].filter((name) => rows.has(name) || !takers.includes(name)),
    [],
    'a reason for what has a row, takes no input or is not there: remove it from without-row.ts',
  );
});
