import { readFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { permissionText, timeText } from '../../server/extension/file-attributes.ts';

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
