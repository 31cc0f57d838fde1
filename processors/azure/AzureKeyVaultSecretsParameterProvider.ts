import { AZURE_CREDENTIALS } from '../../server/extension/azure.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { defineParameterProvider, fetchingStep, grouped, type ProvidedGroup, wholePattern } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';
import { readAll } from '../../server/extension/secret-store.ts';
import { KeyVault } from './key-vault.ts';

const properties = {
  credentials: property.service('azure-credentials-service', 'Who we are', AZURE_CREDENTIALS, { required: true, displayName: 'Azure Credentials Service' }),
  url: property.text('key-vault-uri', 'The address of the vault, such as https://shop.vault.azure.net', {
    displayName: 'Key Vault URI',
    required: true,
    validate: apiAddress('https://shop.vault.azure.net'),
  }),
  groups: property.text('group-name-pattern', 'Secrets whose tag group-name matches this regular expression as a whole', {
    displayName: 'Group Name Pattern',
    default: '.*',
    validate: wholePattern,
  }),
};

async function groupsOf({ properties: { credentials, url, groups }, signal }: ComponentContext<typeof properties>): Promise<ProvidedGroup[]> {
  const pattern = wholePattern(groups);
  const vault = await KeyVault.open(url, credentials);
  try {
    const listed = await vault.list(signal);
    const wanted = listed.filter((secret): secret is { name: string; group: string } => secret.group !== undefined && pattern.test(secret.group));
    return grouped(await readAll(wanted, async ({ name, group }) => ({ group, name, value: await vault.read(name, signal) })));
  } finally {
    await vault.close();
  }
}

export default defineParameterProvider({
  nifi: { package: 'org.apache.nifi.parameter.azure', bundle: 'nifi-azure-parameter-providers-nar' },
  description: 'Makes parameters of the secrets in an Azure Key Vault: each secret is one, of the group that its tag group-name names. Secrets without that tag are left out.',
  tags: ['azure', 'keyvault', 'key', 'vault', 'secrets'],
  properties,
  fetchParameters: groupsOf,
  verify: async (context) => [await fetchingStep(() => groupsOf(context))],
});
