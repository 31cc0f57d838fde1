import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { MemoryContentRepository, MemoryStore } from '../../server/repository/memory.ts';
import { defaultLimits, openRepositories } from '../../server/repository/open.ts';
import { type OpenRepositories, repositoryContract } from '../repository.contract.ts';

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
