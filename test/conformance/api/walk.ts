import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Json } from '../../api-client.ts';
import { SchemaCheck } from './schema-check.ts';
import type { Operation, Specification } from './specification.ts';

/** Path parameters and what else a call takes. */
export interface CallOptions {
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** JSON, or bytes or a form as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where this call is to answer something else than the good answer of the file. */
  readonly status?: number;
}

/** What came of the calls of one operation. */
export interface Outcome {
  calls: number;
  notOffered: boolean;
  readonly faults: Set<string>;
}

const PATIENCE_MILLIS = 10_000;
export const CLIENT = 'conformance-walk';
export const GHOST = '00000000-0000-4000-8000-000000000000';

/** Calls operations by their name in the file and notes what is wrong with the answers. */
export class Walk {
  readonly outcomes = new Map<string, Outcome>();
  readonly #specification: Specification;
  readonly #check: SchemaCheck;
  readonly #api: string;
  #authorization: string | undefined;

  constructor(specification: Specification, api: string) {
    this.#specification = specification;
    this.#check = new SchemaCheck(specification.schemas);
    this.#api = api;
  }

  /** From now on requests are this user's. */
  set token(token: string) {
    this.#authorization = `Bearer ${token}`;
  }

  get loggedIn(): boolean {
    return this.#authorization !== undefined;
  }

  /** Calls an operation; `parameters` fill its path. Never throws for what the server answers: that is noted. */
  async call(key: string, parameters: Readonly<Record<string, string | number>> = {}, options: CallOptions = {}): Promise<Answer> {
    const operation = this.#specification.operations.get(key);
    if (!operation) throw new Error(`The file has no ${key}.`);
    const answer = await this.#send(operation, parameters, options);
    const outcome = this.#outcome(key);
    outcome.calls++;
    for (const fault of this.#faultsOf(operation, answer, options)) outcome.faults.add(fault);
    return answer;
  }

  /** Calls an operation and returns its JSON, `{}` where there is none. */
  async json(key: string, parameters: Readonly<Record<string, string | number>> = {}, options: CallOptions = {}): Promise<Json> {
    return (await this.call(key, parameters, options)).json ?? {};
  }

  /** Notes a fault that no schema can see. */
  expect(isSo: boolean, key: string, fault: string): void {
    if (!isSo && !this.#outcome(key).notOffered) this.#outcome(key).faults.add(fault);
  }

  /** Calls an operation until its answer is as wanted; the last answer. */
  async until(key: string, parameters: Readonly<Record<string, string | number>>, isSo: (json: Json) => boolean, what: string): Promise<Json> {
    const end = Date.now() + PATIENCE_MILLIS;
    for (;;) {
      const answer = await this.call(key, parameters);
      if (answer.status >= 400 || isSo(answer.json)) return answer.json ?? {};
      if (Date.now() > end) {
        this.expect(false, key, `${what} did not come true in ${PATIENCE_MILLIS / 1000} s`);
        return answer.json;
      }
      await delay(20);
    }
  }

  #outcome(key: string): Outcome {
    const known = this.outcomes.get(key) ?? { calls: 0, notOffered: false, faults: new Set<string>() };
    this.outcomes.set(key, known);
    return known;
  }

  async #send({ method, path }: Operation, parameters: Readonly<Record<string, string | number>>, { query, body, headers }: CallOptions): Promise<Answer> {
    const filled = path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => inPath(name, String(parameters[name] ?? GHOST)));
    const search = query ? `?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}` : '';
    const asIs = body === undefined || body instanceof Uint8Array || body instanceof FormData || body instanceof URLSearchParams;
    const response = await fetch(this.#api + filled + search, {
      method,
      redirect: 'manual',
      headers: { ...(asIs ? {} : { 'Content-Type': 'application/json' }), ...(this.#authorization ? { Authorization: this.#authorization } : {}), ...headers },
      body: asIs ? (body as FormData | undefined) : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }

  #faultsOf(operation: Operation, { status, text, json, headers }: Answer, { status: wanted = operation.status }: CallOptions): string[] {
    const type = headers.get('content-type')?.split(';')[0] ?? '';
    if (status === 501) {
      this.#outcome(operation.key).notOffered = true;
      return type === 'text/plain' && /^\S.* is not offered by Millrace\b/.test(text)
        ? []
        : [`501 without a sentence that says what is not offered: ${type} ${text.slice(0, 100)}`];
    }
    if (status !== wanted) return [`${status} instead of ${wanted}: ${text.slice(0, 200)}`];
    if (wanted >= 400) return type === 'text/plain' && text.length > 10 ? [] : [`${status} without a sentence: ${type} ${text.slice(0, 100)}`];
    // Of one operation NiFi's file says only how it fails.
    const silent = ![...operation.documented].some((each) => each < 300);
    const faults = silent || operation.documented.has(status) || operation.documented.has(Number.NaN) ? [] : [`status ${status} is not documented`];
    if (operation.types.length === 0) return faults;
    if (json === undefined)
      return operation.types.includes('application/json') ? [...faults, `content type ${type} instead of application/json`] : [...faults, ...wrongType(operation, type)];
    return operation.schema ? [...faults, ...this.#check.faults(operation.schema, json)] : faults;
  }
}

/** The resource of a policy is a path of its own. */
function inPath(name: string, value: string): string {
  return name === 'resource' ? value : encodeURIComponent(value);
}

function wrongType({ types }: Operation, type: string): string[] {
  return types.includes('*/*') || types.includes(type) ? [] : [`content type ${type} instead of ${types.join(' or ')}`];
}
