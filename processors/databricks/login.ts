import { messageOf } from '../../server/extension/errors.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';

/** Says who we are, by a token that goes with each request. */
export interface Login {
  /** A token that is still good. Throws WarehouseError. */
  token(signal: AbortSignal): Promise<string>;
  /** Forgets a token that was refused; whether another one can be had. */
  refuse(token: string): boolean;
}

/** A personal access token, as it was typed in. */
export const personalLogin = (token: string): Login => ({ token: async () => token, refuse: () => false });

/** What the token endpoint is asked with. */
export type TokenRequest = (path: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal) => Promise<{ status: number; text: string }>;

/** A token is fetched anew this long before it expires. Milliseconds. */
const MARGIN = 60_000;

/** OAuth for machines: a service principal's client credentials become tokens of an hour (`/oidc/v1/token`). */
export class MachineLogin implements Login {
  readonly #credentials: string;
  readonly #request: TokenRequest;
  #current: { readonly token: string; readonly until: number } | undefined;
  #coming: Promise<string> | undefined;

  constructor(clientId: string, clientSecret: string, request: TokenRequest) {
    this.#credentials = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    this.#request = request;
  }

  async token(signal: AbortSignal): Promise<string> {
    if (this.#current && Date.now() < this.#current.until) return this.#current.token;
    this.#coming ??= this.#fetch(signal).finally(() => {
      this.#coming = undefined;
    });
    return this.#coming;
  }

  refuse(token: string): boolean {
    if (this.#current?.token === token) this.#current = undefined;
    return true;
  }

  async #fetch(signal: AbortSignal): Promise<string> {
    const headers = { authorization: `Basic ${this.#credentials}`, 'content-type': 'application/x-www-form-urlencoded' };
    const { status, text } = await this.#request('/oidc/v1/token', headers, 'grant_type=client_credentials&scope=all-apis', signal);
    if (status !== 200)
      throw new WarehouseError(status >= 500 || status === 429 ? 'connection' : 'authentication', `Databricks gives no token to this client (status ${status}): ${refusal(text)}`, {
        remedy: 'Check Client ID and Client Secret in the warehouse service, and that the service principal belongs to the workspace.',
      });
    const { access_token: token, expires_in: seconds } = parsed(text);
    this.#current = { token, until: Date.now() + seconds * 1000 - MARGIN };
    return token;
  }
}

function parsed(text: string): { access_token: string; expires_in: number } {
  try {
    const { access_token, expires_in = 3600 } = JSON.parse(text) as { access_token?: unknown; expires_in?: number };
    if (typeof access_token === 'string') return { access_token, expires_in };
    throw new Error('it holds no access_token');
  } catch (cause) {
    throw new WarehouseError('authentication', `The answer of the token endpoint cannot be read (${messageOf(cause)})`, { cause });
  }
}

function refusal(text: string): string {
  try {
    const { error, error_description: description } = JSON.parse(text) as { error?: string; error_description?: string };
    return description ?? error ?? 'no reason given';
  } catch {
    return text.slice(0, 200);
  }
}
