import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { answers, freePort, stopped } from './server-process.ts';

/** Where test/setup puts it. */
const PROGRAM = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'millrace', 'moto', 'bin', 'moto_server');

/** Why the tests against moto are skipped; false where they run. */
export const withoutMoto: string | false = existsSync(PROGRAM) ? false : 'moto is not installed: bash test/setup does it, where Python 3 is';

/** Moto: Amazon's APIs, by people who write them for Python's tests, on a loopback address. */
export class Moto {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  static async start(): Promise<Moto> {
    const port = await freePort();
    const child = spawn(PROGRAM, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    await answers(port);
    return new Moto(`http://127.0.0.1:${port}`, child);
  }

  stop(): Promise<void> {
    return stopped(this.#process);
  }
}
