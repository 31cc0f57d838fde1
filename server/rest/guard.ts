import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { sendText } from './errors.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Whether a request changes nothing (RFC 9110, 9.2.1). */
export function isSafe({ method }: Pick<IncomingMessage, 'method'>): boolean {
  return SAFE.has(method ?? '');
}

/** Whether a Host header names this machine's loopback interface. */
export function isLoopback(host: string | undefined): boolean {
  return host !== undefined && LOOPBACK.test(host);
}

/** Whether a request comes from a page of another site. Programs send no Origin; browsers do with every write and every WebSocket. */
export function isCrossSite({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { origin, host } = headers;
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  if (origin === undefined) return false;
  try {
    return new URL(origin).host !== host?.toLowerCase();
  } catch {
    return true;
  }
}

/**
 * Without login, whoever can reach the port is the administrator; that is allowed on loopback addresses only. There, only
 * requests addressed to a loopback name are answered, so that a web page cannot reach the server under a name of its own (DNS
 * rebinding). Writes from pages of other sites are refused in any case.
 */
export function guard(loopbackOnly: boolean): RequestHandler {
  return (request, response, next) => {
    if (loopbackOnly && !isLoopback(request.headers.host)) {
      return sendText(response, 403, 'This server listens on a loopback address and answers to localhost only. Start it with --host to reach it under another name.');
    }
    if (!isSafe(request) && isCrossSite(request)) return sendText(response, 403, 'Requests of pages from another origin are refused.');
    next();
  };
}
