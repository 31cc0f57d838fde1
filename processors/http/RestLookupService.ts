import { LOOKUP_SERVICE, type LookupService, RECORD_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { compileRecordPath } from '../../server/extension/record-path/record-path.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { HttpClient } from './http-client.ts';
import { HttpExchange } from './http-exchange.ts';
import { answerOf, lookupRequest } from './rest-lookup.ts';
import { restLookupProperties } from './rest-lookup-properties.ts';

const IDLE_TIMEOUT = 4000;
type Closeable = LookupService & { close(): Promise<void> };

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-lookup-services-nar' },
  description: 'Asks a web service for each look-up and answers with the first record of what it says. A property that you add is a header.',
  details:
    'Coordinates are at hand in the URL and in headers as expressions. Three of them say how to ask: `request.method` (GET, POST, PUT, DELETE), `request.body` and `mime.type`.',
  tags: ['rest', 'lookup', 'xml', 'json', 'http'],
  properties: restLookupProperties,
  dynamicProperties: { name: '*', value: '*', description: 'A header of the request', expressions: 'flowfile' },
  provides: [RECORD_LOOKUP_SERVICE, LOOKUP_SERVICE],
  async onEnabled({ properties: values, dynamic }): Promise<Closeable> {
    const { connectTimeout, readTimeout, ssl, proxy, authentication, user = '', password = '', oauth } = values;
    const client = await HttpClient.create({ connectTimeout, readTimeout, idleTimeout: IDLE_TIMEOUT, http2: true, ssl, proxy, cacheSize: undefined });
    const isBasic = authentication === 'BASIC';
    const exchange = new HttpExchange(client, {
      followsRedirects: true,
      cookies: undefined,
      basic: isBasic && !values.digest ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` : undefined,
      digest: isBasic && values.digest ? { user, password } : undefined,
      tokens: authentication === 'OAUTH2' ? oauth : undefined,
      renewsTokens: true,
    });
    const path = values.path ? compileRecordPath(values.path) : undefined;
    return {
      requiredKeys: [],
      lookup: async (coordinates, attributes) => answerOf(exchange, lookupRequest(values.url, dynamic, coordinates, attributes), values, path, attributes),
      close: () => client.close(),
    };
  },
  onDisabled: (service) => (service as Closeable).close(),
});
