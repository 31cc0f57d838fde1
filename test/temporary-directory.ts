import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

let base: string | undefined;
let directories = 0;

/** Below one folder that goes away with the process. */
export function temporaryDirectory(): string {
  if (base === undefined) {
    base = mkdtempSync(path.join(tmpdir(), 'millrace-runner-'));
    process.once('exit', () => rmSync(base!, { recursive: true, force: true }));
  }
  return path.join(base, String(++directories));
}
