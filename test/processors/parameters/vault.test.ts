import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { VaultEmulator } from '../../emulators/vault.ts';
import { type Json, until } from '../../rest/rest-rig.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { ProviderRig } from './provider-rig.ts';

const SERVICE = 'org.apache.nifi.vault.hashicorp.StandardHashiCorpVaultClientService';
const PROVIDER = 'org.apache.nifi.vault.hashicorp.HashiCorpVaultParameterProvider';

let vault: VaultEmulator;
before(async () => {
  vault = await VaultEmulator.start();
  vault.secrets.kv.set('shop', { password: 'hush', port: 5432, nothing: null });
  vault.secrets.kv.set('eu/warehouse', { key: 'k' });
  vault.secrets.kv.set('eu/crm/token', { token: 't' });
  vault.secrets.secret.set('shop', { password: 'hush 2', nested: { a: 1 } });
  vault.secrets.secret.set('gone', null);
});
after(() => vault.stop());

const TOKEN = { 'Vault Authentication': 'TOKEN', 'vault.token': 'root' };

async function vaultProvider(rig: ProviderRig, login: object, properties: object = {}): Promise<{ service: Json; provider: Json }> {
  const service = await rig.service(SERVICE, { 'Vault URI': vault.url, ...login });
  return { service, provider: await rig.provider(PROVIDER, { 'vault-client-service': service.id, ...properties }) };
}

test('secrets of both versions become groups, folders are followed, a prefix and a pattern choose', () =>
  ProviderRig.with(async (rig) => {
    const { service, provider } = await vaultProvider(rig, TOKEN);
    assert.deepEqual(await rig.fetch(provider), { shop: ['password', 'port'], 'eu/warehouse': ['key'], 'eu/crm/token': ['token'] });
    assert.equal(rig.value(provider, 'shop', 'port'), '5432');
    const below = await rig.provider(PROVIDER, { 'vault-client-service': service.id, 'secret-path-prefix': '/eu/', 'secret-name-pattern': '.*house' });
    assert.deepEqual(await rig.fetch(below), { 'eu/warehouse': ['key'] });
    const second = await rig.provider(PROVIDER, { 'vault-client-service': service.id, 'kv-path': 'secret', 'kv-version': 'KV_2' });
    assert.deepEqual(await rig.fetch(second), { shop: ['password', 'nested'] });
    assert.deepEqual([rig.value(second, 'shop', 'password'), rig.value(second, 'shop', 'nested')], ['hush 2', '{"a":1}']);
    assert.deepEqual(await rig.verify('parameter-providers', provider), [
      ['Fetch Parameters', 'SUCCESSFUL', "4 parameters were fetched, in the groups 'shop', 'eu/warehouse', 'eu/crm/token'."],
    ]);
  }));

test('AppRole and Kubernetes log in once, and the token is given back when the service is disabled', () =>
  ProviderRig.with(async (rig) => {
    const { service, provider } = await vaultProvider(rig, { 'Vault Authentication': 'APPROLE', 'vault.app-role.role-id': 'role-1', 'vault.app-role.secret-id': 'secret-1' });
    await rig.fetch(provider);
    await rig.fetch(provider);
    assert.equal(vault.received.filter(({ path: at }) => at === '/v1/auth/approle/login').length, 1);
    const file = path.join(temporaryDirectory(), 'token');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'pod-token\n');
    const pod = await vaultProvider(rig, { 'Vault Authentication': 'KUBERNETES', 'vault.kubernetes.role': 'millrace', 'vault.kubernetes.service-account-token-file': file });
    assert.ok('shop' in ((await rig.fetch(pod.provider)) as object));
    assert.equal(vault.tokens.size, 3);
    for (const { id } of [service, pod.service]) {
      const { revision } = await rig.rest.get(`/controller-services/${id}`);
      await rig.rest.ok('PUT', `/controller-services/${id}/run-status`, { revision, state: 'DISABLED' });
    }
    await until(() => vault.tokens.size === 1);
  }));

test('a token that ends is renewed, and one that was revoked is had anew', () =>
  ProviderRig.with(async (rig) => {
    vault.leaseSeconds = 1;
    const { provider } = await vaultProvider(rig, { 'Vault Authentication': 'APPROLE', 'vault.app-role.role-id': 'role-1', 'vault.app-role.secret-id': 'secret-1' });
    await rig.fetch(provider);
    await until(() => vault.received.some(({ path: at }) => at === '/v1/auth/token/renew-self'));
    vault.leaseSeconds = 3600;
    for (const token of vault.tokens.keys()) if (token !== 'root') vault.tokens.delete(token);
    assert.ok('shop' in ((await rig.fetch(provider)) as object));
  }));

test('a namespace goes with each request', () =>
  ProviderRig.with(async (rig) => {
    vault.namespace = 'admin/marketing';
    try {
      const { provider } = await vaultProvider(rig, { ...TOKEN, 'vault.namespace': 'admin/marketing' });
      assert.ok('shop' in ((await rig.fetch(provider)) as object));
    } finally {
      vault.namespace = '';
    }
  }));

test('what fails for a moment is asked again; what is refused is told with its cause and remedy, and never with a secret', () =>
  ProviderRig.with(async (rig) => {
    const { service, provider } = await vaultProvider(rig, TOKEN);
    vault.fail('/v1/kv/shop', { status: 500, body: { errors: ['internal error'] } }, 'cut');
    assert.ok('shop' in ((await rig.fetch(provider)) as object));

    vault.forbidden.add('eu/warehouse');
    const refused = (await rig.fetch(provider)) as string;
    vault.forbidden.clear();
    assert.match(
      refused,
      /^Parameter provider secrets \(.*\) could not fetch parameters: Vault at http.* gives no secret eu\/warehouse: it answered 403 \(1 error occurred:\s+\* permission denied\)\. Give the policy/s,
    );

    const empty = await rig.provider(PROVIDER, { 'vault-client-service': service.id, 'kv-path': 'nowhere' });
    assert.match((await rig.fetch(empty)) as string, /gives no list of the secrets in nowhere: it answered 404 .*Check Key\/Value Path/);

    const wrong = await vaultProvider(rig, { ...TOKEN, 'vault.token': 'hvs.wrong' });
    const denied = (await rig.fetch(wrong.provider)) as string;
    assert.match(denied, /answered 403 \(permission denied; invalid token\)\. Check the token/);
    assert.ok(!denied.includes('hvs.wrong'));

    const role = await vaultProvider(rig, { 'Vault Authentication': 'APPROLE', 'vault.app-role.role-id': 'role-1', 'vault.app-role.secret-id': 'hidden' });
    const logins = (): number => vault.received.filter(({ path: at }) => at === '/v1/auth/approle/login').length;
    const before_ = logins();
    assert.match((await rig.fetch(role.provider)) as string, /gives no token: it answered 400 \(invalid role or secret ID\)\. Check the authentication method/);
    assert.equal(logins(), before_ + 1);
  }));

test('"Test connection" of the service says whether Vault lets us in, and what keeps it from doing so', () =>
  ProviderRig.with(async (rig) => {
    const make = (properties: object) => rig.rest.ok('POST', '/controller/controller-services', { revision: { version: 0 }, component: { type: SERVICE, properties } });
    const good = await make({ 'Vault URI': vault.url, ...TOKEN });
    assert.deepEqual(await rig.verify('controller-services', good), [['Log in to Vault', 'SUCCESSFUL', `${vault.url} lets us in. The token never ends.`]]);
    vault.isSealed = true;
    const [[name, outcome, explanation] = []] = await rig.verify('controller-services', good).finally(() => {
      vault.isSealed = false;
    });
    assert.deepEqual([name, outcome], ['Log in to Vault', 'FAILED']);
    assert.match(explanation!, /answered 503 \(Vault is sealed\)\. Unseal Vault/);
    const invalid = await make({ 'Vault URI': 'vault', 'Vault Authentication': 'CERT' });
    assert.match(invalid.component.validationErrors.join('\n'), /it must be an address such as https:\/\/vault\.example\.com:8200/);
  }));
