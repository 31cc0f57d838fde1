import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_READER, RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';

/** ListenHTTP's properties. */
export const properties = {
  basePath: property.text('Base Path', 'The path at which content is taken', { default: 'contentListener', expressions: 'environment' }),
  port: property.integer('Listening Port', 'Where requests are expected', {
    required: true,
    expressions: 'environment',
    min: 0,
    max: 65535,
    listenPort: { transport: 'TCP', applications: ['http/1.1'] },
  }),
  healthPort: property.integer('Listening Port for Health Check Requests', 'Kept for flows made in NiFi: /healthcheck is answered at the same port', {
    expressions: 'environment',
    min: 0,
    max: 65535,
  }),
  ssl: property.service('SSL Context Service', 'Keys for https', SSL_CONTEXT),
  protocols: property.choice(
    'HTTP Protocols',
    'This runtime answers HTTP/1.1',
    { HTTP_1_1: 'http/1.1', H2_HTTP_1_1: 'h2 http/1.1', H2: 'h2' },
    { default: 'HTTP_1_1', dependsOn: { 'SSL Context Service': [] } },
  ),
  authentication: property.choice('Client Authentication', 'Whether clients must show a certificate', choices('AUTO', 'WANT', 'REQUIRED', 'NONE'), {
    default: 'AUTO',
    required: false,
    dependsOn: { 'SSL Context Service': [] },
  }),
  subject: property.regex('Authorized Subject DN Pattern', 'Clients whose certificate bears such a name are let in', { default: '.*' }),
  issuer: property.regex('Authorized Issuer DN Pattern', 'Clients whose certificate was issued by such a name are let in', { default: '.*', required: false }),
  unconfirmed: property.duration('Max Unconfirmed Flowfile Time', 'Kept for flows made in NiFi: an answer is sent once the FlowFile is stored', { default: '60 secs' }),
  headers: property.regex('HTTP Headers for Attributes', 'Headers whose whole name matches become attributes'),
  maximumHeader: property.dataSize('Request Header Maximum Size', 'How many bytes the headers of a request may have', { default: '8 KB' }),
  status: property.integer('Return Code', 'The status of the answer', { default: '200', required: false, min: 200, max: 599 }),
  maximumForm: property.dataSize('Multipart Request Max Size', 'How many bytes a form may have', { default: '1 MB' }),
  formBuffer: property.dataSize('Multipart Read Buffer Size', 'Kept for flows made in NiFi', { default: '512 KB' }),
  threads: property.integer('Maximum Thread Pool Size', 'Kept for flows made in NiFi', { default: '200' }),
  reader: property.service('Record Reader', 'Kept for flows made in NiFi: let ConvertRecord follow', RECORD_READER),
  writer: property.service('Record Writer', 'Kept for flows made in NiFi: let ConvertRecord follow', RECORD_SET_WRITER, { required: true, dependsOn: { 'Record Reader': [] } }),
};
