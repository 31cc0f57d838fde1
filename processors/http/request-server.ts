import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { ProcessError } from '../../server/extension/errors.ts';
import { askingForCertificate, type ClientCertificate, peerNames, showsUntrustedCertificate, type SslContext } from '../../server/extension/ssl-context.ts';
import { PATIENCE, WaitingTasks } from '../../server/extension/waiting-tasks.ts';

export interface ServerRules {
  readonly port: number;
  readonly host: string | undefined;
  readonly ssl: SslContext | undefined;
  readonly clientCertificate: ClientCertificate;
  /** Bytes. */
  readonly maximumHeader: number;
  /** How many requests wait to be taken; others are answered with 503. */
  readonly queueSize: number;
  /** Answers at once what is not to be taken; returns whether it did. */
  refuse(request: IncomingMessage, response: ServerResponse): boolean;
}

export interface Incoming {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A server whose requests are taken one by one. */
export class RequestServer {
  readonly #server: Server;
  readonly #queue: Incoming[] = [];
  readonly #waiting = new WaitingTasks();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Throws ProcessError where the port cannot be had. */
  static async open(rules: ServerRules): Promise<RequestServer> {
    const options = { maxHeaderSize: rules.maximumHeader };
    const server = rules.ssl ? createTlsServer({ ...rules.ssl, ...options, ...askingForCertificate(rules.clientCertificate) }) : createServer(options);
    server.on('secureConnection', (socket: TLSSocket) => showsUntrustedCertificate(socket) && rules.clientCertificate === 'wanted' && socket.destroy());
    const opened = new RequestServer(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => opened.#receive({ request, response }, rules));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: Error) =>
        reject(new ProcessError(`Port ${rules.port} cannot be opened: ${cause.message}. Choose another port, or stop who uses it.`, { cause })),
      );
      server.listen(rules.port, rules.host, resolve);
    });
    return opened;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The next request; undefined where none comes within half a second, or the signal fires. */
  async next(signal: AbortSignal): Promise<Incoming | undefined> {
    if (this.#queue.length === 0 && !signal.aborted) await this.#waiting.wait(signal, PATIENCE);
    const incoming = this.#queue.shift();
    return incoming?.response.destroyed ? this.next(signal) : incoming;
  }

  async close(): Promise<void> {
    for (const { response } of this.#queue.splice(0)) response.writeHead(503).end();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    setTimeout(() => this.#server.closeAllConnections(), 1000).unref();
    await closed;
  }

  #receive(incoming: Incoming, rules: ServerRules): void {
    if (rules.refuse(incoming.request, incoming.response)) return;
    if (this.#queue.length >= rules.queueSize) {
      incoming.response.writeHead(503, { 'Content-Type': 'text/plain' }).end('Too many requests wait already.');
      return;
    }
    this.#queue.push(incoming);
    this.#waiting.wakeOne();
  }
}

/** Sends an answer. Throws an Error where the client has gone. */
export async function answer(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: AsyncIterable<Uint8Array> | Uint8Array): Promise<void> {
  if (response.destroyed) throw new Error('the client has gone');
  if (body instanceof Uint8Array) {
    response.writeHead(status, { ...headers, 'Content-Length': String(body.length) });
    await new Promise<void>((resolve, reject) => {
      response.once('error', reject);
      response.once('close', () => (response.writableFinished ? resolve() : reject(new Error('the client has gone'))));
      response.end(body, () => resolve());
    });
    return;
  }
  response.writeHead(status, headers);
  await pipeline(Readable.from(body), response);
}

/** Subject and issuer of the client's certificate, where it has shown one. */
export const clientNames = ({ socket }: IncomingMessage) => peerNames(socket);
