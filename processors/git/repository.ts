import fs from 'node:fs';
import path from 'node:path';
import type { TreeEntry } from 'isomorphic-git';
import { messageOf } from '../../server/extension/errors.ts';
import { RegistryError } from '../../server/extension/flow-registry.ts';
import { checkBranch, locked, replaceRef } from './refs.ts';

/** Loaded when the first registry is opened. */
export const git = () => import('isomorphic-git');

export interface Author {
  readonly name: string;
  readonly email: string;
}

/** One commit that touched a file. */
export interface FileCommit {
  readonly id: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly message: string;
}

export interface FileChange {
  readonly branch: string;
  readonly file: string;
  readonly content: string;
  readonly message: string;
  readonly author: Author;
}

/** A git repository on this machine, bare or with a work tree, read and written below its work tree: refs and objects only. */
export class Repository {
  readonly gitdir: string;
  readonly isBare: boolean;

  constructor(gitdir: string, isBare: boolean) {
    this.gitdir = gitdir;
    this.isBare = isBare;
  }

  /** The repository in a directory; with `create` made where there is nothing. Throws RegistryError. */
  static async at(directory: string, create: boolean, defaultBranch: string): Promise<Repository> {
    const isRepository = (candidate: string): boolean => fs.existsSync(path.join(candidate, 'HEAD')) && fs.existsSync(path.join(candidate, 'objects'));
    const worktree = path.join(directory, '.git');
    if (isRepository(worktree)) return new Repository(worktree, false);
    if (isRepository(directory)) return new Repository(directory, true);
    const isFree = !fs.existsSync(directory) || fs.readdirSync(directory).length === 0;
    if (!create || !isFree)
      throw new RegistryError('unavailable', `${directory} is not a git repository. ${isFree ? 'Set Create Repository to true, or give' : 'Give'} the path of one.`);
    await (await git()).init({ fs, gitdir: directory, bare: true, defaultBranch });
    return new Repository(directory, true);
  }

  get #where() {
    return { fs, gitdir: this.gitdir };
  }

  async branches(): Promise<string[]> {
    return (await git()).listBranches(this.#where);
  }

  /** The commit that a branch is at; undefined where there is no such branch, or nothing on it. Throws RegistryError for what cannot be a branch. */
  async head(branch: string): Promise<string | undefined> {
    checkBranch(branch);
    try {
      return await (await git()).resolveRef({ ...this.#where, ref: `refs/heads/${branch}` });
    } catch {
      return undefined;
    }
  }

  /** What a folder holds at the head of a branch; empty where there is none. */
  async list(branch: string, folder: string): Promise<TreeEntry[]> {
    const oid = await this.head(branch);
    return oid === undefined ? [] : this.#listAt(oid, folder);
  }

  async #listAt(oid: string, folder: string): Promise<TreeEntry[]> {
    try {
      return (await (await git()).readTree({ ...this.#where, oid, filepath: folder === '' ? undefined : folder })).tree;
    } catch (thrown) {
      if (isMissing(thrown)) return [];
      throw this.#broken(thrown);
    }
  }

  /** A file's text at a commit; undefined where it is not there. */
  async read(commit: string, file: string): Promise<string | undefined> {
    try {
      const { blob } = await (await git()).readBlob({ ...this.#where, oid: commit, filepath: file });
      return Buffer.from(blob).toString('utf8');
    } catch (thrown) {
      if (isMissing(thrown)) return undefined;
      throw this.#broken(thrown);
    }
  }

  /** The commits that changed a file, newest first. */
  async log(branch: string, file: string): Promise<FileCommit[]> {
    if ((await this.head(branch)) === undefined) return [];
    try {
      const commits = await (await git()).log({ ...this.#where, ref: `refs/heads/${branch}`, filepath: file, force: true });
      return commits.map(({ oid, commit }) => ({ id: oid, author: commit.author.name, timestamp: commit.author.timestamp * 1000, message: commit.message.trimEnd() }));
    } catch (thrown) {
      if (isMissing(thrown)) return [];
      throw this.#broken(thrown);
    }
  }

  /** Writes a commit that changes one file, on top of `parent`, and moves no branch. */
  async write({ file, content, message, author }: FileChange, parent: string | undefined): Promise<string> {
    const api = await git();
    const blob = await api.writeBlob({ ...this.#where, blob: Buffer.from(content) });
    const tree = await this.#treeWith(parent, file.split('/'), '', blob);
    const stamp = { ...author, timestamp: Math.floor(Date.now() / 1000), timezoneOffset: 0 };
    return api.writeCommit({ ...this.#where, commit: { message: `${message}\n`, tree, parent: parent === undefined ? [] : [parent], author: stamp, committer: stamp } });
  }

  /** The tree of `folder` with one blob in it exchanged; trees on the way are made. */
  async #treeWith(commit: string | undefined, [name, ...rest]: string[], folder: string, blob: string): Promise<string> {
    const entries = commit === undefined ? [] : await this.#listAt(commit, folder);
    const inner = folder === '' ? name! : `${folder}/${name}`;
    const entry: TreeEntry =
      rest.length === 0
        ? { mode: '100644', path: name!, oid: blob, type: 'blob' }
        : { mode: '040000', path: name!, oid: await this.#treeWith(commit, rest, inner, blob), type: 'tree' };
    return (await git()).writeTree({ ...this.#where, tree: [...entries.filter((each) => each.path !== name), entry] });
  }

  /** Moves a branch from one commit to another, under git's own lock. Throws RegistryError with cause `conflict` where it is elsewhere by now. */
  async move(branch: string, from: string | undefined, to: string): Promise<void> {
    await locked(this.gitdir, branch, async (lock) => {
      if ((await this.head(branch)) !== from) throw new RegistryError('conflict', `The branch ${branch} was moved by somebody else meanwhile. Try again.`);
      replaceRef(this.gitdir, branch, lock, to);
    });
  }

  /** The branch that the work tree shows; undefined for bare repositories. */
  async checkedOut(): Promise<string | undefined> {
    if (this.isBare) return undefined;
    return (await (await git()).currentBranch({ ...this.#where })) ?? undefined;
  }

  #broken(thrown: unknown): RegistryError {
    return new RegistryError('unavailable', `The git repository ${this.gitdir} cannot be read (${messageOf(thrown)}). Run git fsck there, or restore it.`, { cause: thrown });
  }
}

function isMissing(thrown: unknown): boolean {
  const { code } = thrown as { code?: string };
  return code === 'NotFoundError' || code === 'ObjectTypeError';
}
