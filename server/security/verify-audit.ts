import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { StorageError } from '../engine/repositories.ts';
import { auditFiles } from './audit-files.ts';
import { GENESIS, hashOf, parsed, sealed, unsealed } from './audit-line.ts';

/** What `verifyAudit` found: all lines, or the first that is not as it was written (lines of a file count from 1). */
export type Verdict = { readonly lines: number; readonly head: string; readonly hasHead: boolean } | { readonly file: string; readonly broken: number; readonly reason: string };

export interface KnownHeads {
  /** A head of an earlier time, told whether it is still there: lines that were cut off at the end leave no trace in the files. */
  readonly head?: string;
  /** The head after which the first line must follow, where older files were moved to an archive. */
  readonly after?: string;
}

/** Checks every line of every file. Throws StorageError where there is no audit. */
export async function verifyAudit(file: string, { head = GENESIS, after = GENESIS }: KnownHeads = {}): Promise<Verdict> {
  let [lines, previous, hasHead] = [0, after, head === GENESIS || head === after];
  let first: number | undefined = after === GENESIS ? 1 : undefined;
  for (const each of presentFiles(file)) {
    let at = 0;
    for await (const text of createInterface({ input: createReadStream(each), crlfDelay: Number.POSITIVE_INFINITY })) {
      at += 1;
      first ??= parsed(text)?.number ?? 1;
      const reason = whatIsWrong(text, first + lines, previous);
      if (reason !== undefined) return { file: path.basename(each), broken: at, reason };
      previous = parsed(text)!.hash;
      hasHead ||= previous === head;
      lines += 1;
    }
  }
  return { lines, head: previous, hasHead };
}

/** The files of an audit. Throws StorageError where there is none. */
export function presentFiles(file: string): string[] {
  const files = auditFiles(file);
  if (files.length > 0) return files;
  throw new StorageError(
    `There is no audit ${file}. Give --data with the data directory of a server that has run; if this is one, its audit was taken away: look for it in your backups.`,
  );
}

function whatIsWrong(text: string, number: number, previous: string): string | undefined {
  const line = parsed(text);
  if (!line) return 'it is not a line of the audit (torn, or written by somebody else)';
  if (text !== sealed(unsealed(text), hashOf(unsealed(text)))) return 'its content does not match its hash: it was changed';
  if (line.previous !== previous || line.number !== number) return 'it does not follow the line before: a line was changed, taken out or put in';
  return undefined;
}
