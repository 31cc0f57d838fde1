import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from '../temporary-directory.ts';
import { answers, freePort, stopped } from './server-process.ts';

const VSFTPD = '/usr/sbin/vsftpd';

/** Why the tests against vsftpd are skipped; false where they run. */
export const withoutVsftpd: string | false = existsSync(VSFTPD) ? false : 'vsftpd is not installed: bash test/setup does it, as root';

/** A real FTP server on a loopback address, which lets anybody in and sees what the user who runs the tests sees. */
export class Vsftpd {
  /** Where files are. */
  readonly files: string;
  readonly #port: number;
  readonly #process: ChildProcess;

  private constructor(files: string, port: number, process: ChildProcess) {
    this.files = files;
    this.#port = port;
    this.#process = process;
  }

  static async start(): Promise<Vsftpd> {
    const directory = temporaryDirectory();
    const files = path.join(directory, 'files');
    mkdirSync(files, { recursive: true });
    const port = await freePort();
    const settings = { listen: 'YES', listen_address: '127.0.0.1', listen_port: port, background: 'NO', run_as_launching_user: 'YES', seccomp_sandbox: 'NO' };
    const rights = ['anonymous_enable', 'write_enable', 'anon_upload_enable', 'anon_mkdir_write_enable', 'anon_other_write_enable', 'no_anon_password', 'allow_writeable_chroot'];
    const lines = [...Object.entries(settings), ...rights.map((name) => [name, 'YES']), ['anon_root', files], ['anon_umask', '022']].map(([name, value]) => `${name}=${value}\n`);
    const config = path.join(directory, 'config');
    writeFileSync(config, lines.join(''));
    const server = new Vsftpd(files, port, spawn(VSFTPD, [config], { stdio: 'ignore' }));
    await answers(port);
    return server;
  }

  get properties(): Record<string, string> {
    return { Hostname: '127.0.0.1', Port: String(this.#port), Username: 'anonymous', Password: 'ann@example.org', 'Use UTF-8 Encoding': 'true' };
  }

  stop(): Promise<void> {
    return stopped(this.#process);
  }
}
