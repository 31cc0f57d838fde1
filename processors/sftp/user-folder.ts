import { constants, mkdirSync, realpathSync, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, realpath, rename, rm, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { Refused } from './refused.ts';

/** What the file of an upload that was closed cleanly may: nobody writes it any more. This mark goes along with a renaming, and outlives a kill. */
export const FINISHED = 0o400;
const UNFINISHED = 0o600;
const FOLDER = 0o700;
/** Files and folders of one user: listing and adding up stay quick. */
const MOST_ENTRIES = 1000;

export interface Found {
  /** As the user sees it, such as `/people.csv`. */
  readonly inside: string;
  readonly stats: Stats;
}

export const isFinished = (stats: Stats): boolean => stats.isFile() && (stats.mode & 0o777) === FINISHED;

/** The folder that is all a user sees. Symbolic links are not followed and cannot be made. */
export class UserFolder {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Makes the folder where it is missing. */
  static open(folder: string): UserFolder {
    mkdirSync(folder, { recursive: true, mode: FOLDER });
    return new UserFolder(realpathSync(folder));
  }

  /** As the user sees a path; what would lead above the folder ends at it. Throws Refused. */
  inside(name: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    if (/[\u0000-\u001f\u007f]/.test(name)) throw new Refused('a name with control characters', 'denied');
    return path.posix.resolve('/', name);
  }

  /** Where a path of the user is on this machine. Throws Refused where a symbolic link is on the way, or is what is named. */
  async locate(name: string): Promise<string> {
    const inside = this.inside(name);
    const file = path.join(this.root, inside);
    if (inside === '/') return file;
    const parent = path.dirname(file);
    if ((await realpath(parent)) !== parent) throw new Refused(`'${inside}' leads through a symbolic link`, 'denied');
    const isLink = await lstat(file).then(
      (stats) => stats.isSymbolicLink(),
      () => false,
    );
    if (isLink) throw new Refused(`'${inside}' is a symbolic link`, 'denied');
    return file;
  }

  async stat(name: string): Promise<Stats> {
    return lstat(await this.locate(name));
  }

  /** From now on the file counts as unfinished. */
  async openForWriting(name: string, { exclusive, truncate, create }: { exclusive: boolean; truncate: boolean; create: boolean }) {
    const file = await this.locate(name);
    const exists = await lstat(file).then(
      (stats) => stats.isFile() || Promise.reject(new Refused(`'${name}' is no file`, 'failure')),
      (thrown: NodeJS.ErrnoException) => (thrown.code === 'ENOENT' ? false : Promise.reject(thrown)),
    );
    if (exists && exclusive) throw new Refused(`'${name}' is there already`, 'failure');
    if (exists) await chmod(file, UNFINISHED);
    const flags = constants.O_RDWR | constants.O_NOFOLLOW | (create ? constants.O_CREAT : 0) | (truncate ? constants.O_TRUNC : 0) | (exclusive ? constants.O_EXCL : 0);
    return { real: file, file: await open(file, flags, UNFINISHED) };
  }

  async openForReading(name: string) {
    const real = await this.locate(name);
    if (!(await lstat(real)).isFile()) throw new Refused(`'${name}' is no file`, 'failure');
    return { real, file: await open(real, constants.O_RDONLY | constants.O_NOFOLLOW) };
  }

  async list(name: string): Promise<Found[]> {
    const folder = await this.locate(name);
    const names = await readdir(folder);
    const found = await Promise.all(names.map(async (each) => ({ inside: each, stats: await lstat(path.join(folder, each)).catch(() => undefined) })));
    return found.filter((each): each is Found => each.stats !== undefined && !each.stats.isSymbolicLink());
  }

  async makeFolder(name: string): Promise<void> {
    await mkdir(await this.locate(name), { mode: FOLDER });
  }

  async removeFolder(name: string): Promise<void> {
    if (this.inside(name) === '/') throw new Refused('the folder itself cannot be removed', 'denied');
    await rmdir(await this.locate(name));
  }

  async remove(name: string): Promise<void> {
    await unlink(await this.locate(name));
  }

  /** What is there already is not written over, as the protocol wants it (draft-ietf-secsh-filexfer-02, 6.5). */
  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [await this.locate(from), await this.locate(to)];
    await lstat(source);
    const isTaken = await lstat(target).then(Boolean, () => false);
    if (isTaken) throw new Refused(`'${to}' is there already`, 'failure');
    await rename(source, target);
  }

  /** Everything in it. Throws Refused where it is too much. */
  async *entries(folder = '/', seen = { count: 0 }): AsyncGenerator<Found> {
    for (const { inside, stats } of await this.list(folder)) {
      if (++seen.count > MOST_ENTRIES) throw new Refused(`there are more than ${MOST_ENTRIES} files and folders`, 'failure');
      const full = path.posix.join(folder, inside);
      yield { inside: full, stats };
      if (stats.isDirectory()) yield* this.entries(full, seen);
    }
  }

  /** Bytes of all files. */
  async usage(): Promise<number> {
    let bytes = 0;
    for await (const { stats } of this.entries()) bytes += stats.isFile() ? stats.size : 0;
    return bytes;
  }

  async *files(): AsyncGenerator<Found & { readonly isFinished: boolean }> {
    for await (const found of this.entries()) if (found.stats.isFile()) yield { ...found, isFinished: isFinished(found.stats) };
  }

  async removeAll(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}
