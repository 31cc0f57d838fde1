import { AZURE_CREDENTIALS } from '../../server/extension/azure.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { authorityOf, type EntraIdentity, identityOfEnvironment } from './entra.ts';
import { EntraTokens } from './entra-tokens.ts';

const STRATEGY = 'Credential Configuration Strategy';
const PRINCIPAL = { [STRATEGY]: ['service-principal'] };

const properties = {
  strategy: property.choice(
    STRATEGY,
    'Where it is said who we are: in the environment (a client with its secret, or workload identity) or by the machine, by the machine alone, or here',
    { 'default-credential': 'Default Credential', 'managed-identity': 'Managed Identity', 'service-principal': 'Service Principal' },
    { default: 'default-credential' },
  ),
  machineClient: property.text('Managed Identity Client ID', 'Which of the identities of the machine, where it has several', {
    sensitive: true,
    dependsOn: { [STRATEGY]: ['managed-identity'] },
  }),
  tenant: property.text('Service Principal Tenant ID', 'The directory of the application', { required: true, dependsOn: PRINCIPAL }),
  client: property.text('Service Principal Client ID', 'The id of the application', { required: true, dependsOn: PRINCIPAL }),
  secret: property.text('Service Principal Client Secret', 'Its secret', { required: true, sensitive: true, dependsOn: PRINCIPAL }),
};

function identityOf({ strategy, machineClient, tenant, client, secret }: ComponentContext<typeof properties>['properties']): EntraIdentity {
  if (strategy === 'managed-identity') return { kind: 'machine', client: machineClient };
  return strategy === 'service-principal' ? { kind: 'secret', authority: authorityOf(process.env), tenant, client, secret } : identityOfEnvironment(process.env);
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.services.azure', bundle: 'nifi-azure-nar' },
  description: 'Says who components are for Azure: an application with its secret, a managed identity, or what the environment says.',
  tags: ['azure', 'security', 'credentials', 'provider', 'restricted'],
  restrictions: { 'access-environment-credentials': 'Lets whoever configures it use the credentials of the environment of the server.' },
  provides: [AZURE_CREDENTIALS],
  properties,
  onEnabled: ({ properties: values }) => new EntraTokens(identityOf(values)),
  async verify({ properties: values, signal }) {
    const name = 'Get an access token';
    try {
      await new EntraTokens(identityOf(values)).token('https://vault.azure.net', signal);
      return [{ name, outcome: 'SUCCESSFUL', explanation: 'Microsoft Entra ID gives a token for Key Vault.' }];
    } catch (thrown) {
      return [{ name, outcome: 'FAILED', explanation: messageOf(thrown) }];
    }
  },
});
