import { createHash } from 'node:crypto';
import { createReadStream, lstatSync, type Stats } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ComponentLog } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FileImport } from '../../server/extension/file-imports.ts';
import type { ImportFiles } from './import-files.ts';
import type { ImportStore } from './import-store.ts';
import { isFinished, UserFolder } from './user-folder.ts';

export interface AcceptanceRules {
  /** How long a file is left alone before it is taken, milliseconds. */
  readonly settle: number;
  /** Names that say that a file is not whole yet; undefined for none. */
  readonly unfinishedNames: RegExp | undefined;
  readonly allowsDuplicates: boolean;
  folderOf(user: string): string;
  /** Whether somebody writes the file now. */
  isOpen(real: string): boolean;
  onAccepted(file: FileImport): void;
  readonly now: () => number;
  readonly log: ComponentLog;
}

const lookAt = (file: string): Stats | undefined => lstatSync(file, { throwIfNoEntry: false });

/**
 * Finished files become imports once they were left alone for a while: until then they can be renamed, resumed, written over and removed.
 * An import's content leaves the user's folder, so that nothing changes it any more.
 */
export class Acceptance {
  readonly #rules: AcceptanceRules;
  readonly #store: ImportStore;
  readonly #files: ImportFiles;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #isClosed = false;

  constructor(rules: AcceptanceRules, store: ImportStore, files: ImportFiles) {
    this.#rules = rules;
    this.#store = store;
    this.#files = files;
  }

  /** Finishes what a kill interrupted, and looks at what is in the folders. */
  async resume(users: readonly string[]): Promise<void> {
    for (const file of this.#store.accepting()) this.#settle(file);
    for (const user of users) {
      const folder = UserFolder.open(this.#rules.folderOf(user));
      for await (const { inside, isFinished: whole } of folder.files()) if (whole) this.touched(user, inside);
    }
  }

  /** A file was closed or got another name. */
  touched(user: string, inside: string): void {
    const key = `${user} ${inside}`;
    clearTimeout(this.#timers.get(key));
    if (this.#isClosed || this.isUnfinishedName(inside)) return;
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#accept(user, inside).catch((thrown: unknown) =>
        this.#rules.log.error(`The upload ${inside} of ${user} could not be taken: ${messageOf(thrown)}. It stays where it is.`),
      );
    }, this.#rules.settle);
    this.#timers.set(key, timer);
  }

  isUnfinishedName(inside: string): boolean {
    return this.#rules.unfinishedNames?.test(path.posix.basename(inside)) ?? false;
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  async #accept(user: string, inside: string): Promise<void> {
    const real = path.join(this.#rules.folderOf(user), inside);
    const before = lookAt(real);
    if (!before || !isFinished(before) || this.#rules.isOpen(real)) return;
    const hash = createHash('sha256');
    await pipeline(createReadStream(real), hash);
    // From here on nothing else runs in between.
    const after = lookAt(real);
    const isSame = after && isFinished(after) && after.ino === before.ino && after.ctimeMs === before.ctimeMs && !this.#rules.isOpen(real);
    if (!isSame || this.#isClosed) return;
    const id = this.#store.accept({ user, file: inside, bytes: after.size, sha256: hash.digest('hex'), receivedAt: this.#rules.now() });
    this.#settle(this.#store.find(id)!);
  }

  #settle({ id, user, file, bytes }: FileImport): void {
    const real = path.join(this.#rules.folderOf(user), file);
    if (!this.#files.has(id)) {
      const present = lookAt(real);
      // It was not yet taken when the process was killed, and somebody has changed it since: that is another upload.
      if (!present || !isFinished(present) || present.size !== bytes) return this.#store.forget(id);
      this.#files.take(id, real);
    }
    this.#rules.onAccepted(this.#store.settle(id, this.#rules.allowsDuplicates));
  }
}
