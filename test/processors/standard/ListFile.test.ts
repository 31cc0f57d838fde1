import assert from 'node:assert/strict';
import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import JsonRecordSetWriter from '../../../processors/records/JsonRecordSetWriter.ts';
import ListFile from '../../../processors/standard/ListFile.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

const MINUTE = 60_000;

/** A folder with files of some age, in minutes. */
function folder(files: Record<string, number>): string {
  const directory = temporaryDirectory();
  for (const [name, age] of Object.entries(files)) add(directory, name, age);
  return directory;
}

function add(directory: string, name: string, age: number): void {
  const file = path.join(directory, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, name);
  const at = new Date(Math.floor(Date.now() / MINUTE) * MINUTE - age * MINUTE);
  utimesSync(file, at, at);
}

const list = (directory: string, properties: Record<string, string> = {}) => runner(ListFile, { properties: { 'Input Directory': directory, ...properties } });

async function names(files: Record<string, number>, properties: Record<string, string>): Promise<string[]> {
  const run = await list(folder(files), properties).run();
  return run.out('success').map(({ attributes }) => attributes.filename!);
}

test('files are listed once, with what is known of them', async () => {
  const directory = folder({ 'a.txt': 3, 'sub/b.txt': 2 });
  const run = await list(directory).run();
  const [a, b] = run.out('success').map(({ attributes }) => attributes);
  assert.deepEqual([a!.filename, a!.path, a!['absolute.path'], a!['file.size']], ['a.txt', './', `${directory}/`, '5']);
  assert.deepEqual([b!.filename, b!.path, b!['absolute.path']], ['b.txt', 'sub/', `${directory}/sub/`]);
  assert.match(a!['file.lastModifiedTime']!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\+0000$/);
  assert.match(a!['file.permissions']!, /^rw.{7}$/);
  assert.ok(a!['file.owner'] && a!['file.group'] && a!['file.creationTime'] && a!['file.lastAccessTime']);
  run.clear();
  await run.run();
  assert.deepEqual(run.counts, {});
  assert.ok(run.yielded > 0);
});

test('what is new or changed is listed, of the same moment too', async () => {
  const directory = folder({ 'a.txt': 3, 'b.txt': 2 });
  const run = await list(directory).run();
  run.clear();
  add(directory, 'c.txt', 2);
  add(directory, 'a.txt', 1);
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ attributes }) => attributes.filename),
    ['c.txt', 'a.txt'],
  );
  assert.equal(run.state()['id.0'], path.join(directory, 'a.txt'));
});

test('without tracking everything is listed each time', async () => {
  const run = await list(folder({ a: 1 }), { 'Listing Strategy': 'none' }).run(2);
  assert.deepEqual(run.counts, { success: 2 });
});

test('filters', async () => {
  const files = { 'a.txt': 5, 'b.csv': 4, '.hidden': 3, 'sub/c.txt': 2, 'other/d.txt': 1 };
  assert.deepEqual(await names(files, {}), ['a.txt', 'b.csv', 'c.txt', 'd.txt']);
  assert.deepEqual(await names(files, { 'File Filter': '.*\\.txt' }), ['a.txt', 'c.txt', 'd.txt']);
  assert.deepEqual(await names(files, { 'Recurse Subdirectories': 'false' }), ['a.txt', 'b.csv']);
  assert.deepEqual(await names(files, { 'Path Filter': 's.b' }), ['a.txt', 'b.csv', 'c.txt']);
  assert.deepEqual(await names(files, { 'File Filter': '.*', 'Ignore Hidden Files': 'false' }), ['a.txt', 'b.csv', '.hidden', 'c.txt', 'd.txt']);
  assert.deepEqual(await names(files, { 'Minimum File Age': '239 sec' }), ['a.txt', 'b.csv']);
  assert.deepEqual((await names(files, { 'Maximum File Age': '190 sec' })).at(-1), 'd.txt');
  assert.deepEqual(await names(files, { 'Minimum File Size': '6 B' }), ['c.txt', 'd.txt']);
  assert.deepEqual(await names(files, { 'Maximum File Size': '5 B' }), ['a.txt', 'b.csv']);
  assert.deepEqual(Object.keys((await list(folder({ a: 1 }), { 'Include File Attributes': 'false' }).run()).out('success')[0]!.attributes).sort(), [
    'absolute.path',
    'filename',
    'path',
    'uuid',
  ]);
});

test('a directory that is not there is an error that says so', async () => {
  const directory = folder({ a: 1 });
  rmSync(directory, { recursive: true });
  assert.match((await list(directory).run()).bulletins[0]!.message, /cannot list .* Check that the directory exists/);
});

test('what is not complete, or no regular expression, is invalid', async () => {
  assert.match((await list('/tmp', { 'Listing Strategy': 'entities' }).validate()).join(), /'Entity Tracking State Cache' is required/);
  assert.match((await list('/tmp', { 'File Filter': '(' }).validate()).join(), /not a regular expression/);
});

test('tracking of entities finds what comes with an old time', async () => {
  const directory = folder({ 'a.txt': 3 });
  const kept = new Map<string, string>();
  const cache = {
    get: async (key: string) => (kept.has(key) ? { value: kept.get(key)!, revision: 0 } : undefined),
    put: async (key: string, value: string) => void kept.set(key, value),
  };
  const properties = { 'Input Directory': directory, 'Listing Strategy': 'entities', 'Entity Tracking Node Identifier': 'node-1' };
  const run = runner(ListFile, { properties, services: { 'Entity Tracking State Cache': cache } });
  await run.run();
  add(directory, 'old.txt', 60);
  await run.run();
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ attributes }) => attributes.filename),
    ['a.txt', 'old.txt'],
  );
  assert.match([...kept.keys()].join(), /^ListedEntities::.*::node-1$/);
  await run.close();
});

test('all files as records of one FlowFile; another directory begins anew', async () => {
  const directory = folder({ 'a.txt': 3, 'sub/b.txt': 2 });
  const services = { 'Record Writer': { definition: JsonRecordSetWriter, properties: {} } };
  const run = runner(ListFile, { properties: { 'Input Directory': directory }, services });
  await run.run();
  const { content, attributes } = run.out('success')[0]!;
  const [a, b] = JSON.parse(content) as Record<string, unknown>[];
  assert.deepEqual([attributes['record.count'], a!.filename, a!.path, a!.size, b!.path], ['2', 'a.txt', directory, 5, path.join(directory, 'sub')]);
  const other = folder({ 'older.txt': 90 });
  const elsewhere = runner(ListFile, { properties: { 'Input Directory': other }, state: run.state() });
  await elsewhere.run();
  assert.deepEqual(elsewhere.counts, { success: 1 });
  await Promise.all([run.close(), elsewhere.close()]);
});
