import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import DeleteFile from '../../../processors/standard/DeleteFile.ts';
import FetchFile from '../../../processors/standard/FetchFile.ts';
import GetFile from '../../../processors/standard/GetFile.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

function folder(files: Record<string, string>): string {
  const directory = temporaryDirectory();
  mkdirSync(directory);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    writeFileSync(path.join(directory, name), content);
  }
  return directory;
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries++) await delay(10);
  assert.ok(condition());
}

test('GetFile reads files and removes them, so many at a time', async () => {
  const directory = folder({ 'a.txt': 'one', 'sub/b.txt': 'two', '.hidden': 'x', 'c.log': 'three' });
  for (const [index, name] of ['a.txt', 'sub/b.txt', 'c.log'].entries()) utimesSync(path.join(directory, name), 1000 + index, 1000 + index);
  const run = runner(GetFile, { properties: { 'Input Directory': directory, 'Batch Size': '2' } });
  await run.start();
  await run.run();
  const [a, b] = run.out('success');
  assert.deepEqual([a!.content, a!.attributes.filename, a!.attributes.path, a!.attributes['absolute.path']], ['one', 'a.txt', './', `${directory}/`]);
  assert.deepEqual([b!.content, b!.attributes.path, b!.attributes['file.lastModifiedTime']], ['two', 'sub/', '1970-01-01T00:16:41+0000']);
  run.flow.runtime.journal.flush();
  await until(() => !existsSync(path.join(directory, 'a.txt')) && !existsSync(path.join(directory, 'sub/b.txt')));
  await run.run();
  assert.deepEqual(run.counts, { success: 3 });
  await run.stop();
  assert.equal(run.provenance.filter(({ type }) => type === 'RECEIVE').length, 3);
});

test('GetFile filters, keeps, and waits between listings', async () => {
  const directory = folder({ 'a.txt': '1', 'b.csv': '22', 'deep/c.txt': '333' });
  const read = async (properties: Record<string, string>) => {
    const run = runner(GetFile, { properties: { 'Input Directory': directory, 'Keep Source File': 'true', ...properties } });
    await run.run(3);
    return run
      .out('success')
      .map(({ attributes }) => attributes.filename)
      .sort();
  };
  assert.deepEqual(await read({}), ['a.txt', 'b.csv', 'c.txt']);
  assert.deepEqual(await read({ 'File Filter': '.*\\.txt', 'Recurse Subdirectories': 'false' }), ['a.txt']);
  assert.deepEqual(await read({ 'Path Filter': 'de.p', 'Minimum File Size': '2 B' }), ['b.csv', 'c.txt']);
  assert.deepEqual(await read({ 'Minimum File Age': '1 day' }), []);
  assert.equal(readdirSync(directory).length, 3);
  const missing = await runner(GetFile, { properties: { 'Input Directory': `${directory}/none` } }).run();
  assert.match(missing.bulletins[0]!.message, /cannot be listed/);
});

async function fetch(file: string, properties: Record<string, string> = {}) {
  const run = runner(FetchFile, { properties });
  run.enqueue('old', { 'absolute.path': path.dirname(file), filename: path.basename(file) });
  await run.run();
  run.flow.runtime.journal.flush();
  return run;
}

test('FetchFile reads a file, and moves or deletes it', async () => {
  const directory = folder({ a: 'A', b: 'B', 'done/b': 'old B', c: 'C' });
  const at = (name: string): string => path.join(directory, name);
  assert.equal((await fetch(at('a'))).out('success')[0]!.content, 'A');
  await fetch(at('a'), { 'Completion Strategy': 'Delete File' });
  await until(() => !existsSync(at('a')));
  const move = { 'Completion Strategy': 'Move File', 'Move Destination Directory': at('done') };
  assert.deepEqual((await fetch(at('b'), { ...move, 'Move Conflict Strategy': 'Fail' })).counts, { failure: 1 });
  await fetch(at('b'), move);
  await until(() => readdirSync(at('done')).length === 2);
  writeFileSync(at('b'), 'new B');
  await fetch(at('b'), { ...move, 'Move Conflict Strategy': 'Keep Existing' });
  await until(() => !existsSync(at('b')));
  assert.equal(readFileSync(at('done/b'), 'utf8'), 'old B');
  writeFileSync(at('b'), 'new B');
  await fetch(at('b'), { ...move, 'Move Conflict Strategy': 'Replace File' });
  await until(() => readFileSync(at('done/b'), 'utf8') === 'new B');
  await fetch(at('c'), { ...move, 'Move Destination Directory': at('made/here') });
  await until(() => existsSync(at('made/here/c')));
});

test('FetchFile tells why there is nothing', async () => {
  const directory = folder({ a: '' });
  const missing = await fetch(path.join(directory, 'none'), { 'File not Found Log Level': 'NONE' });
  assert.deepEqual([missing.counts, missing.bulletins.length], [{ 'not.found': 1 }, 0]);
  const folderItself = await fetch(directory);
  assert.deepEqual([folderItself.counts, folderItself.out('failure')[0]!.penalized], [{ failure: 1 }, true]);
  assert.match((await runner(FetchFile, { properties: { 'Completion Strategy': 'Move File' } }).validate()).join(), /Move Destination Directory must be set/);
});

test('DeleteFile deletes in its directory only', async () => {
  const directory = folder({ 'in/a': '', b: '' });
  const remove = async (filename: string) => {
    const run = runner(DeleteFile, {});
    run.enqueue('', { 'absolute.path': path.join(directory, 'in'), filename });
    await run.run();
    return Object.keys(run.counts).join();
  };
  assert.deepEqual([await remove('a'), await remove('a'), await remove('../b'), await remove('.')], ['success', 'not found', 'failure', 'failure']);
  assert.deepEqual([readdirSync(path.join(directory, 'in')), existsSync(path.join(directory, 'b'))], [[], true]);
});
