import { createHash } from 'node:crypto';
import type { ComponentLog } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { compileRegex } from '../../server/extension/java/regex.ts';
import { type ListedEntity, oldestFirst } from '../../server/extension/listing.ts';
import { faultOf, isPlainName, joined, type RemoteConnection, type RemoteEntry } from './remote-files.ts';

/** Directories this deep are not entered, as in NiFi. */
const MAX_DEPTH = 100;

/** A file that a listing of a server found. */
export interface RemoteFile extends ListedEntity, RemoteEntry {
  readonly path: string;
}

export interface SearchRules {
  readonly directory: string;
  readonly recurse: boolean;
  readonly followsLinks: boolean;
  readonly filter: string | undefined;
  readonly pathFilter: string | undefined;
  readonly ignoresDotted: boolean;
  readonly maxListed: number;
  readonly isWanted: (file: RemoteFile) => boolean;
}

/** A directory below the one that is searched, and what those above it look like. */
interface Folder {
  readonly folder: string;
  readonly isLink: boolean;
  readonly above: readonly string[];
}

/** Finds files on a server by rules. */
class Search {
  readonly #connection: RemoteConnection;
  readonly #rules: SearchRules;
  readonly #log: ComponentLog;
  readonly #isWantedName: (name: string) => boolean;
  readonly #isWantedFolder: (folder: string) => boolean;
  readonly #visited = new Set<string>();
  readonly found: RemoteFile[] = [];

  constructor(connection: RemoteConnection, rules: SearchRules, log: ComponentLog) {
    this.#connection = connection;
    this.#rules = rules;
    this.#log = log;
    const name = rules.filter === undefined ? undefined : compileRegex(rules.filter);
    const folder = rules.recurse && rules.pathFilter !== undefined ? compileRegex(rules.pathFilter) : undefined;
    this.#isWantedName = (text) => name?.matches(text) ?? true;
    this.#isWantedFolder = (text) => text === '' || (folder?.matches(text) ?? true);
  }

  get #isFull(): boolean {
    return this.found.length >= this.#rules.maxListed;
  }

  /** A directory inside that cannot be listed is told of and left out. */
  async enter({ folder, isLink, above }: Folder): Promise<void> {
    const path = folder === '' ? this.#rules.directory : joined(this.#rules.directory, folder);
    const entries = await this.#list(path);
    // Not every server tells where a link leads: one that leads back up looks as a directory above it does.
    const look = this.#rules.followsLinks ? createHash('sha256').update(JSON.stringify(entries)).digest('base64') : '';
    if (isLink && above.includes(look)) return;
    const inside: Folder[] = [];
    for (const entry of entries) {
      if (this.#isFull) return;
      const target = entry.kind === 'link' ? await this.#target(path, entry) : entry;
      if (target?.kind === 'directory') {
        const link = entry.kind === 'link';
        if (this.#rules.recurse || link) inside.push({ folder: joined(folder, entry.name), isLink: link, above: [...above, look] });
      } else if (target) this.#add(path, folder, target);
    }
    for (const each of inside) await this.#enterInside(each);
  }

  async #enterInside(inside: Folder): Promise<void> {
    const { folder, above } = inside;
    if (above.length >= MAX_DEPTH) return this.#log.warn(`${folder} is left out: it lies more than ${MAX_DEPTH} directories deep`);
    try {
      if (!this.#isFull && (await this.#isFirstVisit(joined(this.#rules.directory, folder)))) await this.enter(inside);
    } catch (thrown) {
      if (faultOf(thrown) === 'lost') throw thrown;
      this.#log.error(`${folder} is left out: ${messageOf(thrown)}`);
    }
  }

  /** A link may lead back up. */
  async #isFirstVisit(path: string): Promise<boolean> {
    if (!this.#rules.followsLinks) return true;
    const real = await this.#connection.resolve(path);
    if (this.#visited.has(real)) return false;
    this.#visited.add(real);
    return true;
  }

  /** What a server may not name is left out: `../x` would have files written elsewhere. */
  async #list(path: string): Promise<RemoteEntry[]> {
    const entries = (await this.#connection.list(path || '.')).filter(({ name }) => name !== '.' && name !== '..');
    const wrong = entries.filter(({ name }) => !isPlainName(name));
    if (wrong.length > 0) this.#log.warn(`The server names ${wrong.length} files in ${path} that cannot be there, such as ${JSON.stringify(wrong[0]!.name)}. They are left out.`);
    return entries.filter(({ name }) => isPlainName(name) && !(this.#rules.ignoresDotted && name.startsWith('.')));
  }

  async #target(path: string, link: RemoteEntry): Promise<RemoteEntry | undefined> {
    if (!this.#rules.followsLinks) return undefined;
    const target = await this.#connection.find(joined(path, link.name)).catch((thrown: unknown) => {
      if (faultOf(thrown) === 'lost') throw thrown;
      return undefined;
    });
    return target && { ...target, name: link.name };
  }

  #add(path: string, folder: string, entry: RemoteEntry): void {
    if (!this.#isWantedFolder(folder) || !this.#isWantedName(entry.name)) return;
    const full = joined(path, entry.name);
    // A file that grows within the second that servers tell is found again.
    const file = { ...entry, path: full, id: full, mark: `${full} ${entry.size}` };
    if (this.#rules.isWanted(file)) this.found.push(file);
  }
}

/** All files that the rules want, the oldest first. Throws RemoteError where the directory cannot be listed. */
export async function listRemote(connection: RemoteConnection, rules: SearchRules, log: ComponentLog): Promise<RemoteFile[]> {
  const search = new Search(connection, rules, log);
  await search.enter({ folder: '', isLink: false, above: [] });
  return search.found.sort(oldestFirst);
}
