import type { ComponentContext } from '../../server/extension/component.ts';
import { apiAddress } from '../../server/extension/json-api.ts';
import { verifyClient } from '../../server/extension/polite-api.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT_SERVICE } from '../../server/extension/ssl-context.ts';
import { VAULT } from './vault.ts';
import { VaultClient } from './vault-client.ts';
import type { VaultLogin } from './vault-login.ts';

const by = (method: VaultLogin['method']) => ({ expressions: 'environment', dependsOn: { 'Vault Authentication': [method] } }) as const;

/** NiFi takes what belongs to an authentication method as dynamic properties with the names that Spring Vault has for them: the same names are declared here. */
const properties = {
  strategy: property.choice('Configuration Strategy', 'Where the configuration is', { 'direct-properties': 'Direct Properties' }, { default: 'direct-properties' }),
  url: property.text('Vault URI', 'The address of Vault', { required: true, expressions: 'environment', validate: apiAddress('https://vault.example.com:8200') }),
  namespace: property.text('vault.namespace', "The namespace, where Vault has some: Enterprise, HCP ('admin')", { displayName: 'Namespace', expressions: 'environment' }),
  method: property.choice(
    'Vault Authentication',
    'How we log in',
    { TOKEN: 'Token', APPROLE: 'AppRole', KUBERNETES: 'Kubernetes', CERT: 'Client certificate' },
    { default: 'TOKEN' },
  ),
  token: property.text('vault.token', 'A token, which is renewed while this service is enabled', { displayName: 'Token', required: true, sensitive: true, ...by('TOKEN') }),
  rolePath: property.text('vault.app-role.app-role-path', 'Where the method AppRole is mounted', { displayName: 'AppRole Path', default: 'approle', ...by('APPROLE') }),
  roleId: property.text('vault.app-role.role-id', 'The id of the role', { displayName: 'Role ID', required: true, ...by('APPROLE') }),
  secretId: property.text('vault.app-role.secret-id', 'Its secret, unless the role needs none', { displayName: 'Secret ID', sensitive: true, ...by('APPROLE') }),
  kubernetesPath: property.text('vault.kubernetes.kubernetes-path', 'Where the method Kubernetes is mounted', {
    displayName: 'Kubernetes Path',
    default: 'kubernetes',
    ...by('KUBERNETES'),
  }),
  role: property.text('vault.kubernetes.role', 'The role in Vault that the service account of the pod may take', {
    displayName: 'Kubernetes Role',
    required: true,
    ...by('KUBERNETES'),
  }),
  tokenFile: property.text('vault.kubernetes.service-account-token-file', 'The file in which Kubernetes puts the token of the service account', {
    displayName: 'Service Account Token File',
    default: '/var/run/secrets/kubernetes.io/serviceaccount/token',
    ...by('KUBERNETES'),
  }),
  ssl: property.service('SSL Context Service', 'Trusted certificates, and the key for a login by certificate', SSL_CONTEXT_SERVICE),
  connectTimeout: property.duration('Connection Timeout', 'How long connecting may take', { default: '5 sec' }),
  readTimeout: property.duration('Read Timeout', 'How long an answer may take', { default: '15 sec' }),
};
type Context = ComponentContext<typeof properties>;

function loginOf({ method, token, rolePath, roleId, secretId, kubernetesPath, role, tokenFile }: Context['properties']): VaultLogin {
  if (method === 'APPROLE') return { method, path: rolePath, roleId, secretId };
  if (method === 'KUBERNETES') return { method, path: kubernetesPath, role, tokenFile };
  return method === 'CERT' ? { method } : { method: 'TOKEN', token };
}

function open({ properties: values, log }: Context): Promise<VaultClient> {
  const { url, namespace, ssl, connectTimeout, readTimeout } = values;
  return VaultClient.open({ url, namespace, login: loginOf(values), ssl, connectTimeout, timeout: readTimeout, log });
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.vault.hashicorp', bundle: 'nifi-hashicorp-vault-client-service-nar' },
  description: 'A HashiCorp Vault server, or OpenBao, and who we are for it. It logs in when it is first asked for something, and keeps its token alive.',
  tags: ['hashicorp', 'vault', 'client', 'openbao', 'restricted'],
  restrictions: { 'read-filesystem': "Lets whoever configures it send a file of the server to an address as a login, by Kubernetes' token file." },
  properties,
  provides: [VAULT],
  validate: ({ method, ssl }) => (method === 'CERT' && ssl === undefined ? ["'SSL Context Service' is invalid because a login by certificate needs the key: choose one"] : []),
  onEnabled: open,
  onDisabled: (client: VaultClient) => client.close(),
  verify: (context) =>
    verifyClient(
      'Log in to Vault',
      () => open(context),
      async (client) => {
        const seconds = await client.logIn(context.signal);
        return `${context.properties.url} lets us in. The token ${seconds > 0 ? `is good for ${seconds} seconds and is renewed while this service is enabled` : 'never ends'}.`;
      },
    ),
});
