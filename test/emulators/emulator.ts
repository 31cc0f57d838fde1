import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What an emulated service answers. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** A body that is no JSON. */
  readonly text?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that an emulator has received. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** The JSON body, or the text of any other; undefined without one. */
  readonly body: unknown;
  /** The body as it came, unpacked. */
  readonly bytes: Buffer;
}

/** What goes wrong with a request: an answer instead of the real one, or a connection cut in the middle of it. */
export type Fault = Reply | 'cut';

/** A stand-in for a service's HTTP API on a loopback address: keeps what it received, and fails when told to. */
export class Emulator {
  readonly received: Received[] = [];
  /** How many requests came; where `received` shall not grow with them, `forgets` is set. */
  count = 0;
  forgets = false;
  /** Each of the next requests that match takes one fault. */
  readonly #faults: { readonly matches: (request: Received) => boolean; readonly fault: Fault }[] = [];
  readonly #server: Server;
  readonly #answer: (request: Received) => Reply | Promise<Reply>;

  private constructor(answer: (request: Received) => Reply | Promise<Reply>) {
    this.#answer = answer;
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  static async start(answer: (request: Received) => Reply | Promise<Reply>): Promise<Emulator> {
    const emulator = new Emulator(answer);
    emulator.#server.listen(0, '127.0.0.1');
    await once(emulator.#server, 'listening');
    return emulator;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets the next requests fail whose path ends so, or of which it is true, one each. */
  fail(which: string | ((request: Received) => boolean), ...faults: readonly Fault[]): void {
    const matches = typeof which === 'string' ? ({ path }: Received) => path.endsWith(which) : which;
    for (const fault of faults) this.#faults.push({ matches, fault });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await receive(request);
    this.count++;
    if (!this.forgets) this.received.push(received);
    const index = this.#faults.findIndex(({ matches }) => matches(received));
    const [failing] = index < 0 ? [] : this.#faults.splice(index, 1);
    if (failing?.fault === 'cut') return cut(response, await this.#answer(received));
    send(response, failing?.fault ?? (await this.#answer(received)));
  }
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks);
  const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const text = bytes.toString('utf8');
  const url = new URL(request.url!, 'http://emulator');
  const isOther = /^(application\/(x-www-form-urlencoded|octet-stream)|multipart\/)/.test(request.headers['content-type'] ?? '');
  const body = text === '' ? undefined : isOther ? text : (JSON.parse(text) as unknown);
  return { method: request.method!, path: url.pathname, query: url.searchParams, headers: request.headers, body, bytes };
}

function send(response: ServerResponse, { status, body, text, headers }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': randomUUID(), ...headers });
  response.end(text ?? (body === undefined ? undefined : JSON.stringify(body)));
}

/** Half of the answer, then nothing. */
function cut(response: ServerResponse, { status, body, text = JSON.stringify(body ?? {}) }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
}
