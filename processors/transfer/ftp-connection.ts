import { PassThrough, Readable } from 'node:stream';
import type { Client, FileInfo, FTPError } from 'basic-ftp';
import { directoryOf, type FileTraits, joined, nameOf, type RemoteConnection, type RemoteEntry, RemoteError, type RemoteFault } from './remote-files.ts';

/** What servers say of a file that is not there; they have one status for this and for a file that may not be read. */
const MISSING = /no such|not exist|not found|cannot find/i;
const KINDS: readonly RemoteEntry['kind'][] = ['other', 'file', 'directory', 'link'];

function faultOf({ code, message }: FTPError): RemoteFault {
  if (code === 550 || code === 450) return MISSING.test(message) ? 'missing' : 'denied';
  if (code === 530 || code === 532) return 'denied';
  return code === 421 ? 'lost' : 'refused';
}

/** FTP on one control connection. */
export class FtpConnection implements RemoteConnection {
  readonly #client: Client;
  readonly #server: string;
  readonly #isUtf8: boolean;
  home = '/';

  private constructor(client: Client, server: string, isUtf8: boolean) {
    this.#client = client;
    this.#server = server;
    this.#isUtf8 = isUtf8;
  }

  /** On a client that has logged in. Throws RemoteError. */
  static async open(client: Client, server: string, isUtf8: boolean): Promise<FtpConnection> {
    const connection = new FtpConnection(client, server, isUtf8);
    connection.home = await connection.#ask('tell its directory', [], () => client.pwd());
    return connection;
  }

  get isOpen(): boolean {
    return !this.#client.closed;
  }

  async list(directory: string): Promise<RemoteEntry[]> {
    const found = await this.#ask(`list ${directory}`, [directory], () => this.#client.list(directory));
    const entries: RemoteEntry[] = [];
    for (const info of found) entries.push(await this.#entry(directory, info));
    // Of a directory that is not there some servers list nothing at all.
    if (entries.length === 0) await this.#ask(`list ${directory}`, [directory], () => this.#client.cd(directory)).finally(() => this.#goHome());
    return entries;
  }

  async find(path: string): Promise<RemoteEntry | undefined> {
    const name = nameOf(path);
    try {
      const listed = (await this.list(directoryOf(path) || '.')).find((entry) => entry.name === name);
      return listed?.kind === 'link' ? await this.#target(path, listed) : listed;
    } catch (thrown) {
      // Of a directory that is not there some servers say no more than that it cannot be entered.
      if (thrown instanceof RemoteError && thrown.fault !== 'lost') return undefined;
      throw thrown;
    }
  }

  /** FTP does not say where links lead; most servers tell the directory that one is in. */
  async resolve(path: string): Promise<string> {
    try {
      await this.#ask(`enter ${path}`, [path], () => this.#client.cd(path));
      return await this.#ask('tell its directory', [], () => this.#client.pwd());
    } finally {
      await this.#goHome();
    }
  }

  async *read(path: string): AsyncGenerator<Uint8Array> {
    const through = new PassThrough();
    const done = this.#ask(`read ${path}`, [path], () => this.#client.downloadTo(through, path));
    let isDone = false;
    const settle = (thrown?: Error): void => {
      isDone = true;
      if (thrown) through.destroy(thrown);
    };
    done.then(() => settle(), settle);
    try {
      for await (const piece of through) yield piece as Uint8Array;
      // Only the server's last word says that this was all.
      await done;
    } catch (thrown) {
      throw (await this.#isMissing(path, thrown as RemoteError)) ? new RemoteError('missing', `${(thrown as Error).message} (there is no such file)`, { cause: thrown }) : thrown;
    } finally {
      // Who stops reading leaves the rest of the file on the line.
      if (!isDone) this.close();
    }
  }

  /** Some servers do not say why they do not open a file. */
  async #isMissing(path: string, thrown: unknown): Promise<boolean> {
    return thrown instanceof RemoteError && thrown.fault === 'denied' && (await this.find(path)) === undefined;
  }

  async write(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#ask(`write ${path}`, [path], () => this.#client.uploadFrom(Readable.from(content, { objectMode: false }), path));
  }

  async rename(from: string, to: string, replaces: boolean): Promise<void> {
    if (replaces) {
      await this.remove(to).catch((thrown: RemoteError) => {
        if (thrown.fault === 'lost') throw thrown;
      });
    }
    await this.#ask(`rename ${from} to ${to}`, [from, to], () => this.#client.rename(from, to));
  }

  async remove(path: string): Promise<void> {
    await this.#ask(`remove ${path}`, [path], () => this.#client.remove(path));
  }

  async makeDirectory(path: string): Promise<void> {
    await this.#ask(`make the directory ${path}`, [path], () => this.#client.send(`MKD ${path}`));
  }

  /** By commands that not every server knows. */
  async setTraits(path: string, { mode, modified }: FileTraits): Promise<void> {
    if (modified !== undefined) await this.command(`MFMT ${new Date(modified * 1000).toISOString().replace(/\.\d+Z|\D/g, '')} ${path}`);
    if (mode !== undefined) await this.command(`SITE CHMOD ${mode.toString(8)} ${path}`);
  }

  /** Sends a command as it stands. */
  async command(text: string): Promise<void> {
    await this.#ask(`do ${text.split(' ')[0]}`, [text], () => this.#client.send(text));
  }

  close(): void {
    this.#client.close();
  }

  async #entry(directory: string, { name, type, size, modifiedAt, permissions, user, group }: FileInfo): Promise<RemoteEntry> {
    const kind = KINDS[type] ?? 'other';
    const mode = permissions && permissions.user * 64 + permissions.group * 8 + permissions.world;
    return {
      name,
      kind,
      size,
      modified: modifiedAt?.getTime() ?? (kind === 'file' ? await this.#lastModified(joined(directory, name)) : 0),
      permissions: mode === undefined ? undefined : [...'rwxrwxrwx'].map((letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join(''),
      owner: user,
      group,
    };
  }

  /** Older servers list times without year and zone; asked for one file, they tell it exactly. */
  async #lastModified(path: string): Promise<number> {
    const time = await this.#ask(`tell the time of ${path}`, [path], () => this.#client.lastMod(path)).catch((thrown: RemoteError) => {
      if (thrown.fault === 'lost') throw thrown;
      return undefined;
    });
    return time?.getTime() ?? 0;
  }

  async #target(path: string, link: RemoteEntry): Promise<RemoteEntry> {
    const isDirectory = await this.resolve(path).then(
      () => true,
      (thrown: RemoteError) => {
        if (thrown.fault === 'lost') throw thrown;
        return false;
      },
    );
    if (isDirectory) return { ...link, kind: 'directory' };
    const size = await this.#ask(`tell the size of ${path}`, [path], () => this.#client.size(path));
    return { ...link, kind: 'file', size, modified: await this.#lastModified(path) };
  }

  async #goHome(): Promise<void> {
    if (this.isOpen) await this.#ask('go back', [], () => this.#client.cd(this.home));
  }

  /** `texts` become part of a command: what the character set cannot say, or would end the command, is refused. */
  async #ask<T>(what: string, texts: readonly string[], work: () => Promise<T>): Promise<T> {
    const wrong = texts.find((text) => /[\r\n\0]/.test(text) || (!this.#isUtf8 && /[^\0-\xff]/.test(text)));
    if (wrong !== undefined) {
      const remedy = /[\r\n\0]/.test(wrong) ? 'FTP has no way to name it' : 'Use UTF-8 Encoding must be true for such characters';
      throw new RemoteError('refused', `${this.#server} cannot ${JSON.stringify(what)}: ${remedy}.`);
    }
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof RemoteError) throw cause;
      const { code, message } = cause as FTPError;
      // Only what the server has answered leaves the connection as it was.
      const fault = typeof code === 'number' && this.isOpen ? faultOf(cause as FTPError) : 'lost';
      if (fault === 'lost') this.close();
      throw new RemoteError(fault, `${this.#server} cannot ${what}: ${message}`, { cause });
    }
  }
}
