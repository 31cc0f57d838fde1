import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file that a listing found. */
export interface ListedFile {
  readonly path: string;
  readonly name: string;
  /** Of its folder, from the directory that was listed; empty for that itself. */
  readonly folder: string;
  readonly stats: Stats;
  /** When it was last changed, whole milliseconds since 1970. */
  readonly modified: number;
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
  return found.sort((a, b) => a.modified - b.modified || (a.path < b.path ? -1 : 1));
}

async function fileAt({ directory, isWantedName, isWantedFolder }: ListingRules, folder: string, entry: Dirent): Promise<ListedFile | undefined> {
  if (entry.isDirectory() || !isWantedName(entry.name) || (folder !== '' && !isWantedFolder(folder))) return undefined;
  const full = path.join(directory, folder, entry.name);
  const stats = await stat(full).catch(() => undefined);
  return stats?.isFile() ? { path: full, name: entry.name, folder, stats, modified: Math.floor(stats.mtimeMs) } : undefined;
}

/** What a listing by timestamps remembers: the newest time listed, and which files bore it. */
export interface Progress {
  readonly newest: number;
  readonly atNewest: ReadonlySet<string>;
}

/** From the processor's state, under NiFi's keys. */
export function readProgress(state: ReadonlyMap<string, string>): Progress {
  const atNewest = [...state].filter(([key]) => key.startsWith('id.')).map(([, id]) => id);
  return { newest: Number(state.get('processed.timestamp') ?? -1), atNewest: new Set(atNewest) };
}

export function progressState({ newest, atNewest }: Progress): Record<string, string> {
  const ids = [...atNewest].map((id, index) => [`id.${index}`, id]);
  return { 'listing.timestamp': String(newest), 'processed.timestamp': String(newest), ...Object.fromEntries(ids) };
}

export const isNew = ({ modified, path: id }: ListedFile, { newest, atNewest }: Progress): boolean => modified > newest || (modified === newest && !atNewest.has(id));

/** `listed` are new and not empty, the oldest first. */
export function advanced(before: Progress, listed: readonly ListedFile[]): Progress {
  const newest = listed.at(-1)!.modified;
  const atNewest = listed.filter(({ modified }) => modified === newest).map(({ path: id }) => id);
  return { newest, atNewest: new Set(newest === before.newest ? [...before.atNewest, ...atNewest] : atNewest) };
}
