import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import ssh2, { type Algorithms } from 'ssh2';
import type { ComponentContext } from '../../server/extension/component.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import { type FileImport, type ImportEndpoint, type RowOutcome, UserProblem } from '../../server/extension/file-imports.ts';
import { PATIENCE, WaitingTasks } from '../../server/extension/waiting-tasks.ts';
import { Acceptance } from './acceptance.ts';
import { type HostKey, hostKeysIn } from './host-keys.ts';
import { ImportFiles } from './import-files.ts';
import { ImportStore } from './import-store.ts';
import type { properties } from './server-properties.ts';
import { SshConnections } from './ssh-connections.ts';
import { UploadUsers } from './upload-users.ts';
import { UserFolder } from './user-folder.ts';

/** How often what is kept no longer is looked for. */
const TIDY_MILLIS = 600_000;
/** Nothing with SHA-1 or CBC. */
const ALGORITHMS: Algorithms = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521', 'diffie-hellman-group16-sha512'],
  cipher: ['chacha20-poly1305@openssh.com', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};

type Context = ComponentContext<typeof properties>;

/** An SSH server that does nothing but SFTP, and the imports that come of it. */
export class SftpEndpoint extends UploadUsers implements ImportEndpoint {
  readonly hostKeys: readonly HostKey[];
  readonly #context: Context;
  readonly #files: ImportFiles;
  readonly #acceptance: Acceptance;
  readonly #connections: SshConnections;
  readonly #waiting = new WaitingTasks();
  readonly #server: InstanceType<typeof ssh2.Server>;
  readonly #tidying: NodeJS.Timeout;

  private constructor(context: Context, folder: string, hostKeys: readonly HostKey[]) {
    super(new ImportStore(path.join(folder, 'imports.db')), folder);
    this.#context = context;
    this.hostKeys = hostKeys;
    this.#files = new ImportFiles(folder);
    const { properties: values, log, now } = context;
    this.#acceptance = new Acceptance(
      {
        settle: values.settle,
        unfinishedNames: values.unfinishedNames,
        allowsDuplicates: values.duplicates === 'import',
        folderOf: (user) => this.folderOf(user),
        isOpen: (real) => this.#connections.isOpen(real),
        onAccepted: (file) => this.#accepted(file),
        now,
        log,
      },
      this.store,
      this.#files,
    );
    this.#connections = new SshConnections(context, this, this.#acceptance);
    this.#server = new ssh2.Server({ hostKeys: hostKeys.map(({ privateKey }) => privateKey), algorithms: ALGORITHMS, ident: 'Millrace' }, (connection, info) =>
      this.#connections.serve(connection, info.ip),
    );
    this.#server.maxConnections = values.connections;
    this.#tidying = setInterval(() => this.#tidy(), TIDY_MILLIS).unref();
  }

  /** Throws ProcessError where the port cannot be had. */
  static async open(context: Context): Promise<SftpEndpoint> {
    const folder = path.join(context.dataDirectory, 'sftp', context.id);
    mkdirSync(path.join(folder, 'users'), { recursive: true, mode: 0o700 });
    const endpoint = new SftpEndpoint(context, folder, await hostKeysIn(folder));
    try {
      await endpoint.#acceptance.resume(endpoint.users().map(({ name }) => name));
      endpoint.#tidy();
      await endpoint.#listen();
    } catch (thrown) {
      await endpoint.close();
      throw thrown;
    }
    return endpoint;
  }

  get address(): { host: string; port: number } {
    const { port } = this.#server.address() as AddressInfo;
    return { host: this.#context.properties.host ?? '', port };
  }

  get connections(): number {
    return this.#connections.count;
  }

  async close(): Promise<void> {
    clearInterval(this.#tidying);
    this.#acceptance.close();
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()));
    await this.#connections.close();
    await closed;
    this.store.close();
  }

  // ---- imports

  async imports(limit: number): Promise<FileImport[]> {
    const unfinished: FileImport[] = [];
    for (const { name } of this.users()) {
      const folder = UserFolder.open(this.folderOf(name));
      for await (const { inside, stats, isFinished } of folder.files()) {
        const message = isFinished
          ? this.#acceptance.isUnfinishedName(inside)
            ? 'Its name says that it is not whole yet'
            : 'It was received just now'
          : this.#whyUnfinished(folder, inside);
        const told = { id: `unfinished:${name}:${inside}`, user: name, file: inside, bytes: stats.size, receivedAt: stats.mtimeMs, processed: 0, rejected: 0, message };
        unfinished.push({ ...told, status: 'unfinished' });
      }
    }
    return [...unfinished, ...this.store.latest(limit)].sort((a, b) => b.receivedAt - a.receivedAt).slice(0, limit);
  }

  #whyUnfinished(folder: UserFolder, inside: string): string {
    return this.#connections.isOpen(path.join(folder.root, inside)) ? 'It is being uploaded' : 'The upload was broken off: it can be resumed, or sent again';
  }

  import(id: string): FileImport | undefined {
    return this.store.find(id);
  }

  importAgain(id: string): FileImport {
    const earlier = this.#known(id);
    if (earlier.status === 'waiting') throw new UserProblem('conflict', `${earlier.file} waits to be imported already.`);
    if (!this.#files.has(id)) throw new UserProblem('conflict', `The content of ${earlier.file} is kept no longer (Keep Files). Upload it again.`);
    const again = this.store.accept({ user: earlier.user, file: earlier.file, bytes: earlier.bytes, sha256: earlier.sha256!, receivedAt: this.#context.now() });
    this.#files.share(again, id);
    const file = this.store.settle(again, true);
    this.#accepted(file);
    return file;
  }

  rejectedRows(id: string): Readable {
    this.#known(id);
    return this.#files.rejected(id, this.store.columns(id));
  }

  next(accepts: (file: FileImport) => boolean): FileImport | undefined {
    return this.store.waiting().find(accepts);
  }

  isWaiting(id: string): boolean {
    return this.store.find(id)?.status === 'waiting';
  }

  content(id: string): Readable {
    return this.#files.read(id);
  }

  confirm(ids: readonly string[]): void {
    // A service that was disabled meanwhile is told by the next session.
    if (this.store.isOpen) this.store.confirm(ids);
  }

  wait(signal: AbortSignal): Promise<void> {
    return this.#waiting.wait(signal, PATIENCE);
  }

  begin(id: string, columns: readonly string[], total: number): void {
    this.#expected(id);
    this.store.begin(id, columns, total);
  }

  record(id: string, { portion, rows, rejected }: RowOutcome): void {
    this.#expected(id);
    if (rejected.length > 0) this.#files.reject(id, portion, rejected);
    this.store.record(id, portion, rows - rejected.length, rejected.length);
  }

  fail(id: string, message: string): void {
    this.#expected(id);
    this.store.fail(id, message);
  }

  protected override disconnect(user: string): void {
    this.#connections.disconnect(user);
  }

  #known(id: string): FileImport {
    const found = this.store.find(id);
    if (!found) throw new UserProblem('missing', 'There is no such import.');
    return found;
  }

  #expected(id: string): void {
    if (!this.store.find(id)) throw new ProcessError(`The import '${id}' is not one of this SFTP server: let the FlowFiles come from ReceiveSFTP with the same server.`);
  }

  #accepted(file: FileImport): void {
    this.#context.audit(file.status === 'duplicate' ? 'sftp-duplicate' : 'sftp-import', {
      user: file.user,
      file: file.file,
      bytes: file.bytes,
      sha256: file.sha256,
      import: file.id,
    });
    if (file.status === 'duplicate') this.#context.log.warn(`${file.file} of ${file.user} was not imported: the same content was received before.`);
    else this.#waiting.wakeOne();
  }

  #tidy(): void {
    for (const id of this.store.outdated(this.#context.now() - this.#context.properties.keep)) this.#files.remove(id);
  }

  async #listen(): Promise<void> {
    const { port, host } = this.#context.properties;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: Error) =>
        reject(new ProcessError(`Port ${port} cannot be opened: ${cause.message}. Choose another port, or stop who uses it.`, { cause })),
      );
      this.#server.listen(port, host, () => resolve());
    });
  }
}
