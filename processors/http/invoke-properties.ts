import { choices } from '../../server/extension/choices.ts';
import { ACCESS_TOKEN_PROVIDER, PROXY_CONFIGURATION } from '../../server/extension/http-services.ts';
import { property } from '../../server/extension/property.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';

/** InvokeHTTP's properties. */
export const properties = {
  method: property.text('HTTP Method', "GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS or a method of the server's own", { default: 'GET', expressions: 'flowfile' }),
  url: property.text('HTTP URL', 'Where the request goes, with http:// or https://', { required: true, expressions: 'flowfile' }),
  http2Disabled: property.choice('HTTP/2 Disabled', 'Whether HTTP/1.1 is spoken even where the server knows HTTP/2 (over https only)', choices('True', 'False'), {
    default: 'False',
  }),
  ssl: property.service('SSL Context Service', 'Keys and trusted certificates for https', SSL_CONTEXT),
  connectTimeout: property.duration('Connection Timeout', 'How long to wait for a connection', { default: '5 secs' }),
  readTimeout: property.duration('Socket Read Timeout', 'How long to wait for more of the answer', { default: '15 secs' }),
  writeTimeout: property.duration('Socket Write Timeout', 'Kept for flows made in NiFi: what cannot be sent ends with the Socket Read Timeout', { default: '15 secs' }),
  idleTimeout: property.duration('Socket Idle Timeout', 'How long a connection is kept without use', { default: '5 mins' }),
  idleConnections: property.integer('Socket Idle Connections', 'Kept for flows made in NiFi: a server gets as many connections as tasks run at once', { default: '5' }),
  proxy: property.service('Proxy Configuration Service', 'The proxy to go through', PROXY_CONFIGURATION),
  oauth: property.service('Request OAuth2 Access Token Provider', 'Who gives the token that is sent as Authorization: Bearer', ACCESS_TOKEN_PROVIDER),
  oauthStrategy: property.choice(
    'OAuth2 Access Token Refresh Strategy',
    'Whether a new token is fetched only when the old one has expired, or also when the server answers 401',
    choices('ON_TOKEN_EXPIRATION', 'ON_UNAUTHORIZED_RESPONSE'),
    { default: 'ON_TOKEN_EXPIRATION', required: false, dependsOn: { 'Request OAuth2 Access Token Provider': [] } },
  ),
  username: property.text('Request Username', 'For servers that ask who comes'),
  password: property.text('Request Password', 'For servers that ask who comes', { sensitive: true }),
  digest: property.boolean('Request Digest Authentication Enabled', 'Whether the password is proved by digests instead of being sent', {
    default: 'false',
    dependsOn: { 'Request Username': [] },
  }),
  penalizesNoRetry: property.boolean('Request Failure Penalization Enabled', 'Whether FlowFiles for No Retry are penalized', { default: 'false', required: false }),
  sendsBody: property.boolean('Request Body Enabled', "Whether the FlowFile's content is sent", {
    default: 'true',
    required: false,
    dependsOn: { 'HTTP Method': ['PATCH', 'POST', 'PUT'] },
  }),
  multipartName: property.text('Request Multipart Form-Data Name', 'Sends the content as the part of this name of a multipart/form-data body', {
    expressions: 'flowfile',
    dependsOn: { 'Request Body Enabled': ['true'] },
  }),
  multipartFilename: property.boolean('Request Multipart Form-Data Filename Enabled', 'Whether that part tells the filename', {
    default: 'true',
    required: false,
    dependsOn: { 'Request Multipart Form-Data Name': [] },
  }),
  chunked: property.boolean('Request Chunked Transfer-Encoding Enabled', 'Whether the length is left open', {
    default: 'false',
    dependsOn: { 'HTTP Method': ['PATCH', 'POST', 'PUT'] },
  }),
  contentEncoding: property.choice('Request Content-Encoding', 'Whether the content is compressed', choices('DISABLED', 'GZIP'), {
    default: 'DISABLED',
    dependsOn: { 'HTTP Method': ['PATCH', 'POST', 'PUT'] },
  }),
  contentType: property.text('Request Content-Type', 'The kind of content; application/octet-stream where it gives nothing', {
    default: '${mime.type}',
    expressions: 'flowfile',
    dependsOn: { 'HTTP Method': ['PATCH', 'POST', 'PUT'] },
  }),
  dateHeader: property.choice('Request Date Header Enabled', 'Whether the time of the request is sent', choices('True', 'False'), { default: 'True' }),
  headerPattern: property.regex('Request Header Attributes Pattern', 'Attributes whose whole name matches are sent as headers'),
  userAgent: property.text('Request User-Agent', 'The header User-Agent', { expressions: 'flowfile' }),
  bodyAttribute: property.text('Response Body Attribute Name', 'The attribute of the original FlowFile that gets the answer, instead of a new FlowFile', {
    expressions: 'flowfile',
  }),
  bodyAttributeSize: property.integer('Response Body Attribute Size', 'How many bytes of the answer an attribute gets at most', {
    default: '256',
    dependsOn: { 'Response Body Attribute Name': [] },
  }),
  ignoresBody: property.boolean('Response Body Ignored', 'Whether the content of the answer is thrown away', { default: 'false' }),
  caches: property.boolean('Response Cache Enabled', 'Whether answers are kept as their headers allow', { default: 'false' }),
  cacheSize: property.dataSize('Response Cache Size', 'How much of them is kept in memory', { default: '10MB', dependsOn: { 'Response Cache Enabled': ['true'] } }),
  cookies: property.choice('Response Cookie Strategy', 'Whether cookies are kept and sent again', choices('DISABLED', 'ACCEPT_ALL'), { default: 'DISABLED' }),
  generates: property.boolean('Response Generation Required', 'Whether each answer becomes a FlowFile for Response, whatever its status', { default: 'false', required: false }),
  naming: property.choice('Response FlowFile Naming Strategy', 'Whether the new FlowFile is called like the last part of the URL', choices('RANDOM', 'URL_PATH'), {
    default: 'RANDOM',
  }),
  headersToRequest: property.boolean('Response Header Request Attributes Enabled', 'Whether the headers of the answer become attributes of the original FlowFile too', {
    default: 'false',
    required: false,
  }),
  headerPrefix: property.text('Response Header Request Attributes Prefix', 'What their names begin with there', {
    expressions: 'flowfile',
    dependsOn: { 'Response Header Request Attributes Enabled': ['true'] },
  }),
  redirects: property.choice('Response Redirects Enabled', 'Whether redirects are followed, 20 at most', choices('True', 'False'), { default: 'True' }),
};
