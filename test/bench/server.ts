import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { places } from '../../server/config.ts';

interface Counters {
  readonly counters: { readonly aggregateSnapshot: { readonly counters: readonly { readonly name: string; readonly valueCount: number }[] } };
}

const READY_MILLIS = 60_000;

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A real Millrace process, compiled, on a data directory. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly base: string;
  /** Milliseconds from the start of the process to the first answer. */
  readyAfter = 0;
  output = '';

  private constructor(child: ChildProcess, base: string) {
    this.child = child;
    this.base = base;
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (data) => (this.output += data));
  }

  /** Without login where the flags do not say otherwise. Resolves when `flow/about` answers 200. */
  static async start(dataDirectory: string, ...flags: string[]): Promise<ServerProcess> {
    const given = flags.indexOf('--port');
    const port = given < 0 ? await freePort() : Number(flags[given + 1]);
    const started = performance.now();
    const main = path.join(places.project, 'dist', 'server', 'main.js');
    const auth = flags.includes('--auth') ? [] : ['--auth', 'none'];
    const child = spawn(process.execPath, [main, 'start', ...auth, '--port', String(port), '--data', dataDirectory, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new ServerProcess(child, `http://127.0.0.1:${port}`);
    await server.#ready(started);
    return server;
  }

  async #ready(started: number): Promise<void> {
    while (performance.now() - started < READY_MILLIS && this.child.exitCode === null) {
      const status = await fetch(`${this.base}/nifi-api/flow/about`).then(
        ({ status }) => status,
        () => 0,
      );
      if (status === 200) {
        this.readyAfter = performance.now() - started;
        return;
      }
      await delay(5);
    }
    this.child.kill('SIGKILL');
    throw new Error(`The server did not get ready:\n${this.output}`);
  }

  /** The JSON answer of a GET. */
  async get<T>(route: string): Promise<T> {
    const response = await fetch(`${this.base}/nifi-api${route}`);
    if (!response.ok) throw new Error(`GET ${route}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Sends a signal and waits for the end; returns the exit code. */
  async kill(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** Resident memory, bytes (Linux). */
  get residentBytes(): number {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))![1]) * 1024;
  }

  /** The most memory that was resident so far, bytes: the kernel's own mark (Linux), so that nothing is missed. */
  get peakBytes(): number {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))![1]) * 1024;
  }

  /** What a counter has come to. */
  async counter(name: string): Promise<number> {
    const { counters } = await this.get<Counters>('/counters');
    return counters.aggregateSnapshot.counters.filter((one) => one.name === name).reduce((sum, { valueCount }) => Math.max(sum, valueCount), 0);
  }

  /** CPU seconds used so far (Linux counts hundredths). */
  get cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }
}
