import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { MemoryContentRepository, MemoryStore } from '../../server/repository/memory.ts';
import { defaultLimits, openRepositories } from '../../server/repository/open.ts';
import { type OpenRepositories, repositoryContract, rigOn } from '../repository.contract.ts';

const directories = new Map<OpenRepositories, string>();
after(() => {
  for (const directory of directories.values()) rmSync(directory, { recursive: true, force: true });
});

function openFiles(directory: string): OpenRepositories {
  const repositories = openRepositories(directory, { ...defaultLimits, now: Date.now, warn: (message) => console.log(message) });
  directories.set(repositories, directory);
  return repositories;
}

repositoryContract('memory', () => {
  const store = new MemoryStore();
  return { store, provenance: store, content: new MemoryContentRepository(), close: () => undefined };
});

repositoryContract(
  'files',
  () => openFiles(mkdtempSync(path.join(tmpdir(), 'millrace-repository-'))),
  (before) => {
    before.close();
    return openFiles(directories.get(before)!);
  },
);

test('a session that makes much content hands it on before it commits, and it stays although the archive is full', async () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-spill-'));
  let now = Date.now();
  const repositories = openRepositories(directory, { ...defaultLimits, archive: { maxBytes: 0, maxAge: 0 }, now: () => now, warn: () => undefined });
  const { rig, queue, sink } = rigOn(repositories);
  const session = rig.session(queue.producer);
  const megabyte = (n: number): Buffer => Buffer.alloc(1024 * 1024, `megabyte ${n}`);
  for (let n = 0; n < 100; n++) session.transfer(session.write(session.create(), megabyte(n)), 'success');
  assert.ok(
    session.records.slice(0, 90).every(({ current }) => current.content.held === null),
    'written content still stands in memory',
  );
  now += 60_000;
  repositories.content.clean();
  session.commit();
  rig.journal.flush();
  const next = rig.session(sink);
  for (const [n, flowFile] of next.getBatch(100).entries()) assert.ok(next.read(flowFile).equals(megabyte(n)));
  repositories.close();
  rmSync(directory, { recursive: true });
});
