import { choices } from '../../server/extension/choices.ts';
import { HTTP_CONTEXT_MAP } from '../../server/extension/http-context.ts';
import { property } from '../../server/extension/property.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';

/** HandleHttpRequest's properties. */
export const properties = {
  port: property.integer('Listening Port', 'Where requests are expected', {
    default: '80',
    expressions: 'environment',
    min: 0,
    max: 65535,
    listenPort: { transport: 'TCP', applications: ['http/1.1'] },
  }),
  host: property.text('Hostname', 'The address to listen at; without it all'),
  ssl: property.service('SSL Context Service', 'Keys for https', SSL_CONTEXT),
  protocols: property.choice(
    'HTTP Protocols',
    'This runtime answers HTTP/1.1',
    { HTTP_1_1: 'http/1.1', H2_HTTP_1_1: 'h2 http/1.1', H2: 'h2' },
    { default: 'HTTP_1_1', dependsOn: { 'SSL Context Service': [] } },
  ),
  contexts: property.service('HTTP Context Map', 'Where requests wait for their answers', HTTP_CONTEXT_MAP, { required: true }),
  paths: property.regex('Allowed Paths', 'Paths that match wholly are served; others get 404'),
  characterSet: property.text('Default URL Character Set', 'Kept for flows made in NiFi: URLs are UTF-8', { default: 'UTF-8' }),
  get: property.boolean('Allow GET', 'Whether GET is served', { default: 'true' }),
  post: property.boolean('Allow POST', 'Whether POST is served', { default: 'true' }),
  put: property.boolean('Allow PUT', 'Whether PUT is served', { default: 'true' }),
  delete: property.boolean('Allow DELETE', 'Whether DELETE is served', { default: 'true' }),
  head: property.boolean('Allow HEAD', 'Whether HEAD is served', { default: 'false' }),
  options: property.boolean('Allow OPTIONS', 'Whether OPTIONS is served', { default: 'false' }),
  threads: property.integer('Maximum Threads', 'Kept for flows made in NiFi', { default: '200' }),
  maximumHeader: property.dataSize('Request Header Maximum Size', 'How many bytes the headers of a request may have', { default: '8 KB' }),
  methods: property.text('Additional HTTP Methods', 'Further methods, with commas between them'),
  authentication: property.choice('Client Authentication', 'Whether clients must show a certificate', choices('No Authentication', 'Want Authentication', 'Need Authentication'), {
    default: 'No Authentication',
  }),
  queue: property.integer('Container Queue Size', 'How many requests wait to be taken; others get 503', { default: '50', min: 1 }),
  maximumForm: property.dataSize('Multipart Request Max Size', 'How many bytes a form may have', { default: '1 MB' }),
  formBuffer: property.dataSize('Multipart Read Buffer Size', 'Kept for flows made in NiFi', { default: '512 KB' }),
  parameters: property.text('Parameters to Attributes', 'Kept for flows made in NiFi: query parameters always become attributes'),
};
