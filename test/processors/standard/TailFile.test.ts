import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, mkdirSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import TailFile from '../../../processors/standard/TailFile.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

function folder(): string {
  const directory = temporaryDirectory();
  mkdirSync(directory);
  return directory;
}

function follow(properties: Record<string, string>) {
  const run = runner(TailFile, { properties });
  return {
    run,
    next: async (): Promise<string[]> => {
      run.clear();
      await run.advance(2000);
      await run.run();
      return run.out('success').map(({ content }) => content);
    },
  };
}

test('whole lines, each once, over restarts', async () => {
  const file = path.join(folder(), 'a.log');
  writeFileSync(file, 'one\ntwo\nthr');
  const { run, next } = follow({ 'Files to Tail': file });
  assert.deepEqual(await next(), ['one\ntwo\n']);
  const [{ attributes }] = run.out('success') as [ReturnType<typeof run.out>[0]];
  assert.deepEqual([attributes.filename, attributes['tailfile.original.path'], attributes['mime.type']], ['a.0-8.log', file, 'text/plain']);
  assert.deepEqual(await next(), []);
  appendFileSync(file, `ee\n${'x'.repeat(150_000)}`);
  assert.deepEqual(await next(), ['three\n']);
  appendFileSync(file, '\n');
  assert.equal((await next())[0]!.length, 150_001);
});

test('a file that is renamed, or cut, and begun anew', async () => {
  const directory = folder();
  const file = path.join(directory, 'a.log');
  writeFileSync(file, 'one\n');
  const { next } = follow({ 'Files to Tail': file, 'Rolling Filename Pattern': '${filename}.*.log' });
  assert.deepEqual(await next(), ['one\n']);
  appendFileSync(file, 'two\nlast');
  renameSync(file, path.join(directory, 'a.1.log'));
  writeFileSync(file, 'new\n');
  assert.deepEqual(await next(), ['two\nlast', 'new\n']);
  appendFileSync(file, 'more\n');
  copyFileSync(file, path.join(directory, 'a.2.log'));
  truncateSync(file);
  appendFileSync(file, 'x\n');
  assert.deepEqual(await next(), ['more\n', 'x\n']);
});

test('where to begin', async () => {
  const directory = folder();
  const file = path.join(directory, 'a.log');
  writeFileSync(path.join(directory, 'a.log.1'), 'old\n');
  writeFileSync(file, 'one\n');
  const begin = (start: string) => follow({ 'Files to Tail': file, 'Rolling Filename Pattern': 'a.log.*', 'Initial Start Position': start }).next();
  assert.deepEqual([await begin('Beginning of Time'), await begin('Beginning of File'), await begin('Current Time')], [['old\n', 'one\n'], ['one\n'], []]);
});

test('several files, new ones too', async () => {
  const directory = folder();
  mkdirSync(path.join(directory, 'sub'));
  writeFileSync(path.join(directory, 'a.log'), 'a\n');
  writeFileSync(path.join(directory, 'b.txt'), 'b\n');
  const { next } = follow({ 'Tailing Mode': 'Multiple files', 'Base Directory': directory, 'Files to Tail': '.*\\.log', 'Recursive Lookup': 'true', 'Lookup Frequency': '1 sec' });
  assert.deepEqual(await next(), ['a\n']);
  writeFileSync(path.join(directory, 'sub/c.log'), 'c\n');
  assert.deepEqual(await next(), ['c\n']);
});

test('what is missing or not supported', async () => {
  assert.deepEqual(await follow({ 'Files to Tail': '/nowhere/a.log' }).next(), []);
  assert.match((await runner(TailFile, { properties: { 'Files to Tail': 'x', 'Tailing Mode': 'Multiple files' } }).validate()).join(), /Base Directory must be set/);
});
