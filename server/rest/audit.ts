import type { Request, RequestHandler, Router } from 'express';
import { pipeline } from 'node:stream/promises';
import type { RevisionClaim } from '../engine/component.ts';
import type { FlowEvent } from '../engine/flow-runtime.ts';
import { messageOf } from '../extension/errors.ts';
import { userOf } from './authentication.ts';
import type { AccessControl } from './authorization/access-control.ts';
import { type FieldChange, fieldChanges, parameterChanges } from './flow-history.ts';
import { isSafe } from './guard.ts';
import { Routes } from './routes.ts';
import { ANONYMOUS, type Audit, type RestServices } from './services.ts';

/** Too many logins: guesses that were not even looked at must not fill the disk. */
const THROTTLED = 429;

const told = ({ name, previousValue, value }: FieldChange) => ({ name, before: previousValue, after: value });

/** Writes down who does what, when and from where: requests, edits of the flow, and edits of users, groups and policies. */
export class Auditor {
  /** As they were given, with an access control whose edits are written down. */
  readonly services: RestServices;
  readonly #audit: Audit;
  readonly #underWay = new Set<{ readonly user: string; readonly address: string }>();

  constructor(services: RestServices, audit: Audit) {
    const { access, flow } = services;
    this.#audit = audit;
    this.services = { ...services, access: access && audited(access, (claim, entry) => this.#note({ ...this.#who(claim.user), ...entry })) };
    flow.subscribe((event) => this.#flowEvent(event));
  }

  /** Requests that may change something, and what was answered. */
  requests(): RequestHandler {
    return (request, response, next) => {
      if (isSafe(request)) return next();
      const origin = { user: userOf(request).identity, address: request.socket.remoteAddress ?? '' };
      this.#underWay.add(origin);
      response.once('close', () => {
        this.#underWay.delete(origin);
        if (response.statusCode !== THROTTLED) this.#note({ event: 'request', ...origin, ...requestLine(request), status: response.statusCode });
      });
      next();
    };
  }

  #flowEvent({ type, component, user, before, after }: FlowEvent): void {
    if (type === 'state') return;
    const [fields, parameters] = [fieldChanges(before, after), parameterChanges(before, after)].map((changes) => changes.map(told));
    // Moving about on the canvas is no change.
    if (type === 'edited' && fields!.length + parameters!.length === 0) return;
    const { id, name, kind } = component;
    this.#note({ event: type, ...this.#who(user), kind, id, name, changes: fields, ...(parameters!.length > 0 ? { parameters } : {}) });
  }

  #who(user = ANONYMOUS) {
    const addresses = [...this.#underWay].filter((origin) => origin.user === user).map(({ address }) => address);
    return { user, addresses: [...new Set(addresses)] };
  }

  #note(entry: object): void {
    try {
      this.#audit.append(entry);
    } catch (failure) {
      const { log, clock } = this.services;
      log({ level: 'error', time: clock.now(), message: `What was done is not in the audit: ${messageOf(failure)}` });
    }
  }
}

/** Without the query, which says nothing about what is done. */
const requestLine = ({ method, originalUrl }: Request) => ({ method, path: originalUrl.split('?')[0] });

type Note = (claim: RevisionClaim, entry: { event: string; kind: string; id: string; before?: object; after?: object }) => void;

/** The same access control; what its edits did is told. */
function audited(access: AccessControl, note: Note): AccessControl {
  const made = <R extends { id: string }>(kind: string, claim: RevisionClaim, after: R): R => {
    note(claim, { event: 'created', kind, id: after.id, after });
    return after;
  };
  const edited = <R extends { id: string }>(kind: string, claim: RevisionClaim, before: R, edit: () => R): R => {
    const after = edit();
    note(claim, { event: 'edited', kind, id: before.id, before, after });
    return after;
  };
  const removed = <R extends { id: string }>(kind: string, claim: RevisionClaim, before: R, remove: () => R): R => {
    const last = remove();
    note(claim, { event: 'removed', kind, id: before.id, before });
    return last;
  };
  return {
    tenantsOf: (id) => access.tenantsOf(id),
    named: (resource, action) => access.named(resource, action),
    mentions: (id) => access.mentions(id),
    forget: (id) => access.forget(id),
    users: () => access.users(),
    user: (id) => access.user(id),
    createUser: (identity, claim) => made('USER', claim, access.createUser(identity, claim)),
    updateUser: (id, edit, claim) => edited('USER', claim, access.user(id), () => access.updateUser(id, edit, claim)),
    removeUser: (id, claim) => removed('USER', claim, access.user(id), () => access.removeUser(id, claim)),
    groups: () => access.groups(),
    group: (id) => access.group(id),
    createGroup: (edit, claim) => made('USER_GROUP', claim, access.createGroup(edit, claim)),
    updateGroup: (id, edit, claim) => edited('USER_GROUP', claim, access.group(id), () => access.updateGroup(id, edit, claim)),
    removeGroup: (id, claim) => removed('USER_GROUP', claim, access.group(id), () => access.removeGroup(id, claim)),
    policies: () => access.policies(),
    policy: (id) => access.policy(id),
    findPolicy: (resource, action) => access.findPolicy(resource, action),
    createPolicy: (resource, action, edit, claim) => made('POLICY', claim, access.createPolicy(resource, action, edit, claim)),
    updatePolicy: (id, edit, claim) => edited('POLICY', claim, access.policy(id), () => access.updatePolicy(id, edit, claim)),
    removePolicy: (id, claim) => removed('POLICY', claim, access.policy(id), () => access.removePolicy(id, claim)),
  };
}

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
