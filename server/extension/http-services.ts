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
