import type { ComponentContext } from '../../server/extension/component.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { CookieStore } from './cookie-store.ts';
import { HttpClient } from './http-client.ts';
import { HttpExchange } from './http-exchange.ts';
import type { properties } from './invoke-properties.ts';
import { partitioned } from './request-building.ts';

/** What InvokeHTTP holds from start to stop. */
export interface InvokeClient {
  readonly client: HttpClient;
  readonly exchange: HttpExchange;
  readonly headers: readonly (readonly [string, (flowFile?: FlowFile) => string])[];
  readonly fields: readonly (readonly [string, (flowFile?: FlowFile) => string])[];
  readonly headerPattern: RegExp | undefined;
  lastDate: { readonly second: number; readonly text: string } | undefined;
  lastUrl: { readonly text: string; readonly url: URL } | undefined;
}

export async function openClient({ dynamic, properties: values }: ComponentContext<typeof properties>): Promise<InvokeClient> {
  const { connectTimeout, readTimeout, idleTimeout, ssl, proxy, username: user, password = '' } = values;
  const http2 = values.http2Disabled === 'False';
  const client = await HttpClient.create({ connectTimeout, readTimeout, idleTimeout, ssl, proxy, http2, cacheSize: values.caches ? values.cacheSize : undefined });
  const exchange = new HttpExchange(client, {
    followsRedirects: values.redirects === 'True',
    cookies: values.cookies === 'ACCEPT_ALL' ? await CookieStore.create() : undefined,
    basic: user !== undefined && !values.digest ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : undefined,
    digest: user !== undefined && values.digest ? { user, password } : undefined,
    tokens: values.oauth,
    renewsTokens: values.oauthStrategy === 'ON_UNAUTHORIZED_RESPONSE',
  });
  const { headerPattern: pattern } = values;
  return { client, exchange, ...partitioned(dynamic), lastDate: undefined, lastUrl: undefined, headerPattern: pattern && new RegExp(`^(?:${pattern.source})$`, pattern.flags) };
}
