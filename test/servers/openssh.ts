import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { temporaryDirectory } from '../temporary-directory.ts';
import { answers, freePort, stopped } from './server-process.ts';

const SSHD = '/usr/sbin/sshd';

/** Why the tests against OpenSSH are skipped; false where they run. */
export const withoutOpenSsh: string | false = existsSync(SSHD) ? false : 'openssh-server is not installed: bash test/setup does it, as root';

/** A real OpenSSH server on a loopback address, for the user who runs the tests. */
export class OpenSsh {
  readonly directory: string;
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(directory: string, port: number, process: ChildProcess) {
    this.directory = directory;
    this.port = port;
    this.#process = process;
  }

  static async start(): Promise<OpenSsh> {
    const directory = temporaryDirectory();
    mkdirSync(directory, { recursive: true });
    const port = await freePort();
    for (const [name, type] of [
      ['host', 'ed25519'],
      ['host_rsa', 'rsa'],
      ['user', 'ed25519'],
    ] as const)
      execFileSync('ssh-keygen', ['-q', '-t', type, '-N', name === 'user' ? 'a passphrase' : '', '-f', path.join(directory, name)]);
    const settings = [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${directory}/host_rsa`,
      `HostKey ${directory}/host`,
      `AuthorizedKeysFile ${directory}/user.pub`,
      `PidFile ${directory}/pid`,
      'PermitRootLogin yes',
      'UsePAM no',
      'StrictModes no',
      'Subsystem sftp internal-sftp',
    ];
    writeFileSync(path.join(directory, 'config'), `${settings.join('\n')}\n`);
    // It separates privileges in a directory that only a service's start makes.
    if (process.getuid!() === 0) mkdirSync('/run/sshd', { recursive: true });
    const sshd = spawn(SSHD, ['-D', '-e', '-f', path.join(directory, 'config')], { stdio: 'ignore' });
    const server = new OpenSsh(directory, port, sshd);
    await answers(port);
    return server;
  }

  get properties(): Record<string, string> {
    return {
      Hostname: '127.0.0.1',
      Port: String(this.port),
      Username: userInfo().username,
      'Private Key Path': path.join(this.directory, 'user'),
      'Private Key Passphrase': 'a passphrase',
      'Strict Host Key Checking': 'true',
      'Host Key File': this.knownHosts,
    };
  }

  /** A file with the server's Ed25519 key alone, though it has another too; written as ssh-keygen hashes it. */
  get knownHosts(): string {
    const file = path.join(this.directory, 'known_hosts');
    if (existsSync(file)) return file;
    const [type, key] = readFileSync(path.join(this.directory, 'host.pub'), 'utf8').split(' ');
    writeFileSync(file, `[127.0.0.1]:${this.port} ${type} ${key}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
    return file;
  }

  stop(): Promise<void> {
    return stopped(this.#process);
  }
}
