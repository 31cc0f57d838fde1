import { serviceContract } from './service.ts';

/** Hands out OAuth 2 access tokens (NiFi's OAuth2AccessTokenProvider). Both throw ProcessError where none can be had. */
export interface AccessTokenProvider {
  /** A token that is still good, fetched where there is none. */
  token(): Promise<string>;
  /** A new token, because the present one was refused. */
  renew(): Promise<string>;
}

export const ACCESS_TOKEN_PROVIDER = serviceContract<AccessTokenProvider>('org.apache.nifi.oauth2.OAuth2AccessTokenProvider');

/** How to get out of the network. */
export interface ProxySettings {
  readonly type: 'DIRECT' | 'HTTP' | 'SOCKS';
  readonly socksVersion: 4 | 5;
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
}

export const PROXY_CONFIGURATION = serviceContract<ProxySettings>('org.apache.nifi.proxy.ProxyConfigurationService');

export interface WebRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface WebAnswer {
  readonly status: number;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** The content, which must be read to its end or given up. */
  readonly body: AsyncIterable<Uint8Array> & { text(): Promise<string>; dump(): Promise<void> };
}

/** Sends requests as a controller service is configured to (NiFi's WebClientServiceProvider). */
export interface WebClient {
  /** Throws whatever keeps the answer from coming. */
  send(request: WebRequest): Promise<WebAnswer>;
}

export const WEB_CLIENT = serviceContract<WebClient>('org.apache.nifi.web.client.provider.api.WebClientServiceProvider');
