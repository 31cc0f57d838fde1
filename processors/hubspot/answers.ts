import { type HubSpotCause, HubSpotError } from './hubspot.ts';
import type { ApiAnswer } from '../../server/extension/json-api.ts';
import type { Limit } from '../../server/extension/rate-limiter.ts';

/** HubSpot's form of an error (components/schemas/Error); `policyName` says which limit was exceeded. */
interface ErrorBody {
  readonly message?: string;
  readonly category?: string;
  readonly policyName?: string;
  readonly correlationId?: string;
  readonly errors?: readonly { readonly message?: string; readonly code?: string; readonly context?: Readonly<Record<string, readonly string[]>> }[];
}

const numberIn = ({ headers }: ApiAnswer, name: string): number | undefined => {
  const value = Number(headers[name]);
  return headers[name] === undefined || !Number.isFinite(value) ? undefined : value;
};

/** The limit that an answer states. */
export function limitIn(answer: ApiAnswer): Limit | undefined {
  const [max, millis] = [numberIn(answer, 'x-hubspot-ratelimit-max'), numberIn(answer, 'x-hubspot-ratelimit-interval-milliseconds')];
  return max !== undefined && millis !== undefined && max > 0 && millis > 0 ? { max, millis } : undefined;
}

const SECOND = 1000;

/** How long nothing may be sent after an answer, milliseconds: others who use the account may have used up its limit. */
export function pauseIn(answer: ApiAnswer): number {
  const interval = numberIn(answer, 'x-hubspot-ratelimit-interval-milliseconds') ?? SECOND;
  if (answer.status === 429) return (numberIn(answer, 'retry-after') ?? 0) * SECOND || (bodyOf(answer).policyName === 'TEN_SECONDLY_ROLLING' ? 10 * SECOND : interval);
  return numberIn(answer, 'x-hubspot-ratelimit-remaining') === 0 ? interval : 0;
}

function bodyOf({ text }: ApiAnswer): ErrorBody {
  try {
    return JSON.parse(text) as ErrorBody;
  } catch {
    return {};
  }
}

function causeOf({ status }: ApiAnswer, { policyName, errors }: ErrorBody): HubSpotCause {
  if (status === 401) return 'authentication';
  if (status === 403) return 'permission';
  if (status === 429) return policyName === 'DAILY' ? 'daily limit' : 'rate limit';
  if (status >= 500 || status === 423 || status === 477) return 'server';
  const unknown = errors?.some(({ code, message }) => code === 'PROPERTY_DOESNT_EXIST' || /property .* does not exist/i.test(message ?? ''));
  return unknown ? 'missing property' : 'request';
}

/** What an answer that is not 200 means. */
export function answerError(what: string, answer: ApiAnswer): HubSpotError {
  const body = bodyOf(answer);
  const details = (body.errors ?? []).flatMap(({ message, context }) => [message ?? '', ...Object.values(context ?? {}).map((values) => values.join(', '))]).filter(Boolean);
  const said = [body.message ?? `HTTP ${answer.status}`, ...details.slice(0, 3)].join('; ');
  const trace = body.correlationId ? ` (correlation id ${body.correlationId})` : '';
  return new HubSpotError(causeOf(answer, body), `HubSpot answered ${what} with ${answer.status}: ${said}${trace}`);
}
