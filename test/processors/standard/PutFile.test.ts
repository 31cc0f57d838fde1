import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import PutFile from '../../../processors/standard/PutFile.ts';
import { runner } from '../../runner.ts';

async function put(properties: Record<string, string>, content = 'new', before?: string) {
  const run = runner(PutFile, { properties: { Directory: '${out}', ...properties } });
  const out = path.join(run.directory, 'sub');
  await run.start();
  if (before !== undefined) {
    const maker = runner(PutFile, { properties: { Directory: out } });
    await maker.enqueue(before, { filename: 'a.txt' }).run();
  }
  await run.enqueue(content, { filename: 'a.txt', out, mode: '640' }).run();
  await run.close();
  return { run, out, text: () => readFileSync(path.join(out, 'a.txt'), 'utf8') };
}

test('the content is written, and told to provenance', async () => {
  const { run, out, text } = await put({});
  assert.deepEqual([run.counts, text(), readdirSync(out)], [{ success: 1 }, 'new', ['a.txt']]);
  assert.deepEqual(
    run.provenance.filter(({ type }) => type === 'SEND').map(({ transitUri }) => transitUri),
    [`file://${out}/a.txt`],
  );
  const large = 'x'.repeat(3_000_000);
  assert.equal((await put({}, large)).text(), large);
});

test('a file of the same name is replaced, left, or a failure', async () => {
  const outcome = async (strategy: string): Promise<unknown[]> => {
    const { run, text } = await put({ 'Conflict Resolution Strategy': strategy }, 'new', 'old');
    return [run.counts, text()];
  };
  assert.deepEqual(await outcome('replace'), [{ success: 1 }, 'new']);
  assert.deepEqual(await outcome('ignore'), [{ success: 1 }, 'old']);
  assert.deepEqual(await outcome('fail'), [{ failure: 1 }, 'old']);
});

test('times and permissions', async () => {
  const { out } = await put({ Permissions: '${mode}', 'Last Modified Time': '2026-01-02T03:04:05+0000' });
  const stats = statSync(path.join(out, 'a.txt'));
  assert.deepEqual([stats.mode & 0o777, stats.mtime.toISOString()], [0o640, '2026-01-02T03:04:05.000Z']);
  assert.deepEqual((await put({ Permissions: 'everything' })).run.counts, { failure: 1 });
  assert.deepEqual((await put({ Owner: 'nobody knows' })).run.counts, { failure: 1 });
});

test('what cannot be written fails, is penalized, and leaves nothing behind', async () => {
  const { run } = await put({ 'Create Missing Directories': 'false' });
  assert.deepEqual([run.counts, run.out('failure')[0]!.penalized], [{ failure: 1 }, true]);
  const full = await put({ 'Maximum File Count': '1', 'Conflict Resolution Strategy': 'replace' }, 'new', 'old');
  assert.deepEqual(full.run.counts, { success: 1 });
  writeFileSync(path.join(full.out, 'b.txt'), '');
  const blocked = runner(PutFile, { properties: { Directory: full.out, 'Maximum File Count': '2' } });
  await blocked.enqueue('x', { filename: 'c.txt' }).run();
  assert.deepEqual([blocked.counts, readdirSync(full.out)], [{ failure: 1 }, ['a.txt', 'b.txt']]);
});
