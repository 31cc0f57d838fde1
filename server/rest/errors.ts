import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, Response } from 'express';
import { messageOf, PropertyError } from '../extension/errors.ts';
import { type RegistryCause, RegistryError } from '../extension/flow-registry.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../engine/errors.ts';
import { StorageError } from '../engine/repositories.ts';
import type { RestServices } from './services.ts';

/** A refusal that only HTTP has a word for. */
export class HttpError extends Error {
  override name = 'HttpError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** What NiFi has and Millrace has not (yet). */
export function notOffered(what: string): HttpError {
  return new HttpError(501, `${what} is not offered by Millrace.`);
}

/** What only a cluster can answer. */
export function notClustered(): never {
  throw new NotFoundError('Only a node connected to a cluster can process the request.');
}

const STATUS: readonly (readonly [new (message: string) => Error, number])[] = [
  [NotFoundError, 404],
  [ConflictError, 409],
  [InvalidRequestError, 400],
  [PropertyError, 400],
  [StorageError, 503],
];

/** What a client asked for that cannot be read as an address. Express marks its own URIError with a status only. */
const isBadAddress = (error: unknown): boolean => error instanceof URIError && (error as { status?: unknown }).status === 400;

/** What a flow registry refuses is no fault of ours: 409, as NiFi answers, unless it is plain what was wrong with the request. */
const REGISTRY_STATUS: Partial<Readonly<Record<RegistryCause, number>>> = { missing: 404, invalid: 400 };

/** The status for a failure; undefined where nobody foresaw it. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof RegistryError) return REGISTRY_STATUS[error.kind] ?? 409;
  const known = STATUS.find(([type]) => error instanceof type);
  if (known) return known[1];
  if (error instanceof HttpError) return error.status;
  if (isBadAddress(error)) return 400;
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  // body-parser and the router mark what a client may read.
  return typeof status === 'number' && expose === true ? status : undefined;
}

/** Answers with a plain sentence. */
export function sendText(response: Response, status: number, text: string): void {
  response.status(status).type('text/plain').send(text);
}

/** The one place that turns errors into answers. What nobody foresaw is logged under an id; the client gets the id only. */
export function errorHandler({ log, clock }: Pick<RestServices, 'log' | 'clock'>): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = statusOf(error);
    if (error instanceof HttpError) response.set(error.headers);
    if (status !== undefined) return sendText(response, status, messageOf(error));
    const id = randomUUID();
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log({ level: 'error', time: clock.now(), message: `${request.method} ${request.path} failed [${id}]: ${detail}` });
    sendText(response, 500, `An unexpected error occurred. The log tells more under ${id}.`);
  };
}
