import { constants } from 'node:fs';
import type { Client, FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { permissionText } from '../../server/extension/file-attributes.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { type FileTraits, type RemoteConnection, type RemoteEntry, RemoteError, type RemoteFault } from './remote-files.ts';

/** Requests in flight for one file, so that a far server does not make a transfer slow, and how much each asks for (servers need not serve more at once). */
const WINDOW = 32;
const PIECE = 32 * 1024;
/** SFTP's status codes (draft-ietf-secsh-filexfer-02, section 7). */
const FAULTS: Readonly<Record<number, RemoteFault>> = { 2: 'missing', 3: 'denied', 6: 'lost', 7: 'lost' };

type Callback<T> = (error: Error | null | undefined, value: T) => void;

const KINDS = new Map<number, RemoteEntry['kind']>([
  [constants.S_IFREG, 'file'],
  [constants.S_IFDIR, 'directory'],
  [constants.S_IFLNK, 'link'],
]);

function entryOf(name: string, { mode, size, mtime, uid, gid }: Stats | FileEntryWithStats['attrs']): RemoteEntry {
  const kind = KINDS.get(mode & constants.S_IFMT) ?? 'other';
  return { name, kind, size, modified: mtime * 1000, permissions: permissionText(mode), owner: String(uid), group: String(gid) };
}

/** SFTP on one SSH connection. */
export class SftpConnection implements RemoteConnection {
  readonly #client: Client;
  readonly #sftp: SFTPWrapper;
  readonly #timeout: number;
  readonly #server: string;
  /** Ends requests that wait for their answer. */
  readonly #waiting = new Set<() => void>();
  #isOpen = true;
  #lost: Error | undefined;
  home = '';

  private constructor(client: Client, sftp: SFTPWrapper, timeout: number, server: string) {
    this.#client = client;
    this.#sftp = sftp;
    this.#timeout = timeout;
    this.#server = server;
    client.on('error', (error) => this.#end(error));
    client.on('close', () => this.#end(undefined));
    sftp.on('close', () => this.#end(undefined));
    sftp.on('error', (error: Error) => this.#end(error));
  }

  /** On a client that has logged in. `timeout`: how long the server may leave a request without an answer, milliseconds. Throws RemoteError. */
  static async open(client: Client, timeout: number, server: string): Promise<SftpConnection> {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      const lost = (): void => reject(new RemoteError('lost', `${server} has closed the connection.`));
      client.once('close', lost);
      client.sftp((error, opened) => {
        client.off('close', lost);
        if (error) reject(new RemoteError('lost', `${server} does not offer SFTP: ${error.message}.`, { cause: error }));
        else resolve(opened);
      });
    });
    const connection = new SftpConnection(client, sftp, timeout, server);
    // Some servers know no home; it is used for relative paths only.
    connection.home = await connection.resolve('.').catch(() => '');
    return connection;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async list(directory: string): Promise<RemoteEntry[]> {
    const found = await this.#ask<FileEntryWithStats[]>(`list ${directory}`, (done) => this.#sftp.readdir(directory, done));
    return found.map(({ filename, attrs }) => entryOf(filename, attrs));
  }

  async find(path: string): Promise<RemoteEntry | undefined> {
    try {
      return entryOf(path.slice(path.lastIndexOf('/') + 1), await this.#ask<Stats>(`look at ${path}`, (done) => this.#sftp.stat(path, done)));
    } catch (thrown) {
      if (thrown instanceof RemoteError && thrown.fault === 'missing') return undefined;
      throw thrown;
    }
  }

  resolve(path: string): Promise<string> {
    return this.#ask<string>(`find ${path}`, (done) => this.#sftp.realpath(path, done));
  }

  async *read(path: string): AsyncGenerator<Uint8Array> {
    const handle = await this.#ask<Buffer>(`read ${path}`, (done) => this.#sftp.open(path, 'r', done));
    const pieces: Promise<Buffer>[] = [];
    let next = 0;
    try {
      while (true) {
        for (; pieces.length < WINDOW; next += PIECE) pieces.push(quiet(this.#piece(handle, next, path)));
        const piece = await pieces.shift()!;
        if (piece.length > 0) yield piece;
        if (piece.length < PIECE) return;
      }
    } finally {
      await Promise.allSettled(pieces);
      await this.#closeFile(handle, path).catch(() => undefined);
    }
  }

  async write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const handle = await this.#ask<Buffer>(`write ${path}`, (done) => this.#sftp.open(path, 'w', done));
    const pieces: Promise<void>[] = [];
    let at = 0;
    try {
      for await (const chunk of content) {
        for (let from = 0; from < chunk.length; from += PIECE) {
          if (pieces.length >= WINDOW) await pieces.shift();
          const piece = Buffer.from(chunk.buffer, chunk.byteOffset + from, Math.min(PIECE, chunk.length - from));
          const position = at;
          pieces.push(quiet(this.#ask<void>(`write ${path}`, (done) => this.#sftp.write(handle, piece, 0, piece.length, position, done as never))));
          at += piece.length;
        }
      }
      await Promise.all(pieces);
    } catch (thrown) {
      await Promise.allSettled(pieces);
      await this.#closeFile(handle, path).catch(() => undefined);
      throw thrown;
    }
    await this.#closeFile(handle, path);
  }

  /** OpenSSH's own renaming leaves no moment without the file; by the protocol's, what is in the way goes first. */
  async rename(from: string, to: string, replaces: boolean): Promise<void> {
    const what = `rename ${from} to ${to}`;
    if (!replaces) return this.#ask(what, (done) => this.#sftp.rename(from, to, done as never));
    try {
      return await this.#ask(what, (done) => this.#sftp.ext_openssh_rename(from, to, done as never));
    } catch (thrown) {
      if (thrown instanceof RemoteError && thrown.fault === 'lost') throw thrown;
    }
    await this.remove(to).catch((thrown: RemoteError) => {
      if (thrown.fault === 'lost') throw thrown;
    });
    return this.#ask(what, (done) => this.#sftp.rename(from, to, done as never));
  }

  remove(path: string): Promise<void> {
    return this.#ask(`remove ${path}`, (done) => this.#sftp.unlink(path, done as never));
  }

  makeDirectory(path: string): Promise<void> {
    return this.#ask(`make the directory ${path}`, (done) => this.#sftp.mkdir(path, done as never));
  }

  async setTraits(path: string, { mode, modified, owner, group }: FileTraits): Promise<void> {
    // The protocol sets times, and owner and group, in pairs only.
    const present = owner === undefined && group === undefined ? undefined : await this.#ask<Stats>(`look at ${path}`, (done) => this.#sftp.stat(path, done));
    const attributes = {
      ...(mode === undefined ? {} : { mode }),
      ...(modified === undefined ? {} : { mtime: modified, atime: modified }),
      ...(present ? { uid: owner ?? present.uid, gid: group ?? present.gid } : {}),
    };
    await this.#ask<void>(`set the attributes of ${path}`, (done) => this.#sftp.setstat(path, attributes, done as never));
  }

  close(): void {
    this.#end(undefined);
  }

  /** All of a piece but at the end of the file: servers may answer with less than they were asked for. */
  async #piece(handle: Buffer, from: number, path: string): Promise<Buffer> {
    const piece = Buffer.allocUnsafe(PIECE);
    for (let length = 0; ; ) {
      const start = length;
      const read = await this.#ask<number>(`read ${path}`, (done) => this.#sftp.read(handle, piece, start, PIECE - start, from + start, done));
      length += read;
      if (read === 0 || length === PIECE) return piece.subarray(0, length);
    }
  }

  #closeFile(handle: Buffer, path: string): Promise<void> {
    return this.#ask(`close ${path}`, (done) => this.#sftp.close(handle, done as never));
  }

  #ask<T>(what: string, send: (done: Callback<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen) return reject(this.#error(what, this.#lost ?? new Error('the connection is closed')));
      // Not every request is answered when a connection breaks: each is ended with it.
      const lose = (): void => {
        this.#waiting.delete(lose);
        clearTimeout(timer);
        reject(this.#error(what, this.#lost ?? new Error('the connection was closed')));
      };
      const timer = setTimeout(() => this.#end(new Error(`no answer within ${this.#timeout} ms (Data Timeout)`)), this.#timeout);
      this.#waiting.add(lose);
      const settle = (): void => {
        this.#waiting.delete(lose);
        clearTimeout(timer);
      };
      try {
        send((error, value) => {
          settle();
          if (error) reject(this.#error(what, error));
          else resolve(value);
        });
      } catch (thrown) {
        settle();
        reject(new RemoteError('refused', `${this.#server} cannot ${what}: ${messageOf(thrown)}`, { cause: thrown }));
      }
    });
  }

  #error(what: string, cause: Error): RemoteError {
    const { code } = cause as { code?: unknown };
    const fault = typeof code === 'number' ? (FAULTS[code] ?? 'refused') : 'lost';
    return new RemoteError(fault, `${this.#server} cannot ${what}: ${fault === 'lost' ? (this.#lost ?? cause).message : cause.message}`, { cause });
  }

  /** Nothing more comes. */
  #end(error: Error | undefined): void {
    this.#isOpen = false;
    this.#lost ??= error;
    this.#client.destroy();
    for (const lose of [...this.#waiting]) lose();
  }
}

/** A promise that somebody looks at later: until then its failure is no surprise. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
