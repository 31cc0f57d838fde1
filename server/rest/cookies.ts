import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Response } from 'express';

/** What each is for: who is asking, and proof that the page which asks may read our cookies. */
export type CookieName = 'Authorization-Bearer' | 'Request-Token';

/** Browsers take a cookie with this prefix over https only (RFC 6265bis, 4.1.3.1), so NiFi's names have it there. */
const SECURE = '__Secure-';

function isSecure(request: IncomingMessage): boolean {
  return (request.socket as Partial<TLSSocket>).encrypted === true;
}

function fullName(request: IncomingMessage, name: CookieName): string {
  return isSecure(request) ? SECURE + name : name;
}

export function cookieOf(request: IncomingMessage, name: CookieName): string | undefined {
  const wanted = `${fullName(request, name)}=`;
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const text = pair.trim();
    if (text.startsWith(wanted)) return text.slice(wanted.length) || undefined;
  }
  return undefined;
}

/** Our pages must read the request token; nobody's scripts read the bearer. */
function attributes(response: Response, name: CookieName) {
  return { path: '/', sameSite: 'strict', secure: isSecure(response.req), httpOnly: name === 'Authorization-Bearer' } as const;
}

/** Sets a cookie that goes when the browser is closed. */
export function setCookie(response: Response, name: CookieName, value: string): void {
  response.cookie(fullName(response.req, name), value, attributes(response, name));
}

export function clearCookie(response: Response, name: CookieName): void {
  response.clearCookie(fullName(response.req, name), attributes(response, name));
}
