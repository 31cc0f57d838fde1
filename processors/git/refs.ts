import fs from 'node:fs';
import path from 'node:path';
import { RegistryError } from '../../server/extension/flow-registry.ts';

/** Git's rules for names of branches (git-check-ref-format): the name becomes a path below refs/heads. Throws RegistryError. */
export function checkBranch(branch: string): void {
  const parts = branch.split('/');
  const isRight = parts.every((part) => part !== '' && !/^\.|\.lock$/i.test(part)) && !/\.\.|@\{|\.$|[ ~^:?*[\\\p{Cc}]|^[@-]/u.test(branch) && branch.length <= 200;
  if (!isRight) throw new RegistryError('invalid', `'${branch}' cannot be the name of a branch: git does not allow it. Choose one that is listed, or another name.`);
}

/**
 * Holds a branch while `work` runs, as git itself does: a file beside the ref that only one process can make (git's lockfile.h).
 * Throws RegistryError where somebody else holds it.
 */
export async function locked<T>(gitdir: string, branch: string, work: (lock: string) => Promise<T>): Promise<T> {
  const ref = path.join(gitdir, 'refs', 'heads', branch);
  const lock = `${ref}.lock`;
  fs.mkdirSync(path.dirname(ref), { recursive: true });
  try {
    fs.closeSync(fs.openSync(lock, 'wx'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new RegistryError('unavailable', `The branch ${branch} of ${gitdir} cannot be written (${(cause as Error).message}). Check the rights of the folder.`, { cause });
    throw new RegistryError('conflict', `Somebody else is writing the branch ${branch}. Try again; if it stays so, remove ${lock}, which a killed git may have left behind.`);
  }
  try {
    return await work(lock);
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/** Lets a branch that is locked be at a commit: the lock becomes the ref. */
export function replaceRef(gitdir: string, branch: string, lock: string, commit: string): void {
  fs.writeFileSync(lock, `${commit}\n`);
  fs.renameSync(lock, path.join(gitdir, 'refs', 'heads', branch));
}
