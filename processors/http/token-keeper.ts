import type { VerificationStep } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { AccessTokenProvider } from '../../server/extension/http-services.ts';
import type { TokenAnswer } from './token-requests.ts';

export interface TokenRules {
  /** Milliseconds before its end at which a token counts as expired. */
  readonly refreshWindow: number;
  /** Milliseconds that a token without an end is good for. */
  readonly defaultExpiration: number;
  now(): number;
  /** Asks for a token, by the refresh token where there is one. */
  request(refreshToken: string | undefined): Promise<TokenAnswer>;
}

/** Keeps one token; who asks while it is being fetched waits for the same one. */
export class TokenKeeper implements AccessTokenProvider {
  readonly #rules: TokenRules;
  #current: { readonly token: string; readonly refreshToken: string | undefined; readonly until: number } | undefined;
  #pending: Promise<string> | undefined;

  constructor(rules: TokenRules) {
    this.#rules = rules;
  }

  async token(): Promise<string> {
    const { now, refreshWindow } = this.#rules;
    if (this.#current && now() < this.#current.until - refreshWindow) return this.#current.token;
    return this.renew();
  }

  renew(): Promise<string> {
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #fetch(): Promise<string> {
    const { now, defaultExpiration } = this.#rules;
    const { accessToken, refreshToken, expiresIn } = await this.#ask();
    const lifetime = expiresIn === undefined ? defaultExpiration : expiresIn * 1000;
    this.#current = { token: accessToken, refreshToken: refreshToken ?? this.#current?.refreshToken, until: now() + lifetime };
    return accessToken;
  }

  /** A refresh token that the server no longer takes is forgotten, and the grant is used anew. */
  async #ask(): Promise<TokenAnswer> {
    const known = this.#current?.refreshToken;
    if (known === undefined) return this.#rules.request(undefined);
    return this.#rules.request(known).catch(() => {
      this.#current = undefined;
      return this.#rules.request(undefined);
    });
  }
}

/** "Test connection" of whatever fetches tokens. */
export async function acquireToken(fetch: () => Promise<string>): Promise<VerificationStep[]> {
  try {
    await fetch();
    return [{ name: 'Acquire Token', outcome: 'SUCCESSFUL', explanation: 'The authorization server gave a token' }];
  } catch (thrown) {
    return [{ name: 'Acquire Token', outcome: 'FAILED', explanation: messageOf(thrown) }];
  }
}
