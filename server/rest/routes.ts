import { type Request, type RequestHandler, type Response, Router } from 'express';
import { authorize } from './authorization/authorize.ts';
import { Call } from './call.ts';
import { notOffered } from './errors.ts';
import { sendPieces } from './pieces.ts';
import { jsonChunks } from './raw-json.ts';
import type { RestServices } from './services.ts';

type Method = 'get' | 'post' | 'put' | 'delete';
/** What a route answers: JSON. */
type Handle = (call: Call) => unknown;

export function sendJson(response: Response, status: number, value: unknown): void {
  sendPieces(response.status(status).set('Content-Type', 'application/json'), jsonChunks(value));
}

/** The routes of one resource. */
export class Routes {
  readonly router = Router();
  readonly services: RestServices;

  constructor(services: RestServices) {
    this.services = services;
  }

  get(path: string, handle: Handle): this {
    return this.#json('get', path, 200, handle);
  }

  put(path: string, handle: Handle): this {
    return this.#json('put', path, 200, handle);
  }

  delete(path: string, handle: Handle): this {
    return this.#json('delete', path, 200, handle);
  }

  /** For what is not made but done: 200. */
  post(path: string, handle: Handle): this {
    return this.#json('post', path, 200, handle);
  }

  /** Makes something: 201. */
  create(path: string, handle: Handle): this {
    return this.#json('post', path, 201, handle);
  }

  /** Begins something: 202. */
  accept(path: string, handle: Handle): this {
    return this.#json('post', path, 202, handle);
  }

  /** Answers with something else than JSON. */
  raw(method: Method, path: string, handle: (call: Call, response: Response) => unknown): this {
    this.router[method](path, async (request: Request, response: Response) => {
      const call = new Call(request, this.services);
      await authorize(call, method, path);
      await handle(call, response);
    });
    return this;
  }

  /** What NiFi has here and Millrace has not. */
  notOffered(what: string, ...paths: string[]): this {
    for (const path of paths) this.router.all(path, refuse(what));
    return this;
  }

  #json(method: Method, path: string, status: number, handle: Handle): this {
    return this.raw(method, path, async (call, response) => sendJson(response, status, await handle(call)));
  }
}

/** Refuses with 501 and a sentence. */
export function refuse(what: string): RequestHandler {
  return () => {
    throw notOffered(what);
  };
}
