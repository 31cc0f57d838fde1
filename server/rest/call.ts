import type { Request } from 'express';
import type { RevisionClaim } from '../engine/component.ts';
import { InvalidRequestError } from '../engine/errors.ts';
import { userOf } from './authentication.ts';
import { Rights, UNLIMITED } from './authorization/rights.ts';
import type { EntityView } from './dto/common.ts';
import { HttpError } from './errors.ts';
import { TimeFormat } from './format.ts';
import type { RestServices } from './services.ts';
import type { BodyCheck } from './validation.ts';

/** Where every path of NiFi's API begins. */
export const API_PATH = '/nifi-api';

export interface RevisionBody {
  version?: number | null;
  clientId?: string | null;
}

/** One request as the routes see it: parameters, checked body, who asks, and how entities are to be written. */
export class Call {
  readonly request: Request;
  readonly services: RestServices;
  #view: EntityView | undefined;
  #rights: Rights | undefined;

  constructor(request: Request, services: RestServices) {
    this.request = request;
    this.services = services;
  }

  /** The path parameter `id`. */
  get id(): string {
    return this.parameter('id');
  }

  parameter(name: string): string {
    return String(this.request.params[name]);
  }

  /** A query parameter; the first where it is given more than once. */
  query(name: string): string | undefined {
    const value = new URLSearchParams(this.request.url.split('?')[1] ?? '').get(name);
    return value ?? undefined;
  }

  /** Whether a query parameter is `true`. */
  flag(name: string, otherwise = false): boolean {
    const value = this.query(name);
    return value === undefined ? otherwise : value.toLowerCase() === 'true';
  }

  /** A whole number in the query. Throws InvalidRequestError. */
  number(name: string): number | undefined {
    const text = this.query(name);
    if (text === undefined || text === '') return undefined;
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new InvalidRequestError(`The query parameter ${name} must be a whole number, not '${text}'.`);
    return value;
  }

  /** The JSON body, checked. */
  body<T>(check: BodyCheck<T>): T {
    const { request } = this;
    if (request.body === undefined) {
      const sent = request.headers['content-length'] ?? '0';
      if (sent === '0' && !request.headers['transfer-encoding']) throw new InvalidRequestError('The request must have a JSON body.');
      throw new HttpError(415, `The body must be application/json, not ${request.headers['content-type'] ?? 'of an unnamed type'}.`);
    }
    return check(request.body);
  }

  get user(): string {
    return userOf(this.request).identity;
  }

  /** What the user may do, as it is now. */
  get rights(): Rights {
    this.#rights ??= rightsOf(this.services, userOf(this.request).id);
    return this.#rights;
  }

  /** What the client says its edit is based on. */
  claim(revision: RevisionBody | null | undefined): RevisionClaim {
    if (typeof revision?.version !== 'number') throw new InvalidRequestError('The revision (its version) must be specified.');
    return { version: revision.version, clientId: revision.clientId ?? undefined, user: this.user };
  }

  /** As `claim`, for a component that is made. */
  claimNew(revision: RevisionBody | null | undefined): RevisionClaim {
    if (revision?.version !== 0) throw new InvalidRequestError('A revision of 0 must be specified when creating a new component.');
    return this.claim(revision);
  }

  /** As `claim`, from `?version=&clientId=`. */
  claimFromQuery(): RevisionClaim {
    return this.claim({ version: this.number('version'), clientId: this.query('clientId') });
  }

  /** Throws InvalidRequestError where the body speaks of another component than the path. */
  checkId(id: string | null | undefined): void {
    if (id !== undefined && id !== null && id !== this.id) {
      throw new InvalidRequestError(`The component id (${id}) in the request body does not equal the component id of the requested resource (${this.id}).`);
    }
  }

  /** `http://host/nifi-api`, as the client sees it. */
  get base(): string {
    return `${this.request.protocol}://${this.request.headers.host ?? 'localhost'}${API_PATH}`;
  }

  get view(): EntityView {
    this.#view ??= entityView(this.services, this.base, this.flag('uiOnly'), this.rights);
    return this.#view;
  }
}

const formats = new WeakMap<RestServices, TimeFormat>();

/** Writes times in the time zone of the flow. */
export function timesOf(services: RestServices): TimeFormat {
  const times = formats.get(services) ?? new TimeFormat(services.flow.runtime.timeZone);
  formats.set(services, times);
  return times;
}

/** What a user of this server may do. */
export function rightsOf({ access }: RestServices, userId: string): Rights {
  return access ? new Rights(access, userId) : UNLIMITED;
}

export function entityView(services: RestServices, base: string, uiOnly: boolean, rights: Rights): EntityView {
  const { flow, clock } = services;
  const times = timesOf(services);
  const now = clock.now();
  return {
    base,
    rights,
    find: (id) => flow.find(id),
    versions: flow.versions,
    now,
    refreshed: times.time(now),
    uiOnly,
    times,
    bulletins: flow.bulletins,
    controllerServices: () => flow.controllerServices.values(),
    memo: new Map(),
  };
}
