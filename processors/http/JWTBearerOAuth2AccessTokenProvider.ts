import type { ComponentContext } from '../../server/extension/component.ts';
import { choices } from '../../server/extension/choices.ts';
import { ProcessError, PropertyError } from '../../server/extension/errors.ts';
import { ACCESS_TOKEN_PROVIDER, WEB_CLIENT } from '../../server/extension/http-services.ts';
import { PRIVATE_KEY_SERVICE } from '../../server/extension/private-key.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { keyProblem, signedAssertion, thumbprintOf } from './jwt-assertion.ts';
import { acquireToken, TokenKeeper } from './token-keeper.ts';
import { type PostForm, requestToken } from './token-requests.ts';

const CLAIM = 'CLAIM.';
const FORM = 'FORM.';

const properties = {
  url: property.text('Token Endpoint URL', 'Where tokens are asked for', { required: true }),
  web: property.service('Web Client Service', 'Who sends the requests', WEB_CLIENT, { required: true }),
  keys: property.service('Private Key Service', 'The key that signs', PRIVATE_KEY_SERVICE, { required: true }),
  algorithm: property.choice(
    'Signing Algorithm',
    'How it signs; the kind of key must fit',
    choices('RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'Ed25519'),
    { default: 'PS256' },
  ),
  issuer: property.text('Issuer', 'Who asks: the claim iss', { expressions: 'environment' }),
  subject: property.text('Subject', 'On whose behalf: the claim sub', { expressions: 'environment' }),
  audience: property.text('Audience', 'For whom the token is: the claim aud, several with spaces between', { expressions: 'environment' }),
  scope: property.text('Scope', 'What access is asked for: the claim scope', { expressions: 'environment' }),
  id: property.text('JWT ID', 'What is different each time: the claim jti, such as ${UUID()}', { expressions: 'environment', evaluatedAnew: true }),
  tellsThumbprint: property.boolean('Set JWT Header X.509 Cert Thumbprint', 'Whether the header x5t#S256 tells the certificate of the key', { default: 'false' }),
  ssl: property.service('SSL Context Service', 'Whose certificate the header tells', SSL_CONTEXT, {
    required: true,
    dependsOn: { 'Set JWT Header X.509 Cert Thumbprint': ['true'] },
  }),
  keyId: property.text('Key ID', 'The header kid', { expressions: 'environment' }),
  grant: property.text('Grant Type', 'What is shown for a token', { default: 'urn:ietf:params:oauth:grant-type:jwt-bearer', expressions: 'environment' }),
  assertion: property.text('Assertion Parameter Name', 'The field of the request that holds the signed token', { default: 'assertion', expressions: 'environment' }),
  window: property.duration('Refresh Window', 'How long before its end a token is replaced', { default: '5 minutes' }),
  lifetime: property.duration('JWT Expiration Time', 'How long the signed token is good for, and a token whose end the server does not tell', { default: '1 hour' }),
};

type Context = ComponentContext<typeof properties>;

function prefixed({ dynamic }: Context, prefix: string): Record<string, string> {
  return Object.fromEntries([...dynamic].filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value()]));
}

function assertionOf(context: Context): Promise<string> {
  const { keys, algorithm, id, ssl, tellsThumbprint, keyId, issuer, subject, audience, scope, lifetime } = context.properties;
  const thumbprint = tellsThumbprint ? thumbprintOf(ssl!) : undefined;
  const claims = prefixed(context, CLAIM);
  return signedAssertion({ key: keys.privateKey, algorithm, keyId, thumbprint, issuer, subject, audience, scope, id: id(), claims, lifetime }, context.now());
}

function open(context: Context): TokenKeeper {
  const { web, keys, algorithm, grant, assertion, url, window, lifetime } = context.properties;
  const problem = keyProblem(keys.privateKey, algorithm);
  if (problem !== undefined) throw new ProcessError(`${problem}.`);
  const post: PostForm = async (to, headers, body) => {
    const answer = await web.send({ method: 'POST', url: to, headers, body });
    return { status: answer.status, text: await answer.body.text() };
  };
  // Refresh tokens are not used: a new assertion does as well (NiFi).
  const request = async () => ({
    ...(await requestToken(post, new URL(url), { grant_type: grant, [assertion]: await assertionOf(context), ...prefixed(context, FORM) }, undefined)),
    refreshToken: undefined,
  });
  return new TokenKeeper({ refreshWindow: window, defaultExpiration: lifetime, now: context.now, request });
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.oauth2', bundle: 'nifi-oauth2-provider-nar' },
  description: 'Fetches OAuth 2 access tokens for signed JSON Web Tokens (RFC 7523) and renews them in time.',
  tags: ['oauth2', 'provider', 'authorization', 'access token', 'hjwt'],
  provides: [ACCESS_TOKEN_PROVIDER],
  properties,
  dynamicProperties: {
    description: 'CLAIM. and a name: a further claim of the signed token. FORM. and a name: a further field of the request',
    name: 'CLAIM.JWT claim name',
    value: 'JWT claim value',
    expressions: 'environment',
    checkName: (name) => {
      if (!name.startsWith(CLAIM) && !name.startsWith(FORM)) throw new PropertyError(`its name must begin with ${CLAIM} or ${FORM}`);
    },
  },
  validate: ({ url }) => (URL.canParse(url) && /^https?:/.test(url) ? [] : [`Token Endpoint URL '${url}' is not a URL with https://`]),
  onEnabled: open,
  verify: (context) => acquireToken(async () => open(context).token()),
});
