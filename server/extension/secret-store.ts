import { messageOf } from './errors.ts';
import { type ApiAnswer, type ApiRequest, type JsonApi, jsonOf, NoAnswer } from './json-api.ts';
import { type ApiError, insist, NamedApiError } from './polite-api.ts';

/** Why a store of secrets gave none. */
export type SecretCause = 'authentication' | 'permission' | 'missing' | 'request' | 'rate limit' | 'server' | 'connection';

/** A store of secrets as messages speak of it, and what to do about each cause. */
export interface SecretStore {
  readonly name: string;
  readonly remedies: Readonly<Record<SecretCause, string>>;
  /** What the store says of a refusal. It must not quote a secret. */
  reason(answer: ApiAnswer): string | undefined;
  /** What an answer means, where its status alone does not tell. */
  causeOf?(answer: ApiAnswer): SecretCause | undefined;
}

/** A refusal of a store of secrets: what was asked for, why there is none, what to do. */
export class SecretError extends NamedApiError<SecretCause> {
  override name = 'SecretError';

  /** A store that is asked too often is asked again after a pause: nobody counts requests here. */
  override get again(): ApiError['again'] {
    return this.kind === 'rate limit' ? 'after a pause' : super.again;
  }
}

/** What a status means in an API that follows HTTP. */
export function causeOfStatus(status: number): SecretCause {
  if (status === 401) return 'authentication';
  if (status === 403) return 'permission';
  if (status === 404) return 'missing';
  if (status === 429) return 'rate limit';
  return status >= 500 ? 'server' : 'request';
}

/** Asks for something, and again where that may help; `what` names it in messages. Throws SecretError, and the signal's reason. */
export function askStore<T>(store: SecretStore, api: JsonApi, request: ApiRequest, what: string, signal: AbortSignal): Promise<T> {
  return insist(() => askOnce<T>(store, api, request, what, signal), signal);
}

/** The same a single time, for what must not be sent twice. */
export async function askOnce<T>(store: SecretStore, api: JsonApi, request: ApiRequest, what: string, signal: AbortSignal): Promise<T> {
  try {
    const answer = await api.exchange(request, signal);
    if (answer.status < 300) return jsonOf<T>(answer, request);
    const kind = store.causeOf?.(answer) ?? causeOfStatus(answer.status);
    const reason = store.reason(answer);
    throw new SecretError(kind, `${store.name} gives no ${what}: it answered ${answer.status}${reason ? ` (${reason})` : ''}`, store.remedies);
  } catch (thrown) {
    if (!(thrown instanceof NoAnswer)) throw thrown;
    throw new SecretError('connection', `${store.name} gives no ${what}: ${messageOf(thrown)}`, store.remedies, { cause: thrown });
  }
}

/** A body that may be JSON, for what it says of a refusal. */
export function refusalBody({ text }: ApiAnswer): Readonly<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const AT_ONCE = 8;

/** Reads many secrets, a few at a time; the results are in the order of what was asked for. */
export async function readAll<T, R>(items: readonly T[], read: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(read))));
  return results;
}
