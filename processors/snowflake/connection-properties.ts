import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { ACCESS_TOKEN_PROVIDER } from '../../server/extension/http-services.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { PRIVATE_KEY_SERVICE } from '../../server/extension/private-key.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { checkAccount } from './account.ts';
import { folded } from './snowflake-types.ts';

const environment = { expressions: 'environment' } as const;
const STRATEGY = 'Authentication Strategy';
const ACCESS = 'Access Strategy';
const byKeyPair = { dependsOn: { [STRATEGY]: ['KEY_PAIR'] } } as const;
const CASE = 'A plain word means the name in capital letters, as in SQL; put it into double quotes where its small letters count';

/** What the service asks. */
export const connectionProperties = {
  account: property.text('Account Identifier', 'The account: ORGANIZATION-ACCOUNT, or a locator with its region such as xy12345.eu-central-1', {
    required: true,
    ...environment,
    validate: checkAccount,
  }),
  url: property.text('Account URL', 'Where the account is, where that does not follow from its identifier: a private link, a test', {
    ...environment,
    validate: apiAddress('https://xy12345.privatelink.snowflakecomputing.com'),
  }),
  access: property.choice(
    ACCESS,
    'By which of its doors Snowflake is entered. Both do the same; networks and accounts may allow only one of them',
    {
      SQL_API: 'By requests to the SQL REST API, which need no sessions; results come in partitions',
      DRIVER: "By sessions of Snowflake's own driver for Node.js, which are kept and used again; results come in chunks, from the storage of the account's cloud",
    },
    { default: 'SQL_API' },
  ),
  strategy: property.choice(
    STRATEGY,
    'How the service logs in',
    {
      KEY_PAIR: 'By tokens that a private key signs; each is good for an hour and made anew before it ends',
      OAUTH: 'By access tokens of an authorization server, such as client credentials',
      PROGRAMMATIC_ACCESS_TOKEN: "By a token that was made in Snowflake's user settings",
    },
    { default: 'KEY_PAIR' },
  ),
  user: property.text('Username', 'Who logs in', { required: true, ...environment, ...byKeyPair }),
  key: property.text('Private Key', 'The private key in PEM, as PKCS8 (BEGIN PRIVATE KEY or BEGIN ENCRYPTED PRIVATE KEY)', { sensitive: true, language: 'text', ...byKeyPair }),
  previous: property.text(
    'Previous Private Key',
    'The private keys, one below the other, of which one is used while Snowflake does not know the one above, as after a new one was generated',
    {
      sensitive: true,
      language: 'text',
      ...byKeyPair,
    },
  ),
  file: property.text('Private Key File', 'A file with the private key, such as an asset', { ...environment, ...byKeyPair }),
  password: property.text('Private Key Password', 'What the private key is encrypted with', { sensitive: true, ...byKeyPair }),
  keys: property.service('Private Key Service', 'Who hands out the private key, instead of the properties above', PRIVATE_KEY_SERVICE, byKeyPair),
  tokens: property.service('OAuth2 Access Token Provider', 'Who fetches access tokens and renews them', ACCESS_TOKEN_PROVIDER, {
    required: true,
    dependsOn: { [STRATEGY]: ['OAUTH'] },
  }),
  token: property.text('Programmatic Access Token', 'The token', { required: true, sensitive: true, dependsOn: { [STRATEGY]: ['PROGRAMMATIC_ACCESS_TOKEN'] } }),
  role: property.text('Role', `The role whose rights count; without one the user's own. ${CASE}`, environment),
  warehouse: property.text('Warehouse', `The warehouse that computes; without one the user's own. ${CASE}`, environment),
  database: property.text('Database', `The database that names without one belong to. ${CASE}`, { required: true, ...environment }),
  schema: property.text('Schema', `The schema that names without one belong to. ${CASE}`, { default: 'PUBLIC', ...environment }),
  timeout: property.duration('Statement Timeout', 'After this long Snowflake itself ends a statement, at most two days', { default: '1 hour' }),
  maxConcurrent: property.integer('Max Concurrent Statements', 'How many statements run at the same time at most; whatever comes later waits. Snowflake takes 20 of a user', {
    default: '20',
    min: 1,
    max: 1000,
  }),
  requestTimeout: property.duration('Request Timeout', 'How long the API may take to answer a request; a request without an answer is sent again and starts nothing twice', {
    default: '1 min',
    dependsOn: { [ACCESS]: ['SQL_API'] },
  }),
  queryTag: property.text('Query Tag', "What Snowflake's history calls the statements", { default: 'Millrace', ...environment }),
};

type KeySources = Pick<PropertyValues<typeof connectionProperties>, 'key' | 'file' | 'password' | 'keys'>;

/** Without a passphrase Node would ask the terminal for one. */
const readKey = (text: string, password: string | undefined): KeyObject => createPrivateKey({ key: text, format: 'pem', passphrase: password ?? '' });

const PEM = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----/g;

/** The keys that were used before, the latest first, as far as they can be read. */
export function previousKeys({ previous, password }: Pick<PropertyValues<typeof connectionProperties>, 'previous' | 'password'>): KeyObject[] {
  return (previous?.match(PEM) ?? []).flatMap((text) => {
    try {
      return [readKey(text, password)];
    } catch {
      return [];
    }
  });
}

/** Throws ProcessError where there is no private key of RSA that could be read. */
export function privateKey({ key, file, password, keys }: KeySources): KeyObject {
  try {
    if (keys) return keys.privateKey;
    const text = file ? readFileSync(file, 'utf8') : key;
    if (!text) throw new Error('neither Private Key, nor Private Key File, nor Private Key Service is set');
    return readKey(text, password);
  } catch (cause) {
    throw new ProcessError(`The private key cannot be read: ${messageOf(cause)}. It must be PKCS8 in PEM; an encrypted one needs Private Key Password.`, { cause });
  }
}

/** A name as requests have it, where case counts. */
export function placeOf(text: string): string {
  const [, inQuotes] = /^"((?:[^"]|"")*)"$/.exec(text.trim()) ?? [];
  return inQuotes?.replaceAll('""', '"') ?? folded(text.trim());
}
