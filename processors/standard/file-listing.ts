import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type ListedEntity, oldestFirst } from '../../server/extension/listing.ts';

/** A file that a listing found; its id is its path. */
export interface ListedFile extends ListedEntity {
  readonly path: string;
  readonly name: string;
  /** Of its folder, from the directory that was listed; empty for that itself. */
  readonly folder: string;
  readonly stats: Stats;
  readonly size: number;
}

export interface ListingRules {
  readonly directory: string;
  readonly recurse: boolean;
  readonly ignoreHidden: boolean;
  readonly isWantedName: (name: string) => boolean;
  readonly isWantedFolder: (folder: string) => boolean;
  readonly isWanted: (file: ListedFile) => boolean;
}

/** All files that the rules want, the oldest first. A file that vanishes meanwhile is left out; a directory that cannot be read throws. */
export async function listFiles(rules: ListingRules, signal: AbortSignal): Promise<ListedFile[]> {
  const found: ListedFile[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    for (const entry of await readdir(path.join(rules.directory, folder), { withFileTypes: true })) {
      if (rules.ignoreHidden && entry.name.startsWith('.')) continue;
      if (entry.isDirectory() && rules.recurse) folders.push(path.join(folder, entry.name));
      const file = await fileAt(rules, folder, entry);
      if (file && rules.isWanted(file)) found.push(file);
    }
  }
  return found.sort(oldestFirst);
}

async function fileAt({ directory, isWantedName, isWantedFolder }: ListingRules, folder: string, entry: Dirent): Promise<ListedFile | undefined> {
  if (entry.isDirectory() || !isWantedName(entry.name) || (folder !== '' && !isWantedFolder(folder))) return undefined;
  const full = path.join(directory, folder, entry.name);
  const stats = await stat(full).catch(() => undefined);
  return stats?.isFile() ? { id: full, path: full, name: entry.name, folder, stats, size: stats.size, modified: Math.floor(stats.mtimeMs) } : undefined;
}
