import type { ComponentLog } from '../../server/extension/component.ts';
import { type ApiRequest, JsonApi } from '../../server/extension/json-api.ts';
import { askOnce, askStore, SecretError, type SecretStore } from '../../server/extension/secret-store.ts';
import type { SslContext } from '../../server/extension/ssl-context.ts';
import { type Engine, type Vault, vaultStore } from './vault.ts';
import { loginRequest, type VaultLogin } from './vault-login.ts';
import { type Lease, VaultToken } from './vault-token.ts';

export interface VaultSettings {
  readonly url: string;
  /** Enterprise and HCP: every path is below it. */
  readonly namespace: string | undefined;
  readonly login: VaultLogin;
  readonly ssl: SslContext | undefined;
  /** Milliseconds. */
  readonly connectTimeout: number;
  readonly timeout: number;
  readonly log: ComponentLog;
}

interface Answer<T> {
  readonly data: T;
}

const CONNECTIONS = 8;
/** Folders within folders are followed so far: a mount that lists itself must not run for ever. */
const DEEPEST = 32;

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
const trimmed = (path: string): string => path.replace(/^\/+|\/+$/g, '');

/** Vault's HTTP API, version 1: Key/Value engines of both versions, with a token that is kept alive. */
export class VaultClient implements Vault {
  readonly #api: JsonApi;
  readonly #store: SecretStore;
  readonly #token: VaultToken;

  private constructor(api: JsonApi, { login, log }: VaultSettings) {
    this.#api = api;
    this.#store = vaultStore(api.url);
    this.#token = new VaultToken(login.method === 'TOKEN' ? login.token : undefined, {
      login: async (signal) => this.#lease((await loginRequest(login))!, undefined, 'token', signal),
      renew: (token, signal) => this.#lease({ method: 'POST', path: '/v1/auth/token/renew-self', body: {} }, token, 'renewal of its token', signal),
      lookUp: async (token, signal) => {
        const { data } = await askStore<Answer<{ ttl: number; renewable?: boolean }>>(
          this.#store,
          api,
          { method: 'GET', path: '/v1/auth/token/lookup-self', headers: { 'x-vault-token': token } },
          'account of its token',
          signal,
        );
        return { token, seconds: data.ttl, renewable: data.renewable ?? false };
      },
      warn: (message) => log.warn(message),
    });
  }

  static async open(settings: VaultSettings): Promise<VaultClient> {
    const { url, namespace, timeout, connectTimeout, ssl } = settings;
    const headers = { 'x-vault-request': 'true', ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }) };
    return new VaultClient(await JsonApi.open({ url, headers, timeout, connectTimeout, connections: CONNECTIONS, ...(ssl ? { ssl } : {}) }), settings);
  }

  /** What we logged in for is given back; a token that was configured stays good. */
  async close(): Promise<void> {
    const own = this.#token.end();
    if (own !== undefined) {
      const request: ApiRequest = { method: 'POST', path: '/v1/auth/token/revoke-self', body: {}, headers: { 'x-vault-token': own } };
      await this.#api.exchange(request, AbortSignal.timeout(2000)).catch(() => undefined);
    }
    await this.#api.close();
  }

  /** Seconds that the token is good for; 0 for one that never ends. Logs in where that was not done. */
  async logIn(signal: AbortSignal): Promise<number> {
    await this.#token.get(signal);
    return this.#token.seconds;
  }

  async list(engine: Engine, prefix: string, signal: AbortSignal): Promise<string[]> {
    const found: string[] = [];
    const folders = [{ path: trimmed(prefix), depth: 0 }];
    for (let folder = folders.shift(); folder; folder = folders.shift()) {
      for (const key of await this.#keys(engine, folder.path, signal)) {
        const path = folder.path === '' ? key : `${folder.path}/${key}`;
        if (!key.endsWith('/')) found.push(path);
        else if (folder.depth < DEEPEST) folders.push({ path: trimmed(path), depth: folder.depth + 1 });
      }
    }
    return found;
  }

  async #keys({ mount, version }: Engine, folder: string, signal: AbortSignal): Promise<readonly string[]> {
    const path = [trimmed(mount), ...(version === 'KV_2' ? ['metadata'] : []), ...(folder === '' ? [] : [folder])].join('/');
    const answer = await this.#ask<Answer<{ keys: string[] }>>({ method: 'GET', path: `/v1/${encoded(path)}?list=true` }, `list of the secrets in ${path}`, signal);
    return answer.data.keys;
  }

  /** Version 2 answers 404 with the data's absence for a version that was deleted. */
  async read({ mount, version }: Engine, secret: string, signal: AbortSignal): Promise<Readonly<Record<string, unknown>> | undefined> {
    const path = [trimmed(mount), ...(version === 'KV_2' ? ['data'] : []), secret].join('/');
    try {
      const { data } = await this.#ask<Answer<Record<string, unknown>>>({ method: 'GET', path: `/v1/${encoded(path)}` }, `secret ${secret}`, signal);
      return version === 'KV_1' ? data : ((data as { data: Record<string, unknown> | null }).data ?? undefined);
    } catch (thrown) {
      if (version === 'KV_2' && thrown instanceof SecretError && thrown.kind === 'missing') return undefined;
      throw thrown;
    }
  }

  /** A token that is refused may have been revoked or have ended early: whoever can log in does so once more. */
  async #ask<T>(request: ApiRequest, what: string, signal: AbortSignal): Promise<T> {
    const token = await this.#token.get(signal);
    const send = (with_: string): Promise<T> => askStore<T>(this.#store, this.#api, { ...request, headers: { 'x-vault-token': with_ } }, what, signal);
    try {
      return await send(token);
    } catch (thrown) {
      const isRefused = thrown instanceof SecretError && (thrown.kind === 'permission' || thrown.kind === 'authentication');
      if (!isRefused || !this.#token.forget(token)) throw thrown;
      return send(await this.#token.get(signal));
    }
  }

  /** Logins are sent once: a secret id may be good for one use only. */
  async #lease(request: ApiRequest, token: string | undefined, what: string, signal: AbortSignal): Promise<Lease> {
    const { auth } = await askOnce<{ auth: { client_token: string; lease_duration: number; renewable: boolean } }>(
      this.#store,
      this.#api,
      token === undefined ? request : { ...request, headers: { 'x-vault-token': token } },
      what,
      signal,
    );
    return { token: auth.client_token, seconds: auth.lease_duration, renewable: auth.renewable };
  }
}
