import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Runner } from '../../runner.ts';

/** Real time until something holds that no clock of the test decides. */
export async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000 && !condition(); tries++) await delay(10);
  assert.ok(condition());
}

/** Puts a file under a directory, so many minutes old. */
export function place(root: string, name: string, content: string | Uint8Array = name, minutes = 5): string {
  const file = path.join(root, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  const at = Math.floor(Date.now() / 60_000) * 60 - minutes * 60;
  utimesSync(file, at, at);
  return file;
}

/** Names that came out so far, with their directories. */
export const found = (run: Runner<'success'>): string[] => run.out('success').map(({ attributes: { path: directory, filename } }) => `${directory} ${filename}`);

export const messages = ({ bulletins }: { readonly bulletins: readonly { readonly message: string }[] }): string => bulletins.map(({ message }) => message).join('\n');
