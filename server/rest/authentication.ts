import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { cookieOf, setCookie } from './cookies.ts';
import { HttpError } from './errors.ts';
import { isSafe } from './guard.ts';
import { type Identified, type Login, NOBODY, type RestServices } from './services.ts';

/** All that strangers are answered: what is needed for logging in, and the way out. */
const OPEN = ['/access/token', '/access/logout/complete', '/authentication/configuration'];

const users = new WeakMap<IncomingMessage, Identified>();

/** Who sends a request that was let in. */
export function userOf(request: IncomingMessage): Identified {
  return users.get(request) ?? NOBODY;
}

/** The token that a request shows: its header's (RFC 6750, 2.1), else the browser's cookie. */
export function tokenOf(request: IncomingMessage): { readonly token: string; readonly isCookie: boolean } | undefined {
  const [, token] = /^Bearer +(\S*) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token !== undefined) return { token, isCookie: false };
  const cookie = cookieOf(request, 'Authorization-Bearer');
  return cookie === undefined ? undefined : { token: cookie, isCookie: true };
}

/** Who sends a request. Throws HttpError 401 (RFC 6750, 3) or 403. */
async function authenticate(request: IncomingMessage, login: Login): Promise<Identified> {
  const shown = tokenOf(request);
  if (!shown)
    throw new HttpError(401, 'This server wants to know who you are. Log in with POST /nifi-api/access/token and send the token as Authorization: Bearer.', {
      'WWW-Authenticate': 'Bearer',
    });
  const user = await login.identify(shown.token);
  if (user === undefined) throw new HttpError(401, 'The token is not valid (any more). Log in again.', { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
  if (shown.isCookie && !isSafe(request)) checkRequestToken(request);
  return user;
}

/**
 * Browsers send cookies with whatever another site's page makes them send; only our own pages can read a cookie and repeat it
 * in a header (OWASP's CSRF Prevention Cheat Sheet, double submit). Throws HttpError 403.
 */
function checkRequestToken(request: IncomingMessage): void {
  const [cookie, header] = [cookieOf(request, 'Request-Token'), request.headers['request-token']].map((value) => Buffer.from(String(value ?? '')));
  const same = cookie!.length > 0 && cookie!.length === header!.length && timingSafeEqual(cookie!, header!);
  if (!same) throw new HttpError(403, 'A request that changes something and is let in by a cookie must repeat the cookie Request-Token in the header Request-Token.');
}

/** As `authenticate`, and from now on `userOf` knows. */
export async function identify(request: IncomingMessage, login: Login): Promise<void> {
  users.set(request, await authenticate(request, login));
}

/** Lets nobody past without a token that counts. */
export function identified({ login }: Pick<RestServices, 'login'>): RequestHandler {
  if (!login) return (_request, _response, next) => next();
  return async (request, response, next) => {
    if (OPEN.includes(request.path)) return next();
    await identify(request, login);
    const needsRequestToken = tokenOf(request)?.isCookie === true && cookieOf(request, 'Request-Token') === undefined;
    if (needsRequestToken) setCookie(response, 'Request-Token', randomUUID());
    next();
  };
}
