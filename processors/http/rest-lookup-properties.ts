import { ACCESS_TOKEN_PROVIDER, PROXY_CONFIGURATION } from '../../server/extension/http-services.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_READER } from '../../server/extension/record-io.ts';
import { checkRecordPath } from '../../server/extension/record-path/record-path.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';

const BASIC = { 'Authentication Strategy': ['BASIC'] };

/** RestLookupService's properties, in NiFi's order. */
export const restLookupProperties = {
  url: property.text('URL', 'Where the request goes. Coordinates and attributes of the FlowFile stand in it as expressions: https://example.org/customers/${id}', {
    required: true,
    expressions: 'flowfile',
  }),
  reader: property.service('Record Reader', 'Reads the answer; its first record counts', RECORD_READER, { required: true }),
  path: property.text('Record Path', 'Leads to what is wanted of the answer; the whole record where it is not set', { expressions: 'environment', validate: checkRecordPath }),
  handling: property.choice(
    'Response Handling Strategy',
    'Whether any answer is read, or those only whose status is 2xx; with Evaluated the look-up fails for others',
    { RETURNED: 'Returned', EVALUATED: 'Evaluated' },
    { default: 'RETURNED' },
  ),
  ssl: property.service('SSL Context Service', 'Keys and trusted certificates for https', SSL_CONTEXT),
  authentication: property.choice('Authentication Strategy', 'How to say who asks', { NONE: 'None', BASIC: 'Basic', OAUTH2: 'OAuth2' }, { default: 'NONE' }),
  oauth: property.service('OAuth2 Access Token Provider', 'Who gives the token that is sent as Authorization: Bearer', ACCESS_TOKEN_PROVIDER, {
    required: true,
    dependsOn: { 'Authentication Strategy': ['OAUTH2'] },
  }),
  proxy: property.service('Proxy Configuration Service', 'The proxy to go through', PROXY_CONFIGURATION),
  user: property.text('Basic Authentication Username', 'Who asks', { expressions: 'environment', dependsOn: BASIC }),
  password: property.text('Basic Authentication Password', 'The password', { sensitive: true, expressions: 'environment', dependsOn: BASIC }),
  digest: property.boolean('Use Digest Authentication', 'Whether the password is proved by digests instead of being sent', { default: 'false', required: false, dependsOn: BASIC }),
  connectTimeout: property.duration('Connection Timeout', 'How long to wait for a connection', { default: '5 secs' }),
  readTimeout: property.duration('Read Timeout', 'How long to wait for more of the answer', { default: '15 secs' }),
};
