import { randomUUID } from 'node:crypto';
import express, { type Response, type Router } from 'express';
import { ConflictError, InvalidRequestError } from '../../engine/errors.ts';
import { tokenOf } from '../authentication.ts';
import type { Call } from '../call.ts';
import { clearCookie, setCookie } from '../cookies.ts';
import { HttpError, sendText } from '../errors.ts';
import { Routes } from '../routes.ts';
import type { Login, RestServices } from '../services.ts';

const NO_LOGIN = 'Username/Password login is not supported by this server: it was started without login.';
/** The longest name and the longest password, encoded. */
const MOST_FORM = '16kb';

/** /access */
export function accessRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  const { login } = services;
  routes.router.use('/token', express.urlencoded({ extended: false, limit: MOST_FORM, parameterLimit: 10 }));
  routes.raw('post', '/token', (call, response) => logIn(login ?? noLogin(), call, response));
  routes.raw('delete', '/logout', (call, response) => logOut(login ?? noLogin(), call, response));
  routes.raw('get', '/logout/complete', (_call, response) => response.redirect('/'));
  return routes.router;
}

function noLogin(): never {
  throw new ConflictError(NO_LOGIN);
}

async function logIn(login: Login, { request }: Call, response: Response): Promise<void> {
  const { username, password } = (request.body ?? {}) as Record<string, unknown>;
  if (typeof username !== 'string' || typeof password !== 'string' || !username || !password) {
    throw new InvalidRequestError('The username and password must be specified, each once, in a form (application/x-www-form-urlencoded).');
  }
  const admission = await login.enter({ username, password }, request.socket.remoteAddress ?? '');
  if (admission === 'refused') throw new InvalidRequestError('The supplied username and password are not valid.');
  if ('retryAfter' in admission) {
    // RFC 6585, 4.
    throw new HttpError(429, `Too many logins were tried. Try again in ${admission.retryAfter} seconds.`, { 'Retry-After': String(admission.retryAfter) });
  }
  setCookie(response, 'Authorization-Bearer', admission.token);
  setCookie(response, 'Request-Token', randomUUID());
  sendText(response, 201, admission.token);
}

async function logOut(login: Login, { request }: Call, response: Response): Promise<void> {
  await login.leave(tokenOf(request)!.token);
  clearCookie(response, 'Authorization-Bearer');
  clearCookie(response, 'Request-Token');
  response.status(200).end();
}

/** /authentication */
export function authenticationRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/configuration', ({ request }) => {
    const canvas = `${request.protocol}://${request.headers.host ?? 'localhost'}/#`;
    const places = services.login ? { loginUri: `${canvas}/login`, logoutUri: `${canvas}/logout` } : {};
    return { authenticationConfiguration: { externalLoginRequired: false, loginSupported: services.login !== undefined, ...places } };
  });
  return routes.router;
}
