import type { ComponentContext } from '../../server/extension/component.ts';
import { GOOGLE_CREDENTIALS } from '../../server/extension/google.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { defineParameterProvider, fetchingStep, grouped, type ProvidedGroup, wholePattern } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';
import { readAll } from '../../server/extension/secret-store.ts';
import { SecretManager } from './secret-manager.ts';

const ADDRESS = 'https://secretmanager.googleapis.com';
const LABEL = 'group-name';

const properties = {
  groups: property.text('group-name-pattern', `Secrets whose label ${LABEL} matches this regular expression as a whole`, {
    displayName: 'Group Name Pattern',
    default: '.*',
    validate: wholePattern,
  }),
  project: property.text('gcp-project-id', 'The project of the secrets', { displayName: 'Project ID', required: true }),
  credentials: property.service('gcp-credentials-provider-service', 'Who we are', GOOGLE_CREDENTIALS, { required: true, displayName: 'GCP Credentials Provider Service' }),
  address: property.text('Endpoint Override URL', `Another address than ${ADDRESS}, such as https://secretmanager.europe-west3.rep.googleapis.com for regional secrets`, {
    validate: apiAddress(ADDRESS),
  }),
};

async function groupsOf({ properties: { groups, project, credentials, address = ADDRESS }, signal }: ComponentContext<typeof properties>): Promise<ProvidedGroup[]> {
  const pattern = wholePattern(groups);
  const manager = await SecretManager.open(address, project, credentials);
  try {
    const labelled = (await manager.list(signal)).map(({ name, labels }) => ({ name, group: labels?.[LABEL] }));
    const wanted = labelled.filter((secret): secret is { name: string; group: string } => secret.group !== undefined && pattern.test(secret.group));
    return grouped(await readAll(wanted, async ({ name, group }) => ({ group, name, value: await manager.read(name, signal) })));
  } finally {
    await manager.close();
  }
}

export default defineParameterProvider({
  nifi: { package: 'org.apache.nifi.parameter.gcp', bundle: 'nifi-gcp-parameter-providers-nar' },
  description: `Makes parameters of the secrets in Google Secret Manager: each secret is one, of the group that its label ${LABEL} names. Secrets without that label are left out.`,
  tags: ['gcp', 'secret', 'manager', 'google'],
  properties,
  fetchParameters: groupsOf,
  verify: async (context) => [await fetchingStep(() => groupsOf(context))],
});
