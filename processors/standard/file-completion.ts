import { copyFile, access, mkdir, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';

export interface Move {
  readonly folder: string;
  readonly conflict: 'Rename' | 'Replace File' | 'Keep Existing' | 'Fail';
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** Moves a file, or removes it where no move is given. Throws an Error where it cannot. */
export async function complete(file: string, move: Move | undefined): Promise<void> {
  if (!move) return unlink(file);
  await mkdir(move.folder, { recursive: true });
  const target = path.join(move.folder, path.basename(file));
  if (!(await exists(target)) || move.conflict === 'Replace File') return moveTo(file, target);
  if (move.conflict === 'Keep Existing') return unlink(file);
  if (move.conflict === 'Rename') return moveTo(file, path.join(move.folder, `${randomUUID()}-${path.basename(file)}`));
  throw new Error(`${target} is there already`);
}

async function moveTo(file: string, target: string): Promise<void> {
  await rename(file, target).catch(async (thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EXDEV') throw thrown;
    // Another file system: under another name first, so that nobody sees half a file.
    const part = `${target}.${randomUUID()}.part`;
    await copyFile(file, part);
    await rename(part, target);
    await unlink(file);
  });
}
