import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';
import { messageOf } from '../../server/extension/errors.ts';
import { type Answer, Refused } from './refused.ts';
import { Upload, type UploadRules } from './upload.ts';
import type { UserFolder } from './user-folder.ts';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

const ANSWERS: Readonly<Record<Answer, number>> = {
  failure: STATUS_CODE.FAILURE,
  denied: STATUS_CODE.PERMISSION_DENIED,
  missing: STATUS_CODE.NO_SUCH_FILE,
  unsupported: STATUS_CODE.OP_UNSUPPORTED,
};
const CODES: Readonly<Record<string, number>> = {
  ENOENT: STATUS_CODE.NO_SUCH_FILE,
  ENOTDIR: STATUS_CODE.NO_SUCH_FILE,
  EACCES: STATUS_CODE.PERMISSION_DENIED,
  ELOOP: STATUS_CODE.PERMISSION_DENIED,
};
/** Open at a time in one session. */
const MOST_HANDLES = 64;
const MOST_READ = 256 * 1024;
/** Entries of a folder that go into one answer. */
const AT_ONCE = 100;

type Open =
  | { readonly kind: 'upload'; readonly upload: Upload }
  | { readonly kind: 'reading'; readonly file: FileHandle }
  | { readonly kind: 'folder'; entries: FileEntry[]; readonly inside: string };

/** What a session asks of the endpoint. */
export interface SessionHost {
  readonly folder: UserFolder;
  readonly uploads: UploadRules;
  /** Nobody else may write the file meanwhile. Throws Refused. */
  opened(real: string): void;
  closed(real: string): void;
  isOpen(real: string): boolean;
  /** Called before a file is made or grows: adds up what the user has. Throws Refused. */
  measure(): Promise<void>;
  /** A file is whole, or has another name. */
  touched(inside: string): void;
  audit(event: string, details: Readonly<Record<string, unknown>>): void;
}

/** What an owner sees: modes on the disk are marks of ours. */
function attributes(stats: Stats): Attributes {
  const mode = stats.isDirectory() ? 0o40700 : 0o100600;
  return { mode, uid: 0, gid: 0, size: stats.size, atime: Math.floor(stats.atimeMs / 1000), mtime: Math.floor(stats.mtimeMs / 1000) };
}

function longName(name: string, stats: Stats): string {
  const when = stats.mtime.toISOString().slice(0, 16).replace('T', ' ');
  return `${stats.isDirectory() ? 'drwx------' : '-rw-------'} 1 user user ${String(stats.size).padStart(12)} ${when} ${name}`;
}

/** A client that sends no more waits for the channel to be closed, and OpenSSH's scp for the exit status of what it takes for a program (RFC 4254, 6.10). */
function leave(sftp: SFTPWrapper): void {
  const { _protocol, outgoing } = sftp as unknown as { _protocol: { exitStatus(channel: number, status: number): void }; outgoing: { id: number } };
  _protocol.exitStatus(outgoing.id, 0);
  sftp.end();
}

/** One SFTP session (draft-ietf-secsh-filexfer-02, version 3 of the protocol) of a user in their folder. */
export class SftpSession {
  readonly #sftp: SFTPWrapper;
  readonly #host: SessionHost;
  readonly #handles = new Map<number, Open>();
  #next = 0;

  constructor(sftp: SFTPWrapper, host: SessionHost) {
    this.#sftp = sftp;
    this.#host = host;
    sftp.on('error', () => undefined);
    sftp.on('end', () => leave(sftp));
    this.#serveHandles();
    this.#serveContent();
    this.#servePaths();
    this.#serveChanges();
  }

  /** The connection is gone: what was being uploaded stays unfinished. */
  async end(): Promise<void> {
    for (const open of this.#handles.values()) {
      if (open.kind === 'reading') await open.file.close().catch(() => undefined);
      if (open.kind !== 'upload') continue;
      await open.upload.abort();
      this.#host.closed(open.upload.real);
      this.#host.audit('sftp-upload-broken-off', { file: open.upload.inside, bytes: open.upload.size });
    }
    this.#handles.clear();
  }

  /** Answers a request; what throws becomes its status. */
  #answer(id: number, work: () => Promise<void>): void {
    work().catch((thrown: unknown) => {
      if (thrown instanceof Refused && thrown.isNoted) this.#host.audit('sftp-refused', { reason: thrown.message });
      const code = (thrown as NodeJS.ErrnoException).code ?? '';
      const status = thrown instanceof Refused ? ANSWERS[thrown.answer] : (CODES[code] ?? STATUS_CODE.FAILURE);
      // What the system says has paths of this machine in it.
      this.#sftp.status(id, status, thrown instanceof Refused ? messageOf(thrown) : undefined);
    });
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

  #find<K extends Open['kind']>(handle: Buffer, ...kinds: K[]): Extract<Open, { kind: K }> {
    const open = handle.length === 4 ? this.#handles.get(handle.readUInt32BE()) : undefined;
    if (!open || !(kinds as string[]).includes(open.kind)) throw new Refused('there is no such handle', 'failure');
    return open as Extract<Open, { kind: K }>;
  }

  #serveHandles(): void {
    this.#sftp.on('OPEN', (id, name, flags) => this.#answer(id, async () => void this.#sftp.handle(id, await this.#open(name, flags))));
    this.#sftp.on('OPENDIR', (id, name) =>
      this.#answer(id, async () => {
        this.#checkHandles();
        const found = await this.#host.folder.list(name);
        const entries = found.map(({ inside, stats }) => ({ filename: inside, longname: longName(inside, stats), attrs: attributes(stats) }));
        this.#sftp.handle(id, this.#remember({ kind: 'folder', entries, inside: name }));
      }),
    );
    this.#sftp.on('READDIR', (id, handle) =>
      this.#answer(id, async () => {
        const part = this.#find(handle, 'folder').entries.splice(0, AT_ONCE);
        if (part.length > 0) this.#sftp.name(id, part);
        else this.#sftp.status(id, STATUS_CODE.EOF);
      }),
    );
    this.#sftp.on('CLOSE', (id, handle) => this.#ok(id, () => this.#close(handle)));
  }

  #checkHandles(): void {
    if (this.#handles.size >= MOST_HANDLES) throw new Refused(`more than ${MOST_HANDLES} files are open`, 'failure', { isNoted: true });
  }

  async #open(name: string, flags: number): Promise<Buffer> {
    this.#checkHandles();
    const { folder, uploads } = this.#host;
    if ((flags & (OPEN_MODE.WRITE | OPEN_MODE.APPEND)) === 0) return this.#remember({ kind: 'reading', file: (await folder.openForReading(name)).file });
    const real = await folder.locate(name);
    this.#host.opened(real);
    try {
      const has = (flag: number): boolean => (flags & flag) !== 0;
      const { file } = await folder.openForWriting(name, { exclusive: has(OPEN_MODE.EXCL), truncate: has(OPEN_MODE.TRUNC), create: has(OPEN_MODE.CREAT) });
      try {
        await this.#host.measure();
        const { size } = await file.stat();
        return this.#remember({ kind: 'upload', upload: new Upload({ real, file, size }, folder.inside(name), has(OPEN_MODE.APPEND), uploads) });
      } catch (thrown) {
        await file.close();
        throw thrown;
      }
    } catch (thrown) {
      this.#host.closed(real);
      throw thrown;
    }
  }

  async #close(handle: Buffer): Promise<void> {
    const open = this.#find(handle, 'upload', 'reading', 'folder');
    this.#handles.delete(handle.readUInt32BE());
    if (open.kind === 'reading') return open.file.close();
    if (open.kind === 'folder') return;
    const { upload } = open;
    try {
      await upload.finish();
    } catch (thrown) {
      this.#host.audit('sftp-upload-refused', { file: upload.inside, bytes: upload.size, reason: thrown instanceof Refused ? thrown.message : 'it cannot be written' });
      throw thrown;
    } finally {
      this.#host.closed(upload.real);
    }
    this.#host.audit('sftp-upload', { file: upload.inside, bytes: upload.size });
    this.#host.touched(upload.inside);
  }

  #serveContent(): void {
    this.#sftp.on('READ', (id, handle, offset, length) =>
      this.#answer(id, async () => {
        const open = this.#find(handle, 'reading', 'upload');
        const file = open.kind === 'reading' ? open.file : open.upload.file;
        const wanted = Math.min(length, MOST_READ);
        await this.#host.uploads.slowDown(wanted);
        const { bytesRead, buffer } = await file.read(Buffer.alloc(wanted), 0, wanted, offset);
        if (bytesRead === 0) this.#sftp.status(id, STATUS_CODE.EOF);
        else this.#sftp.data(id, buffer.subarray(0, bytesRead));
      }),
    );
    this.#sftp.on('WRITE', (id, handle, offset, data) => this.#ok(id, async () => this.#find(handle, 'upload').upload.write(offset, data)));
    this.#sftp.on('FSTAT', (id, handle) =>
      this.#answer(id, async () => {
        const open = this.#find(handle, 'reading', 'upload');
        this.#sftp.attrs(id, attributes(await (open.kind === 'reading' ? open.file : open.upload.file).stat()));
      }),
    );
    this.#sftp.on('FSETSTAT', (id, handle, wanted) =>
      this.#ok(id, async () => {
        const { upload } = this.#find(handle, 'upload');
        if (wanted.size !== undefined) await upload.truncate(wanted.size);
      }),
    );
  }

  #servePaths(): void {
    const { folder } = this.#host;
    const look = (id: number, name: string): void => this.#answer(id, async () => void this.#sftp.attrs(id, attributes(await folder.stat(name))));
    this.#sftp.on('STAT', look);
    this.#sftp.on('LSTAT', look);
    this.#sftp.on('REALPATH', (id, name) =>
      this.#answer(id, async () => {
        const filename = folder.inside(name);
        this.#sftp.name(id, [{ filename, longname: filename, attrs: {} as Attributes }]);
      }),
    );
    // Modes, owners and times are not kept: the first is a mark of ours, and the time of an upload is when it came.
    this.#sftp.on('SETSTAT', (id, name, wanted) =>
      this.#ok(id, async () => {
        await folder.stat(name);
        if (wanted.size !== undefined) throw new Refused('a file is cut off where it is written only', 'unsupported');
      }),
    );
    const never = (what: string) => (id: number) => this.#answer(id, () => Promise.reject(new Refused(what, 'denied')));
    this.#sftp.on('SYMLINK', never('a symbolic link'));
    this.#sftp.on('READLINK', never('a symbolic link'));
  }

  #serveChanges(): void {
    const { folder } = this.#host;
    const unused = async (name: string): Promise<void> => {
      if (this.#host.isOpen(await folder.locate(name))) throw new Refused(`'${name}' is being written`, 'failure');
    };
    this.#sftp.on('REMOVE', (id, name) =>
      this.#ok(id, async () => {
        await unused(name);
        await folder.remove(name);
        this.#host.audit('sftp-removed', { file: folder.inside(name) });
      }),
    );
    this.#sftp.on('RENAME', (id, from, to) =>
      this.#ok(id, async () => {
        await unused(from);
        await folder.rename(from, to);
        this.#host.audit('sftp-renamed', { file: folder.inside(from), to: folder.inside(to) });
        this.#host.touched(folder.inside(to));
      }),
    );
    this.#sftp.on('MKDIR', (id, name) =>
      this.#ok(id, async () => {
        await this.#host.measure();
        await folder.makeFolder(name);
      }),
    );
    this.#sftp.on('RMDIR', (id, name) => this.#ok(id, () => folder.removeFolder(name)));
  }
}
