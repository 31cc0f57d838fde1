import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { places } from '../../server/config.ts';
import { type Answer, ApiClient, type Json, until } from '../api-client.ts';
import type { Searched } from './planted.ts';

const main = path.join(places.project, 'dist', 'server', 'main.js');

/** A real process with login that keeps all that it answers and writes. */
export class PlantedServer extends ApiClient {
  origin = '';
  token = '';
  output = '';
  readonly answers: Searched[] = [];
  readonly #child: ChildProcess;

  constructor(data: string, password: string) {
    super();
    const { status, stderr } = spawnSync(process.execPath, [main, 'user', 'set-password', 'admin', '--data', data], { encoding: 'utf8', input: `${password}\n` });
    if (status !== 0) throw new Error(stderr);
    this.#child = spawn(process.execPath, [main, 'start', '--no-example', '--port', '0', '--data', data], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) stream.on('data', (data) => (this.output += data));
  }

  /** Waits until it is there. */
  async ready(): Promise<void> {
    await until(() => / is at (http:\S+)/.test(this.output) || this.#child.exitCode !== null);
    this.origin = / is at (http:\S+)/.exec(this.output)?.[1] ?? '';
    if (!this.origin) throw new Error(this.output);
  }

  async logIn(username: string, password: string): Promise<Response> {
    const answer = await fetch(`${this.origin}/nifi-api/access/token`, { method: 'POST', body: new URLSearchParams({ username, password }) });
    if (answer.ok) this.token = await answer.text();
    else this.answers.push({ name: 'refused login', bytes: Buffer.from(await answer.text()) });
    return answer;
  }

  override async send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await super.send(method, url, body, { Authorization: `Bearer ${this.token}`, ...headers });
    const heads = [...answer.headers].map((pair) => pair.join(': ')).join('\n');
    this.answers.push({ name: `answer ${answer.status} to ${method} ${url}`, bytes: Buffer.from(`${heads}\n\n${answer.text}`) });
    return answer;
  }

  /** Starts what is worked on in the background and waits for its end. Returns the finished request. */
  async finished(url: string, body: object, of = (answer: Json): Json => answer.request): Promise<Json> {
    const started = of(await this.ok('POST', url, body));
    const at = `${url}/${started.requestId ?? started.id}`;
    await until(async () => {
      const now = of(await this.get(at));
      return now.complete ?? now.finished;
    });
    return of(await this.ok('DELETE', at));
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }
}

const rest = path.join(places.project, 'server', 'rest');

/**
 * Paths that GET might answer, read from the sources so that no new one is forgotten: each route that they spell out, below each
 * place where routers hang. Which of them there are, the server knows. `:id` and its like stand for the ids.
 */
export function getPaths(): string[] {
  const mounts = [...readFileSync(path.join(rest, 'app.ts'), 'utf8').matchAll(/(?:app|api)\.use\('(\/[^']*)', \w+Routes\(/g)].map(([, at]) => at!);
  const sources = readdirSync(path.join(rest, 'routers')).map((file) => readFileSync(path.join(rest, 'routers', file), 'utf8'));
  const routes = sources.flatMap((text) => [...text.matchAll(/(?:get\(|'get', )['`](\/[^'`$]*)['`]/g)].map(([, route]) => route!));
  // Of those with two ids or more the test asks itself.
  const plain = [...new Set(routes)].filter((route) => !route.includes('*') && route.split(':').length <= 2);
  return [...new Set(mounts)].flatMap((at) => plain.map((route) => (at + route).replace(/\/$/, ''))).filter((url) => url !== '/api');
}
