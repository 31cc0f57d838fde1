import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { places } from '../../../server/config.ts';

const READY_MILLIS = 120_000;

/** A real Millrace process, compiled, of which only what it prints is known. */
export class Server {
  readonly child: ChildProcess;
  output = '';

  private constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (data) => (this.output += data));
  }

  static async start(dataDirectory: string, ...flags: string[]): Promise<Server> {
    const main = path.join(places.project, 'dist', 'server', 'main.js');
    const child = spawn(process.execPath, [main, 'start', '--port', '0', '--no-example', '--data', dataDirectory, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new Server(child);
    const end = Date.now() + READY_MILLIS;
    while (!server.#base && child.exitCode === null && Date.now() < end) await delay(20);
    if (server.#base) return server;
    child.kill('SIGKILL');
    throw new Error(`The server did not start:\n${server.output}`);
  }

  get #base(): string | undefined {
    return /is at (https?:\/\/\S+)/.exec(this.output)?.[1];
  }

  get api(): string {
    return `${this.#base}/nifi-api`;
  }

  /** The password that the first start with login prints. */
  get password(): string {
    const password = /Log in as admin with the password (\S+) /.exec(this.output)?.[1];
    if (!password) throw new Error(`The server printed no password:\n${this.output}`);
    return password;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
