import type { ConnectionOptions } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { ProxySettings } from '../../server/extension/http-services.ts';
import { peerNames, type SslContext } from '../../server/extension/ssl-context.ts';
import { checkThroughProxy } from '../../server/extension/outgoing.ts';
import { addressOf } from './url-parts.ts';
import { PendingAnswer, type HttpAnswer } from './pending-answer.ts';

export interface ClientOptions {
  /** Milliseconds each. */
  readonly connectTimeout: number;
  readonly readTimeout: number;
  readonly idleTimeout: number;
  readonly http2: boolean;
  readonly ssl: SslContext | undefined;
  readonly proxy: ProxySettings | undefined;
  /** Bytes of answers that are kept as their headers allow; undefined for none. */
  readonly cacheSize: number | undefined;
}

/** Pools of other servers are closed beyond so many: a flow may take its URLs from its data. */
const MAX_POOLS = 64;

/** Connections to servers, a pool for each. */
export class HttpClient {
  readonly #undici: typeof import('undici');
  readonly #options: ClientOptions;
  readonly #pools = new Map<string, Dispatcher>();
  readonly #peers = new Map<string, string>();

  private constructor(undici: typeof import('undici'), options: ClientOptions) {
    this.#undici = undici;
    this.#options = options;
  }

  /** undici is loaded when the first client is made. */
  static async create(options: ClientOptions): Promise<HttpClient> {
    return new HttpClient(await import('undici'), options);
  }

  /** Sends one request to the server of `url`. Redirects are answers like others. */
  request(url: URL, options: Omit<Dispatcher.DispatchOptions, 'origin' | 'path'>): Promise<HttpAnswer> {
    const { origin, path } = addressOf(url);
    let pool = this.#pools.get(origin);
    if (!pool) {
      pool = this.#open(origin);
      if (this.#pools.size >= MAX_POOLS) this.#closeOldest();
      this.#pools.set(origin, pool);
    }
    const pending = new PendingAnswer(url);
    pool.dispatch({ ...options, origin, path }, pending);
    return pending.answer;
  }

  /** The distinguished name in the certificate that a server has shown last. */
  peer(origin: string): string | undefined {
    return this.#peers.size === 0 ? undefined : this.#peers.get(origin);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#pools.values()].map((pool) => pool.destroy()));
    this.#pools.clear();
  }

  #closeOldest(): void {
    const [[origin, pool]] = this.#pools as unknown as [[string, Dispatcher]];
    this.#pools.delete(origin);
    void pool.close();
  }

  #open(origin: string): Dispatcher {
    if (this.#options.proxy && this.#options.proxy.type !== 'DIRECT') checkProxied(new URL(origin));
    const { connectTimeout, readTimeout, idleTimeout, proxy, cacheSize } = this.#options;
    const timeouts = { headersTimeout: readTimeout, bodyTimeout: readTimeout, keepAliveTimeout: idleTimeout };
    const dispatcher =
      !proxy || proxy.type === 'DIRECT'
        ? new this.#undici.Pool(origin, { ...timeouts, connect: this.#connector(origin), allowH2: this.#options.http2 })
        : this.#proxied(proxy, { ...timeouts, connectTimeout });
    if (cacheSize === undefined) return dispatcher;
    const store = new this.#undici.cacheStores.MemoryCacheStore({ maxSize: cacheSize });
    return dispatcher.compose(this.#undici.interceptors.cache({ store }));
  }

  #connector(origin: string): import('undici').buildConnector.connector {
    const { connectTimeout, ssl, http2 } = this.#options;
    const connect = this.#undici.buildConnector({ ...(ssl as ConnectionOptions), timeout: connectTimeout, allowH2: http2 });
    return (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (socket && 'getPeerCertificate' in socket) this.#peers.set(origin, peerNames(socket).subject ?? '');
        if (error) callback(error, null);
        else callback(null, socket);
      });
  }

  #proxied({ type, host, port, user, password }: ProxySettings, options: { connectTimeout: number }): Dispatcher {
    const { ssl } = this.#options;
    const credentials = user === undefined ? undefined : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}`;
    if (type === 'SOCKS') return new this.#undici.Socks5ProxyAgent(`socks5://${credentials ? `${credentials}@` : ''}${host}:${port}`, { ...options, requestTls: ssl } as never);
    const token = user === undefined ? undefined : `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}`;
    return new this.#undici.ProxyAgent({ ...options, uri: `http://${host}:${port}`, token, proxyTunnel: false, requestTls: ssl as never });
  }
}

/** Where a proxy connects for us, nobody here sees the address. */
function checkProxied({ hostname, port, protocol }: URL): void {
  checkThroughProxy(hostname.replace(/^\[|\]$/g, ''), Number(port) || (protocol === 'https:' ? 443 : 80));
}
