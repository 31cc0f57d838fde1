import type { ComponentContext } from '../../server/extension/component.ts';
import { defineParameterProvider, fetchingStep, parametersOf, type ProvidedGroup, wholePattern } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';
import { readAll } from '../../server/extension/secret-store.ts';
import { type KeyValueVersion, VAULT } from './vault.ts';

const properties = {
  vault: property.service('vault-client-service', 'The Vault server, and who we are for it', VAULT, { required: true, displayName: 'HashiCorp Vault Client Service' }),
  mount: property.text('kv-path', 'Where the Key/Value engine is mounted', { displayName: 'Key/Value Path', default: 'kv' }),
  version: property.choice('kv-version', 'The version of the Key/Value engine', { KV_1: 'KV_1', KV_2: 'KV_2' }, { displayName: 'Key/Value Version', default: 'KV_1' }),
  prefix: property.text('secret-path-prefix', 'Only secrets below this path, such as shop/eu', { displayName: 'Secret Path Prefix' }),
  names: property.text('secret-name-pattern', 'Only secrets whose whole path matches this regular expression', {
    displayName: 'Secret Name Pattern',
    default: '.*',
    validate: wholePattern,
  }),
};

async function groupsOf({ properties: { vault, mount, version, prefix = '', names }, log, signal }: ComponentContext<typeof properties>): Promise<ProvidedGroup[]> {
  const engine = { mount, version: version as KeyValueVersion };
  const pattern = wholePattern(names);
  const wanted = (await vault.list(engine, prefix, signal)).filter((name) => pattern.test(name));
  const groups = await readAll(wanted, async (name): Promise<ProvidedGroup | undefined> => {
    const fields = await vault.read(engine, name, signal);
    if (fields) return { name, parameters: parametersOf(fields) };
    log.info(`The newest version of the secret ${name} was deleted; it is left out.`);
    return undefined;
  });
  return groups.filter((group) => group !== undefined);
}

export default defineParameterProvider({
  nifi: { package: 'org.apache.nifi.vault.hashicorp', bundle: 'nifi-hashicorp-vault-parameter-provider-nar' },
  description: 'Makes parameters of the secrets in Key/Value engines of HashiCorp Vault: each secret is a group, its keys are the parameters. Folders are followed.',
  tags: ['hashicorp', 'vault', 'secret', 'openbao'],
  properties,
  fetchParameters: groupsOf,
  verify: async (context) => [await fetchingStep(() => groupsOf(context))],
});
