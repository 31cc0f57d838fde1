import type { ComponentContext, VerificationStep } from '../../server/extension/component.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { verifyService } from '../../server/extension/warehouse-staging.ts';
import { WAREHOUSE } from '../../server/extension/warehouse.ts';
import { accountOfTokens, accountUrl } from './account.ts';
import { type Authorization, fingerprintOf, KeyPairAuthorization, oauth, programmaticToken } from './authorization.ts';
import { LONGEST } from './client.ts';
import { connectionProperties, placeOf, previousKeys, privateKey } from './connection-properties.ts';
import { Driver } from './driver.ts';
import { DriverSessions } from './driver-sessions.ts';
import { Snowflake } from './snowflake.ts';
import { quote } from './snowflake-types.ts';
import { SqlApi } from './sql-api.ts';
import { Statements } from './statements.ts';

const REQUEST_TIMEOUT = 60_000;

type Context = ComponentContext<typeof connectionProperties>;
function authorizationOf({ properties: values, now }: Context): Authorization {
  if (values.strategy === 'OAUTH') return oauth(values.tokens!);
  if (values.strategy === 'PROGRAMMATIC_ACCESS_TOKEN') return programmaticToken(values.token!);
  const key = privateKey(values);
  if (key.asymmetricKeyType !== 'rsa')
    throw new ProcessError(`The private key is one of ${key.asymmetricKeyType}, but Snowflake takes RSA only: generate one with 2048 bits or more.`);
  return new KeyPairAuthorization([key, ...previousKeys(values)], accountOfTokens(values.account), values.user!, now);
}

/** The user as SQL; a parameter stands for itself, since who reads it here may not know its value. */
function userOf(values: ReadonlyMap<string, string>): string {
  const name = values.get(connectionProperties.user.name) ?? '';
  return /^[A-Za-z_][\w$]*$/.test(name) || /^#\{[^{}]*\}$/.test(name) ? name : quote(name.toUpperCase());
}

/** Parameters without a value are empty texts: they are as good as not set. */
async function open(context: Context): Promise<Snowflake> {
  const { account, url, access, role, warehouse, database, schema, timeout, maxConcurrent, requestTimeout, queryTag } = context.properties;
  const places = { role: role ? placeOf(role) : undefined, warehouse: warehouse ? placeOf(warehouse) : undefined, database: placeOf(database), schema: placeOf(schema) };
  const settings = { ...places, timeout, maxConcurrent, queryTag: queryTag ?? '' };
  const place = { url: url || accountUrl(account), account: accountOfTokens(account) };
  const authorization = authorizationOf(context);
  if (access === 'DRIVER') return new Snowflake(new Driver(place.url, new DriverSessions(place, settings, authorization), settings));
  const api = await SqlApi.open({ url: place.url, timeout: requestTimeout ?? REQUEST_TIMEOUT, connections: maxConcurrent + 4 }, authorization);
  return new Snowflake(new Statements(api, settings));
}

/** Which key Snowflake must know, so that a login that is refused can be compared with DESCRIBE USER. */
function keyStep({ properties: values }: Context): VerificationStep[] {
  if (values.strategy !== 'KEY_PAIR') return [];
  return [
    { name: 'Read the private key', outcome: 'SUCCESSFUL', explanation: `RSA_PUBLIC_KEY_FP or RSA_PUBLIC_KEY_2_FP of the user must be ${fingerprintOf(privateKey(values))}.` },
  ];
}

export default defineControllerService({
  description:
    'A Snowflake account as a warehouse, reached through its SQL REST API or its driver. Results stream piece by piece, rows are loaded into a stage table and merged by one statement, and what is stopped ends in Snowflake too.',
  tags: ['warehouse', 'snowflake', 'sql', 'database', 'restricted'],
  restrictions: { 'reference-remote-resources': 'Lets whoever configures it reach any address that this server may reach, and read private keys from files.' },
  properties: connectionProperties,
  provides: [WAREHOUSE],
  keyPair: {
    property: connectionProperties.key.name,
    previous: connectionProperties.previous.name,
    elsewhere: [connectionProperties.file.name, connectionProperties.keys.name],
    instruction: (publicKey, slot, values) => `ALTER USER ${userOf(values)} SET RSA_PUBLIC_KEY${slot === 'second' ? '_2' : ''}='${publicKey}';`,
  },
  validate({ strategy, key, file, keys, timeout }) {
    const sources = [key, file, keys].filter(Boolean).length;
    return [
      ...(strategy === 'KEY_PAIR' && sources !== 1 ? ['Set one of Private Key, Private Key File and Private Key Service'] : []),
      ...(timeout !== undefined && timeout > LONGEST * 1000 ? [`Statement Timeout must be at most ${LONGEST} s, which is two days`] : []),
    ];
  },
  onEnabled: open,
  onDisabled: (warehouse: Snowflake) => warehouse.close(),
  verify: (context) => verifyService(() => open(context), context, { before: () => keyStep(context) }),
});
