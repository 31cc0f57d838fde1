import { readFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';

/** `rwxr-x---` for a file's mode. */
export function permissionText(mode: number): string {
  return [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
}

/** `644` or `rw-r--r--` to a mode; undefined where it is neither. */
export function permissionMode(text: string): number | undefined {
  if (/^[0-7]{3}$/.test(text)) return Number.parseInt(text, 8);
  if (!/^([r-][w-][x-]){3}$/.test(text)) return undefined;
  return Number.parseInt([...text].map((letter) => (letter === '-' ? '0' : '1')).join(''), 2);
}

/** A time as NiFi writes it in attributes of files: `2026-11-23T14:36:00+0000`. */
export function timeText(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}+0000`;
}

/** Names of users or groups by their number; where the system tells none, numbers must do. */
async function names(file: string): Promise<ReadonlyMap<number, string>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return new Map(
    text
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length > 2)
      .map(([name, , id]) => [Number(id), name!]),
  );
}

export interface Owners {
  readonly users: ReadonlyMap<number, string>;
  readonly groups: ReadonlyMap<number, string>;
}

export async function readOwners(): Promise<Owners> {
  return { users: await names('/etc/passwd'), groups: await names('/etc/group') };
}

/** What NiFi tells about a file in attributes. */
export function fileAttributes(stats: Stats, { users, groups }: Owners): Record<string, string> {
  return {
    'file.size': String(stats.size),
    'file.lastModifiedTime': timeText(stats.mtimeMs),
    'file.lastAccessTime': timeText(stats.atimeMs),
    'file.creationTime': timeText(stats.birthtimeMs),
    'file.permissions': permissionText(stats.mode),
    'file.owner': users.get(stats.uid) ?? String(stats.uid),
    'file.group': groups.get(stats.gid) ?? String(stats.gid),
  };
}
