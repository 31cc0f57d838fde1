import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import type { ImportEndpoint } from '../../../server/extension/file-imports.ts';
import type { ProcessorNode } from '../../../server/engine/processor-node.ts';
import { type Millrace, openMillrace } from '../../../server/millrace.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const run = promisify(execFile);
const PATIENCE_MILLIS = 90_000;

/** Why the tests with OpenSSH's clients are skipped; false where they run. */
export const withoutClients: string | false = existsSync('/usr/bin/sftp') ? false : 'openssh-client is not installed: bash test/setup does it, as root';

/** A data directory with an SFTPServer and a ReceiveSFTP, in this process, and OpenSSH's own clients before it. */
export class SftpRig {
  readonly directory = temporaryDirectory();
  readonly audit: Record<string, unknown>[] = [];
  #millrace!: Millrace;
  #serviceId = '';
  receive!: ProcessorNode;

  private constructor() {}

  static async start(properties: Record<string, string> = {}): Promise<SftpRig> {
    const rig = new SftpRig();
    mkdirSync(rig.directory, { recursive: true });
    await rig.open();
    const { flow } = rig.#millrace;
    const service = flow.createService(
      flow.root,
      { version: 0 },
      { type: 'dev.millrace.sftp.SFTPServer', properties: { 'Listening Port': '0', 'Listening Address': '127.0.0.1', 'Settle Time': '50 ms', ...properties } },
    );
    rig.#serviceId = service.id;
    const receive = flow.createProcessor(flow.root, { version: 0 }, { type: 'dev.millrace.sftp.ReceiveSFTP', properties: { 'SFTP Server': service.id } });
    const sink = flow.createFunnel(flow.root, { version: 0 });
    flow.createConnection(flow.root, { version: 0 }, { source: receive.id, destination: sink.id, selectedRelationships: ['success'] });
    rig.receive = receive;
    await rig.enable();
    return rig;
  }

  async open(): Promise<void> {
    this.#millrace = await openMillrace({ dataDirectory: this.directory, log: () => undefined, audit: (entry) => void this.audit.push(entry as Record<string, unknown>) });
    this.#millrace.flow.start();
  }

  async enable(): Promise<void> {
    const service = this.#millrace.flow.service(this.#serviceId);
    service.enable();
    await this.until(() => service.isEnabled);
  }

  get millrace(): Millrace {
    return this.#millrace;
  }

  get endpoint(): ImportEndpoint {
    return this.#millrace.flow.service(this.#serviceId).instance as ImportEndpoint;
  }

  get folder(): string {
    return path.join(this.directory, 'databases', 'sftp', this.#serviceId);
  }

  events(event: string): Record<string, unknown>[] {
    return this.audit.filter((entry) => entry.event === event);
  }

  /** A new key of a type that ssh-keygen makes; returns the file of the private one. */
  key(name: string, ...options: string[]): string {
    const file = path.join(this.directory, name);
    execFileSync('ssh-keygen', ['-q', '-N', '', '-f', file, ...options]);
    return file;
  }

  publicKey(file: string): string {
    return readFileSync(`${file}.pub`, 'utf8').trim();
  }

  file(name: string, content: string | Buffer): string {
    const file = path.join(this.directory, name);
    writeFileSync(file, content);
    return file;
  }

  options(key: string): string[] {
    const settings = ['StrictHostKeyChecking=no', `UserKnownHostsFile=${path.join(this.directory, 'known')}`, 'IdentitiesOnly=yes', 'BatchMode=yes', 'LogLevel=ERROR'];
    return [...settings.flatMap((each) => ['-o', each]), '-i', key, '-P', String(this.endpoint.address.port)];
  }

  /** Runs commands of sftp's batch mode; resolves with its output, rejects where one of them fails. */
  async sftp(key: string, commands: readonly string[], { user = 'ann', more = [] as string[] } = {}): Promise<string> {
    const batch = this.file(`batch-${Math.random()}`, `${commands.join('\n')}\n`);
    const { stdout, stderr } = await run('sftp', [...this.options(key), ...more, '-b', batch, `${user}@127.0.0.1`], { timeout: PATIENCE_MILLIS });
    return stdout + stderr;
  }

  async scp(key: string, from: string, to: string): Promise<void> {
    await run('scp', [...this.options(key), from, `ann@127.0.0.1:${to}`], { timeout: PATIENCE_MILLIS });
  }

  spawnSftp(key: string, commands: readonly string[]) {
    const batch = this.file(`batch-${Math.random()}`, `${commands.join('\n')}\n`);
    return spawn('sftp', [...this.options(key), '-b', batch, 'ann@127.0.0.1'], { stdio: 'ignore' });
  }

  /** What the flow has received, as `file: content`. */
  get received(): string[] {
    const [connection] = this.#millrace.flow.root.connections.values();
    return [...connection!.queue.list()].map((each) => each.committed.getAttribute('sftp.file') ?? '');
  }

  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    for (const end = Date.now() + PATIENCE_MILLIS; !(await condition()); await delay(20)) assert.ok(Date.now() < end, `this never came true: ${condition}`);
  }

  async statuses(): Promise<string[]> {
    return (await this.endpoint.imports(100)).map(({ file, status }) => `${file} ${status}`).sort();
  }

  async close(): Promise<void> {
    await this.#millrace.close();
  }
}
