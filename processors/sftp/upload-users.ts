import { rmSync } from 'node:fs';
import path from 'node:path';
import { UserProblem, type UploadUser } from '../../server/extension/file-imports.ts';
import type { ImportStore, UserRow } from './import-store.ts';
import { type PublicKey, parsePublicKeys } from './public-keys.ts';

/** They are names of folders too. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

const toldOf = ({ type, fingerprint, comment, text }: PublicKey) => ({ type, fingerprint, comment, text });

/** Who may upload at an endpoint, and with which keys. */
export abstract class UploadUsers {
  protected readonly store: ImportStore;
  readonly #folder: string;

  constructor(store: ImportStore, folder: string) {
    this.store = store;
    this.#folder = folder;
  }

  /** Ends what the user has open. */
  protected abstract disconnect(user: string): void;

  folderOf(user: string): string {
    return path.join(this.#folder, 'users', user);
  }

  users(): UploadUser[] {
    return this.store.users().map(userOf);
  }

  /** The keys of a user; none where there is no such user. */
  keysOf(name: string): PublicKey[] {
    const user = this.store.user(name);
    return user ? parsePublicKeys(user.keys) : [];
  }

  /** Bytes of the user's files that no flow has taken yet. */
  waitingBytes(user: string): number {
    return this.store.waitingBytes(user);
  }

  loggedIn(user: string, at: number): void {
    this.store.loggedIn(user, at);
  }

  createUser(name: string, keys: string): UploadUser {
    if (!NAME.test(name)) throw new UserProblem('invalid', 'A user name has small letters, digits, - and _, begins with a letter or digit, and has at most 32 of them.');
    parsePublicKeys(keys);
    this.store.createUser(name, keys);
    return userOf(this.store.user(name)!);
  }

  updateUser(name: string, keys: string, revision: number): UploadUser {
    parsePublicKeys(keys);
    this.store.updateUser(name, keys, revision);
    this.disconnect(name);
    return userOf(this.store.user(name)!);
  }

  removeUser(name: string, revision: number): UploadUser {
    const last = this.store.user(name);
    this.store.removeUser(name, revision);
    this.disconnect(name);
    // Whoever gets the name later must not see what was there.
    rmSync(this.folderOf(name), { recursive: true, force: true });
    return userOf(last!);
  }
}

const userOf = ({ name, keys, revision, lastLogin }: UserRow): UploadUser => ({
  name,
  keys: parsePublicKeys(keys).map(toldOf),
  revision,
  ...(lastLogin !== null && { lastLogin }),
});
