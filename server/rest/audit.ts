import type { Request, RequestHandler, Router } from 'express';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FlowEvent } from '../engine/flow-runtime.ts';
import { messageOf } from '../extension/errors.ts';
import { audited } from './audited-access.ts';
import { userOf } from './authentication.ts';
import { type FieldChange, fieldChanges, parameterChanges } from './field-changes.ts';
import type { AuditEntry, AuditSource } from './flow-history.ts';
import { isSafe } from './guard.ts';
import { Routes } from './routes.ts';
import { ANONYMOUS, type Audit, NOBODY, type RestServices } from './services.ts';
import { StrangersBudget } from './strangers-budget.ts';

const told = ({ name, previousValue, value, isProperty }: FieldChange) => ({ name, before: previousValue, after: value, ...(isProperty ? { property: true } : {}) });

/** Writes down who does what, when and from where: requests, edits of the flow, and edits of users, groups and policies. */
export class Auditor implements AuditSource {
  /** As they were given, with an access control whose edits are written down. */
  readonly services: RestServices;
  readonly #audit: Audit;
  readonly #strangers: StrangersBudget;
  readonly #underWay = new Set<{ readonly user: string; readonly address: string }>();
  readonly #listeners: ((entry: AuditEntry) => void)[] = [];

  /** Where no audit is given, what happens is told to listeners only. */
  constructor(services: RestServices) {
    const { access, flow, clock, audit } = services;
    this.#audit = audit ?? nowhere();
    this.#strangers = new StrangersBudget(() => clock.now());
    this.services = { ...services, access: access && audited(access, (claim, entry) => this.append({ ...this.#who(claim.user), ...entry })) };
    flow.subscribe((event) => this.#flowEvent(event));
  }

  past(): Iterable<string> {
    return this.#audit.latest();
  }

  subscribe(listener: (entry: AuditEntry) => void): void {
    this.#listeners.push(listener);
  }

  /** Where the audit cannot be written the log says so, and what was done stands. */
  append(entry: object): void {
    const { log, clock } = this.services;
    try {
      const number = this.#audit.append(entry);
      const told = { ...entry, number, time: new Date(clock.now()).toISOString() };
      for (const listener of this.#listeners) listener(told);
    } catch (failure) {
      log({ level: 'error', time: clock.now(), message: `What was done is not in the audit: ${messageOf(failure)}` });
    }
  }

  /** Requests that may change something, and what was answered. */
  requests(): RequestHandler {
    return (request, response, next) => {
      if (isSafe(request)) return next();
      const origin = { user: userOf(request).identity, address: request.socket.remoteAddress ?? '' };
      this.#underWay.add(origin);
      response.once('close', () => {
        this.#underWay.delete(origin);
        const isStranger = this.services.login !== undefined && userOf(request) === NOBODY;
        if (isStranger) this.#noteStranger(origin, request, response.statusCode);
        else this.append({ event: 'request', ...origin, ...requestLine(request), status: response.statusCode });
      });
      next();
    };
  }

  #noteStranger(origin: object, request: Request, status: number): void {
    const missing = this.#strangers.missing();
    if (missing > 0)
      this.append({ event: 'left out', message: `${missing} requests of people who were not logged in, and did not get in, were not written down: there were too many.` });
    if (this.#strangers.mayBeWritten(status)) this.append({ event: 'request', ...origin, ...requestLine(request), status });
  }

  #flowEvent({ type, component, user, before, after }: FlowEvent): void {
    if (type === 'state') return;
    const [fields, parameters] = [fieldChanges(before, after), parameterChanges(before, after)].map((changes) => changes.map(told));
    // Moving about on the canvas is no change.
    if (type === 'edited' && fields!.length + parameters!.length === 0) return;
    const { id, name, kind } = component;
    this.append({ event: type, ...this.#who(user), kind, id, name, changes: fields, ...(parameters!.length > 0 ? { parameters } : {}) });
  }

  #who(user = ANONYMOUS) {
    const addresses = [...this.#underWay].filter((origin) => origin.user === user).map(({ address }) => address);
    return { user, addresses: [...new Set(addresses)] };
  }
}

/** An audit that keeps nothing but the count. */
function nowhere(): Audit {
  let number = 0;
  return { append: () => ++number, read: () => Readable.from([]), latest: () => [] };
}

/** Without the query, which says nothing about what is done. */
const requestLine = ({ method, originalUrl }: Request) => ({ method, path: originalUrl.split('?')[0] });

/** /api/audit: all of it, as JSON lines. */
export function auditRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  const { audit } = services;
  if (!audit) return routes.notOffered('An audit', '/').router;
  routes.raw('get', '/', async (_call, response) => {
    response.set({ 'Content-Type': 'application/x-ndjson', 'Content-Disposition': 'attachment; filename="audit.jsonl"' });
    await pipeline(audit.read(), response);
  });
  return routes.router;
}
