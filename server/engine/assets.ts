import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidRequestError, NotFoundError } from './errors.ts';
import { nameUuid } from './name-uuid.ts';

/** A file that parameters of a context may refer to. */
export interface Asset {
  readonly id: string;
  readonly contextId: string;
  readonly name: string;
  /** Where it lies: what a parameter that refers to it has as its value. */
  readonly path: string;
  /** Whether the file is gone. */
  readonly missing: boolean;
}

/** The files of parameter contexts: `<directory>/<context id>/<name>`. */
export class AssetStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  list(contextId: string): Asset[] {
    const directory = join(this.#directory, contextId);
    if (!existsSync(directory)) return [];
    const names = readdirSync(directory).filter((name) => !name.endsWith(UNFINISHED));
    return names.sort().map((name) => this.describe(contextId, name));
  }

  describe(contextId: string, name: string): Asset {
    const path = join(this.#directory, contextId, checkedName(name));
    return { id: nameUuid(`${contextId}/${name}`), contextId, name, path, missing: !existsSync(path) };
  }

  /** Throws NotFoundError. */
  find(contextId: string, id: string): Asset {
    const asset = this.list(contextId).find((each) => each.id === id);
    if (!asset) throw new NotFoundError(`Unable to find asset with id '${id}'.`);
    return asset;
  }

  /** Stores a file, in the place of an older one of the same name. */
  async store(contextId: string, name: string, source: AsyncIterable<Uint8Array> | Uint8Array): Promise<Asset> {
    const asset = this.describe(contextId, name);
    mkdirSync(join(this.#directory, contextId), { recursive: true });
    const unfinished = `${asset.path}.${randomUUID()}${UNFINISHED}`;
    try {
      await pipeline(Readable.from(source instanceof Uint8Array ? [source] : source), createWriteStream(unfinished, { mode: 0o600 }));
      renameSync(unfinished, asset.path);
    } catch (thrown) {
      rmSync(unfinished, { force: true });
      throw thrown;
    }
    return { ...asset, missing: false };
  }

  read({ path }: Asset): Readable {
    return createReadStream(path);
  }

  /** SHA-256 of the file, hexadecimal. */
  async digest(asset: Asset): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of this.read(asset)) hash.update(chunk as Uint8Array);
    return hash.digest('hex');
  }

  remove({ path }: Asset): void {
    rmSync(path, { force: true });
  }

  /** Removes the files of all contexts but these. */
  keepOnly(contextIds: ReadonlySet<string>): void {
    if (!existsSync(this.#directory)) return;
    for (const name of readdirSync(this.#directory)) if (!contextIds.has(name)) rmSync(join(this.#directory, name), { recursive: true, force: true });
  }
}

const UNFINISHED = '.unfinished';

/** In bytes: file systems take 255, and a file has a longer name until it is whole. */
const LONGEST_NAME = 200;

function checkedName(name: string): string {
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new InvalidRequestError(`The name of an asset may have at most ${LONGEST_NAME} bytes.`);
  if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name) || name.endsWith(UNFINISHED)) throw new InvalidRequestError(`'${name}' cannot be the name of an asset.`);
  return name;
}
