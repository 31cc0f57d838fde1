import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AWS_REGIONS } from '../../server/extension/aws-regions.ts';
import { AWS_CREDENTIALS } from '../../server/extension/aws.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { defineParameterProvider, fetchingStep, parametersOf, type ProvidedGroup, wholePattern } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';
import { readAll } from '../../server/extension/secret-store.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { fieldsOf, listSecrets, openSecretsManager, readSecret } from './secrets-manager.ts';

const STRATEGY = 'secret-listing-strategy';
const REGIONS = Object.fromEntries(Object.entries(AWS_REGIONS).filter(([code]) => !code.endsWith('-global')));

const properties = {
  strategy: property.choice(
    STRATEGY,
    'Which secrets are fetched',
    { ENUMERATION: 'Enumerate Secret Names', PATTERN: 'Match Pattern' },
    { displayName: 'Secret Listing Strategy', default: 'PATTERN' },
  ),
  pattern: property.text('secret-name-pattern', 'Secrets whose whole name matches this regular expression; takes the right to list secrets', {
    displayName: 'Secret Name Pattern',
    default: '.*',
    validate: wholePattern,
    dependsOn: { [STRATEGY]: ['PATTERN'] },
  }),
  names: property.text('secret-names', 'Names of secrets, with commas between', { displayName: 'Secret Names', required: true, dependsOn: { [STRATEGY]: ['ENUMERATION'] } }),
  region: property.choice('aws-region', 'The region of the secrets', REGIONS, { displayName: 'Region', default: 'us-west-2' }),
  credentials: property.service('aws-credentials-provider-service', 'Who we are', AWS_CREDENTIALS, { required: true, displayName: 'AWS Credentials Provider Service' }),
  timeout: property.duration('aws-communications-timeout', 'How long connecting, and each answer, may take', { displayName: 'Communications Timeout', default: '30 secs' }),
  ssl: property.service('aws-ssl-context-service', 'Keys and trusted certificates', SSL_CONTEXT, { displayName: 'SSL Context Service' }),
  endpoint: property.text('Endpoint Override URL', 'Another server than that of the region, such as the endpoint of a VPC'),
};
type Context = ComponentContext<typeof properties>;

function namesIn(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

async function wantedNames({ properties: { strategy, names, pattern }, signal }: Context, client: SecretsManagerClient): Promise<string[]> {
  if (strategy === 'ENUMERATION') return namesIn(names);
  const expression = wholePattern(pattern);
  return (await listSecrets(client, signal)).filter((name) => expression.test(name));
}

/** Secrets that are no objects of keys and values are left out (NiFi). */
async function groupsOf(context: Context): Promise<ProvidedGroup[]> {
  const { properties: values, signal, log } = context;
  const client = await openSecretsManager(values);
  try {
    const groups = await readAll(await wantedNames(context, client), async (name): Promise<ProvidedGroup | undefined> => {
      const fields = fieldsOf(await readSecret(client, name, signal));
      if (fields) return { name, parameters: parametersOf(fields) };
      log.warn(`The secret ${name} is left out: it is not an object of keys and values in JSON.`);
      return undefined;
    });
    return groups.filter((group) => group !== undefined);
  } finally {
    client.destroy();
  }
}

export default defineParameterProvider({
  nifi: { package: 'org.apache.nifi.parameter.aws', bundle: 'nifi-aws-parameter-providers-nar' },
  description: 'Makes parameters of the secrets in AWS Secrets Manager: each secret is a group, its keys and values are the parameters.',
  tags: ['aws', 'secretsmanager', 'secrets', 'manager'],
  properties,
  fetchParameters: groupsOf,
  verify: async (context) => [await fetchingStep(() => groupsOf(context))],
});
