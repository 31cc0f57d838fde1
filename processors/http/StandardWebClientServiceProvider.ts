import { choices } from '../../server/extension/choices.ts';
import { PROXY_CONFIGURATION, WEB_CLIENT, type WebClient, type WebRequest } from '../../server/extension/http-services.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { HttpClient } from './http-client.ts';
import { HttpExchange } from './http-exchange.ts';

const IDLE_TIMEOUT = 4000;

const properties = {
  connectTimeout: property.duration('Connect Timeout', 'How long to wait for a connection', { default: '10 secs' }),
  readTimeout: property.duration('Read Timeout', 'How long to wait for more of the answer', { default: '10 secs' }),
  writeTimeout: property.duration('Write Timeout', 'Kept for flows made in NiFi: what cannot be sent ends with the Read Timeout', { default: '10 secs' }),
  redirects: property.choice('Redirect Handling Strategy', 'Whether redirects are followed, 20 at most', choices('FOLLOWED', 'IGNORED'), { default: 'FOLLOWED' }),
  protocol: property.choice('HTTP Protocol Version', 'The newest version of HTTP that is spoken, over https', choices('HTTP_1_1', 'HTTP_2'), { default: 'HTTP_2' }),
  ssl: property.service('SSL Context Service', 'Keys and trusted certificates for https', SSL_CONTEXT),
  proxy: property.service('Proxy Configuration Service', 'The proxy to go through', PROXY_CONFIGURATION),
};

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.web.client.provider.service', bundle: 'nifi-web-client-provider-service-nar' },
  description: 'Sends HTTP requests for other components, all in the same way.',
  tags: ['HTTP', 'Web', 'Client'],
  provides: [WEB_CLIENT],
  properties,
  async onEnabled({ properties: { connectTimeout, readTimeout, redirects, protocol, ssl, proxy } }) {
    const client = await HttpClient.create({ connectTimeout, readTimeout, idleTimeout: IDLE_TIMEOUT, http2: protocol === 'HTTP_2', ssl, proxy, cacheSize: undefined });
    const rules = { cookies: undefined, basic: undefined, digest: undefined, tokens: undefined, renewsTokens: false };
    const exchange = new HttpExchange(client, { ...rules, followsRedirects: redirects === 'FOLLOWED' });
    const send = ({ method, url, headers, body }: WebRequest) => exchange.send({ method, url, headers: Object.entries(headers).flat(), body: () => bytes(body) });
    return { send, close: () => client.close() };
  },
  onDisabled: (service) => (service as WebClient & { close(): Promise<void> }).close(),
});

const bytes = (body: WebRequest['body']): Uint8Array | null => (body === undefined ? null : typeof body === 'string' ? Buffer.from(body) : body);
