import type { ComponentContext } from '../../server/extension/component.ts';
import { ACCESS_TOKEN_PROVIDER, PROXY_CONFIGURATION } from '../../server/extension/http-services.ts';
import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { HttpClient } from './http-client.ts';
import { acquireToken, TokenKeeper } from './token-keeper.ts';
import { type PostForm, requestToken } from './token-requests.ts';

const TIMEOUT = 30_000;

const properties = {
  url: property.text('Authorization Server URL', 'Where tokens are asked for', { required: true, expressions: 'environment' }),
  authentication: property.choice(
    'Client Authentication Strategy',
    'Whether client and secret go into the form or into the header Authorization',
    choices('REQUEST_BODY', 'BASIC_AUTHENTICATION'),
    { default: 'REQUEST_BODY' },
  ),
  grant: property.choice(
    'Grant Type',
    'What is shown for a token',
    { password: 'User Password', client_credentials: 'Client Credentials', refresh_token: 'Refresh Token' },
    { default: 'password' },
  ),
  username: property.text('Username', 'Whose data is accessed', { required: true, expressions: 'environment', dependsOn: { 'Grant Type': ['password'] } }),
  password: property.text('Password', 'Their password', { required: true, sensitive: true, dependsOn: { 'Grant Type': ['password'] } }),
  refreshToken: property.text('Refresh Token', 'The refresh token to begin with', {
    required: true,
    sensitive: true,
    expressions: 'environment',
    dependsOn: { 'Grant Type': ['refresh_token'] },
  }),
  clientId: property.text('Client ID', 'The client as the server knows it', { expressions: 'environment' }),
  clientSecret: property.text('Client Secret', 'Its secret', { required: true, sensitive: true, dependsOn: { 'Client ID': [] } }),
  scope: property.text('Scope', 'What access is asked for, with spaces between'),
  resource: property.text('Resource', 'Where the token is to be used'),
  audience: property.text('Audience', 'Who is to accept the token'),
  window: property.duration('Refresh Window', 'How long before its end a token is replaced', { default: '0 s' }),
  expiration: property.duration('Default Expiration Time', 'How long a token is good for where the server does not say', { default: '1 hour' }),
  ssl: property.service('SSL Context Service', 'Keys and trusted certificates for https', SSL_CONTEXT),
  protocols: property.choice(
    'HTTP Protocols',
    'Which versions of HTTP are spoken',
    { HTTP_1_1: 'http/1.1', H2_HTTP_1_1: 'h2 http/1.1', H2: 'h2' },
    { default: 'H2_HTTP_1_1', dependsOn: { 'SSL Context Service': [] } },
  ),
  proxy: property.service('Proxy Configuration Service', 'The proxy to go through', PROXY_CONFIGURATION),
};

type Context = ComponentContext<typeof properties>;

function formOf({ properties: values, dynamic }: Context, refreshToken: string | undefined): Record<string, string> {
  const form: Record<string, string | undefined> = {
    grant_type: refreshToken === undefined ? values.grant : 'refresh_token',
    scope: values.scope,
    resource: values.resource,
    audience: values.audience,
  };
  if (refreshToken !== undefined) form.refresh_token = refreshToken;
  else if (values.grant === 'password') Object.assign(form, { username: values.username, password: values.password });
  else if (values.grant === 'refresh_token') form.refresh_token = values.refreshToken;
  if (values.authentication === 'REQUEST_BODY') Object.assign(form, { client_id: values.clientId, client_secret: values.clientSecret });
  for (const [name, value] of dynamic) if (name.startsWith('FORM.')) form[name.slice('FORM.'.length)] = value();
  return Object.fromEntries(Object.entries(form).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** RFC 6749 2.3.1: name and secret are form-encoded first. */
const basicOf = ({ properties: { authentication, clientId = '', clientSecret = '' } }: Context): string | undefined =>
  authentication === 'BASIC_AUTHENTICATION' ? `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}` : undefined;

async function open(context: Context) {
  const { ssl, proxy, protocols, url, window, expiration } = context.properties;
  const http2 = ssl !== undefined && protocols !== 'HTTP_1_1';
  const client = await HttpClient.create({ connectTimeout: TIMEOUT, readTimeout: TIMEOUT, idleTimeout: 4000, http2, ssl, proxy, cacheSize: undefined });
  const post: PostForm = async (to, headers, body) => {
    const answer = await client.request(to, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.body.text() };
  };
  const request = (refreshToken: string | undefined) => requestToken(post, new URL(url), formOf(context, refreshToken), basicOf(context));
  const keeper = new TokenKeeper({ refreshWindow: window, defaultExpiration: expiration, now: context.now, request });
  return { token: () => keeper.token(), renew: () => keeper.renew(), close: () => client.close() };
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.oauth2', bundle: 'nifi-oauth2-provider-nar' },
  description: 'Fetches OAuth 2 access tokens and renews them in time.',
  tags: ['authorization', 'access token', 'provider', 'http', 'oauth2'],
  provides: [ACCESS_TOKEN_PROVIDER],
  properties,
  dynamicProperties: {
    description: 'FORM. and a name: a further field of the request for a token',
    name: 'FORM.Request parameter name',
    value: 'Request parameter value',
    expressions: 'environment',
    sensitivePrefix: 'SENSITIVE.',
  },
  validate: ({ url, grant, clientId }) => [
    ...(URL.canParse(url) && /^https?:/.test(url) ? [] : [`Authorization Server URL '${url}' is not a URL with https://`]),
    ...(grant === 'client_credentials' && clientId === undefined ? ['Client ID must be set for Client Credentials'] : []),
  ],
  onEnabled: open,
  onDisabled: (service) => (service as Awaited<ReturnType<typeof open>>).close(),
  async verify(context) {
    const service = await open(context);
    try {
      return await acquireToken(() => service.token());
    } finally {
      await service.close();
    }
  },
});
