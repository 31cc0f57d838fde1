import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** How far a file has been read. `inode` tells the file from another one that has taken its name. */
export interface TailPlace {
  readonly file: string;
  readonly inode: string;
  /** Bytes. */
  readonly position: number;
  /** When the file was last changed, as far as it was read, milliseconds since 1970. */
  readonly timestamp: number;
}

/** From the processor's state, under NiFi's keys, by file. */
export function readPlaces(state: ReadonlyMap<string, string>): Map<string, TailPlace> {
  const places = new Map<string, TailPlace>();
  for (const [key, file] of state) {
    const number = /^file\.(\d+)\.filename$/.exec(key)?.[1];
    if (number === undefined) continue;
    const of = (name: string): string => state.get(`file.${number}.${name}`) ?? '';
    places.set(file, { file, inode: of('inode'), position: Number(of('position')), timestamp: Number(of('timestamp')) });
  }
  return places;
}

export function placesState(places: ReadonlyMap<string, TailPlace>): Record<string, string> {
  const entries = [...places.values()].flatMap(({ file, inode, position, timestamp }, index) =>
    Object.entries({ filename: file, inode, position: String(position), timestamp: String(timestamp) }).map(([name, value]) => [`file.${index}.${name}`, value]),
  );
  return Object.fromEntries(entries);
}

export interface TailedFile {
  readonly file: string;
  readonly inode: string;
  readonly size: number;
  readonly timestamp: number;
}

/** What a file is at present; undefined where there is none. */
export async function lookAt(file: string): Promise<TailedFile | undefined> {
  const stats = await stat(file).catch(() => undefined);
  return stats?.isFile() ? { file, inode: `${stats.dev}:${stats.ino}`, size: stats.size, timestamp: Math.floor(stats.mtimeMs) } : undefined;
}

/** Files whose whole path below the directory matches, changed since a time. */
export async function findFiles(directory: string, pattern: RegExp, recursive: boolean, since: number): Promise<string[]> {
  const names = await readdir(directory, { recursive, encoding: 'utf8' });
  const found = await Promise.all(names.filter((name) => pattern.test(name)).map((name) => lookAt(path.join(directory, name))));
  return found
    .filter((file): file is TailedFile => file !== undefined && file.timestamp >= since)
    .map(({ file }) => file)
    .sort();
}

/** Files that a file was renamed to, by a pattern with `*`, `?` and `${filename}` (its name without extension), the oldest first. */
export async function rolledFiles(file: string, pattern: string): Promise<TailedFile[]> {
  const folder = path.dirname(file);
  const bare = path.basename(file, path.extname(file));
  const source = pattern
    .replaceAll('${filename}', bare)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const regex = new RegExp(`^${source}$`);
  const names = (await readdir(folder)).filter((name) => regex.test(name) && name !== path.basename(file));
  const found = await Promise.all(names.map((name) => lookAt(path.join(folder, name))));
  return found.filter((one): one is TailedFile => one !== undefined).sort((a, b) => a.timestamp - b.timestamp || (a.file < b.file ? -1 : 1));
}

const BLOCK = 64 * 1024;

/** Where the last whole line of a range of bytes ends; its beginning where there is none. */
export async function lastLineEnd(file: string, from: number, to: number): Promise<number> {
  const handle: FileHandle = await open(file);
  try {
    const block = Buffer.alloc(BLOCK);
    for (let end = to; end > from; ) {
      const start = Math.max(from, end - BLOCK);
      const { bytesRead } = await handle.read(block, 0, end - start, start);
      const found = block.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (found >= 0) return start + found + 1;
      end = start;
    }
    return from;
  } finally {
    await handle.close();
  }
}
