import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that hands each request, with its body, to `answer`, and keeps them all. */
export async function httpServer(answer: (request: Received, response: ServerResponse) => void, tls?: { key: string; cert: string }) {
  const received: Received[] = [];
  const listener: RequestListener = async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const one = { method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(pieces).toString('latin1') };
    received.push(one);
    answer(one, response);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http${tls ? 's' : ''}://127.0.0.1:${port}`, received, close };
}
