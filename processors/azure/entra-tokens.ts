import type { AzureCredentials } from '../../server/extension/azure.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { type EntraIdentity, tokenCall } from './entra.ts';

interface Token {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const TIMEOUT = 30_000;
/** A token is replaced so many milliseconds before it ends. */
const MARGIN = 5 * 60_000;

/** Tokens of Microsoft Entra ID, one for each resource, kept until shortly before their end. */
export class EntraTokens implements AzureCredentials {
  readonly #identity: EntraIdentity;
  readonly #tokens = new Map<string, Token>();

  constructor(identity: EntraIdentity) {
    this.#identity = identity;
  }

  async token(resource: string, signal: AbortSignal): Promise<string> {
    const known = this.#tokens.get(resource);
    if (known && known.expires - MARGIN > Date.now()) return known.text;
    const asked = await this.#ask(resource, signal);
    this.#tokens.set(resource, asked);
    return asked.text;
  }

  async #ask(resource: string, signal: AbortSignal): Promise<Token> {
    const { url, headers, form } = await tokenCall(this.#identity, resource, process.env);
    const { request } = await import('undici');
    const { host } = new URL(url);
    const answer = await request(url, { method: form === undefined ? 'GET' : 'POST', headers, body: form ?? null, headersTimeout: TIMEOUT, bodyTimeout: TIMEOUT, signal })
      .then(async ({ statusCode, body }) => ({ status: statusCode, text: await body.text() }))
      .catch((cause: unknown) => {
        signal.throwIfAborted();
        throw new ProcessError(`${host} gives no token: ${messageOf(cause)}. Check the network, and whether this machine has a managed identity if it uses one.`, { cause });
      });
    return tokenOf(answer, host);
  }
}

interface TokenBody {
  readonly access_token?: string;
  /** Seconds; a text where the machine answers. */
  readonly expires_in?: number | string;
  readonly expires_on?: number | string;
  readonly error?: string;
  readonly error_description?: string;
}

function tokenOf({ status, text }: { readonly status: number; readonly text: string }, host: string): Token {
  const body = parsed(text);
  if (status === 200 && body.access_token) {
    const expires = body.expires_in === undefined ? Number(body.expires_on) * 1000 : Date.now() + Number(body.expires_in) * 1000;
    return { text: body.access_token, expires: Number.isFinite(expires) ? expires : 0 };
  }
  const reason = (body.error_description ?? body.error ?? '').split('\n')[0]!.trim();
  throw new ProcessError(`${host} gives no token: it answered ${status}${reason ? ` (${reason})` : ''}. Check tenant, client and secret in the Azure credentials service.`);
}

function parsed(text: string): TokenBody {
  try {
    return JSON.parse(text) as TokenBody;
  } catch {
    return {};
  }
}
