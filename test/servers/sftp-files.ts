import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rmdir, stat, unlink, utimes, chmod, chown } from 'node:fs/promises';
import path from 'node:path';
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2';

const { OPEN_MODE, STATUS_CODE, flagsToString } = ssh2.utils.sftp;

/** What goes wrong on purpose. */
export interface SftpFaults {
  /** The connection is cut once so many bytes of content were moved. */
  cutAfter?: number;
  /** Names that every listing of a directory holds besides those that are there. */
  extraNames?: readonly string[];
  /** Paths on the server that nobody may touch. */
  denied?: readonly string[];
  /** Paths that may not be written, though they may be removed. */
  readOnly?: readonly string[];
  /** Requests for content are never answered. */
  isSilent?: boolean;
}

/** SFTP's answers to errors of the file system. */
const STATUS: Readonly<Record<string, number>> = { ENOENT: STATUS_CODE.NO_SUCH_FILE, EACCES: STATUS_CODE.PERMISSION_DENIED, EPERM: STATUS_CODE.PERMISSION_DENIED };

type Open = { readonly file: FileHandle } | { names: string[] | undefined; readonly directory: string };

const attributes = ({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes => ({
  mode,
  uid,
  gid,
  size,
  atime: Math.floor(atimeMs / 1000),
  mtime: Math.floor(mtimeMs / 1000),
});

/** One SFTP session on a directory, which is the root of what the client sees. */
export class SftpFiles {
  readonly #root: string;
  readonly #sftp: SFTPWrapper;
  readonly #faults: SftpFaults;
  readonly #cut: () => void;
  readonly #handles = new Map<number, Open>();
  #next = 0;
  #moved = 0;

  constructor(root: string, sftp: SFTPWrapper, faults: SftpFaults, cut: () => void) {
    this.#root = root;
    this.#sftp = sftp;
    this.#faults = faults;
    this.#cut = cut;
    this.#serveFiles();
    this.#serveContent();
    this.#servePaths();
  }

  async close(): Promise<void> {
    for (const handle of this.#handles.values()) if ('file' in handle) await handle.file.close().catch(() => undefined);
  }

  #at(name: string): string {
    const inside = path.posix.resolve('/', name);
    if (this.#faults.denied?.includes(inside)) throw Object.assign(new Error('denied'), { code: 'EACCES' });
    return path.join(this.#root, inside);
  }

  /** Answers a request; what throws becomes its status. */
  #answer(id: number, work: () => Promise<void>): void {
    work().catch((thrown: NodeJS.ErrnoException) => this.#sftp.status(id, STATUS[thrown.code ?? ''] ?? STATUS_CODE.FAILURE));
  }

  #ok(id: number, work: () => Promise<unknown>): void {
    this.#answer(id, async () => {
      await work();
      this.#sftp.status(id, STATUS_CODE.OK);
    });
  }

  #remember(open: Open): Buffer {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.#next);
    this.#handles.set(this.#next++, open);
    return handle;
  }

  #file(handle: Buffer): FileHandle {
    const open = this.#handles.get(handle.readUInt32BE());
    if (!open || !('file' in open)) throw new Error('no such handle');
    return open.file;
  }

  #serveFiles(): void {
    const { OPEN, CLOSE, OPENDIR, READDIR } = { OPEN: 'OPEN', CLOSE: 'CLOSE', OPENDIR: 'OPENDIR', READDIR: 'READDIR' } as const;
    this.#sftp.on(OPEN, (id, name, flags) =>
      this.#answer(id, async () => {
        const mode = flags & OPEN_MODE.WRITE ? (flagsToString(flags) ?? 'w') : 'r';
        if (mode !== 'r' && this.#faults.readOnly?.includes(path.posix.resolve('/', name))) throw Object.assign(new Error('read only'), { code: 'EACCES' });
        const file = await open(this.#at(name), mode);
        if (mode === 'r' && (await file.stat()).isDirectory()) throw new Error('a directory');
        this.#sftp.handle(id, this.#remember({ file }));
      }),
    );
    this.#sftp.on(CLOSE, (id, handle) =>
      this.#ok(id, async () => {
        const number = handle.readUInt32BE();
        const open = this.#handles.get(number);
        this.#handles.delete(number);
        if (open && 'file' in open) await open.file.close();
      }),
    );
    this.#sftp.on(OPENDIR, (id, name) =>
      this.#answer(id, async () => {
        const directory = this.#at(name);
        this.#sftp.handle(id, this.#remember({ names: await readdir(directory), directory }));
      }),
    );
    this.#sftp.on(READDIR, (id, handle) => this.#answer(id, () => this.#readDirectory(id, handle)));
  }

  async #readDirectory(id: number, handle: Buffer): Promise<void> {
    const open = this.#handles.get(handle.readUInt32BE());
    if (!open || 'file' in open) throw new Error('no such handle');
    if (!open.names) return void this.#sftp.status(id, STATUS_CODE.EOF);
    const names = open.names;
    open.names = undefined;
    const extra = this.#faults.extraNames ?? [];
    const own = await lstat(open.directory);
    const found = await Promise.all(names.map(async (filename) => ({ filename, longname: filename, attrs: attributes(await lstat(path.join(open.directory, filename))) })));
    const regular = { ...attributes(own), mode: constants.S_IFREG | 0o644, size: 1 };
    this.#sftp.name(id, [...found, ...extra.map((filename) => ({ filename, longname: filename, attrs: regular }))]);
  }

  #serveContent(): void {
    this.#sftp.on('READ', (id, handle, offset, length) =>
      this.#answer(id, async () => {
        const { bytesRead, buffer } = await this.#file(handle).read(Buffer.alloc(length), 0, length, offset);
        if (this.#isCut(bytesRead)) return;
        if (bytesRead === 0) this.#sftp.status(id, STATUS_CODE.EOF);
        else this.#sftp.data(id, buffer.subarray(0, bytesRead));
      }),
    );
    this.#sftp.on('WRITE', (id, handle, offset, data) =>
      this.#answer(id, async () => {
        await this.#file(handle).write(data, 0, data.length, offset);
        if (!this.#isCut(data.length)) this.#sftp.status(id, STATUS_CODE.OK);
      }),
    );
  }

  #isCut(bytes: number): boolean {
    this.#moved += bytes;
    if (this.#faults.isSilent) return true;
    if (this.#moved < (this.#faults.cutAfter ?? Number.POSITIVE_INFINITY)) return false;
    this.#cut();
    return true;
  }

  #servePaths(): void {
    const look = (id: number, name: string, how: typeof stat): void => this.#answer(id, async () => void this.#sftp.attrs(id, attributes(await how(this.#at(name)))));
    this.#sftp.on('STAT', (id, name) => look(id, name, stat));
    this.#sftp.on('LSTAT', (id, name) => look(id, name, lstat));
    this.#sftp.on('REMOVE', (id, name) => this.#ok(id, () => unlink(this.#at(name))));
    this.#sftp.on('RMDIR', (id, name) => this.#ok(id, () => rmdir(this.#at(name))));
    this.#sftp.on('MKDIR', (id, name) => this.#ok(id, () => mkdir(this.#at(name))));
    this.#sftp.on('SETSTAT', (id, name, traits) => this.#ok(id, () => this.#set(name, traits)));
    this.#sftp.on('RENAME', (id, from, to) =>
      this.#ok(id, async () => {
        // The protocol's own renaming does not write over a file.
        const isTaken = await lstat(this.#at(to)).then(Boolean, () => false);
        if (isTaken) throw new Error('taken');
        await rename(this.#at(from), this.#at(to));
      }),
    );
    this.#sftp.on('REALPATH', (id, name) =>
      this.#answer(id, async () => {
        const real = await realpath(this.#at(name));
        const filename = `/${path.relative(this.#root, real)}`;
        this.#sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
      }),
    );
  }

  async #set(name: string, { mode, mtime, atime, uid, gid }: Partial<Attributes>): Promise<void> {
    const file = this.#at(name);
    if (mode !== undefined) await chmod(file, mode);
    if (mtime !== undefined) await utimes(file, atime ?? mtime, mtime);
    if (uid !== undefined) await chown(file, uid, gid!);
  }
}
