import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type SecretStoreEmulator, startAwsSecrets, startAzureVault, startGoogleSecrets } from '../../emulators/secret-stores.ts';
import { ProviderRig } from './provider-rig.ts';

let [aws, azure, google]: SecretStoreEmulator[] = [] as never;
before(async () => {
  [aws, azure, google] = await Promise.all([startAwsSecrets(), startAzureVault(), startGoogleSecrets()]);
  process.env.AZURE_AUTHORITY_HOST = azure.emulator.url;
});
after(async () => {
  delete process.env.AZURE_AUTHORITY_HOST;
  for (const each of [aws, azure, google]) await each!.emulator.stop();
});

const AWS = 'org.apache.nifi.parameter.aws.AwsSecretsManagerParameterProvider';
const awsCredentials = (rig: ProviderRig, key = 'AKIATEST') =>
  rig.service('org.apache.nifi.processors.aws.credentials.provider.service.AWSCredentialsProviderControllerService', { 'Access Key ID': key, 'Secret Access Key': 'hidden-key' });

test('AWS Secrets Manager: secrets by pattern over pages, or by name; what is no object is left out', () =>
  ProviderRig.with(async (rig) => {
    aws!.secrets.set('shop', { value: '{"password":"hush","port":5432,"nothing":null}' });
    aws!.secrets.set('plain', { value: 'only a text' });
    aws!.secrets.set('crm', { value: '{"token":"t"}' });
    const credentials = await awsCredentials(rig);
    const properties = { 'aws-credentials-provider-service': credentials.id, 'aws-region': 'eu-central-1', 'Endpoint Override URL': aws!.emulator.url };
    const all = await rig.provider(AWS, properties);
    assert.deepEqual(await rig.fetch(all), { shop: ['password', 'port'], crm: ['token'] });
    assert.equal(rig.value(all, 'shop', 'password'), 'hush');
    assert.ok(rig.rest.flow.bulletins.find().some(({ message }) => message.startsWith('The secret plain is left out')));
    const byPattern = await rig.provider(AWS, { ...properties, 'secret-name-pattern': 'c.*' });
    assert.deepEqual(await rig.fetch(byPattern), { crm: ['token'] });
    const byName = await rig.provider(AWS, { ...properties, 'secret-listing-strategy': 'ENUMERATION', 'secret-names': 'shop, missing' });
    assert.match((await rig.fetch(byName)) as string, /does not give the secret missing: ResourceNotFoundException, .* Check Secret Names and Region\./);
    const stranger = await awsCredentials(rig, 'AKIAOTHER');
    const refused = (await rig.fetch(await rig.provider(AWS, { ...properties, 'aws-credentials-provider-service': stranger.id }))) as string;
    assert.match(refused, /does not give the list of secrets: UnrecognizedClientException, .* Check the Access Key ID/);
    assert.ok(!refused.includes('hidden-key'));
    assert.match((await rig.verify('parameter-providers', all))[0]![2], /^3 parameters were fetched/);
  }));

const AZURE = 'org.apache.nifi.parameter.azure.AzureKeyVaultSecretsParameterProvider';
const azureCredentials = (rig: ProviderRig, secret: string) =>
  rig.service('org.apache.nifi.services.azure.StandardAzureCredentialsControllerService', {
    'Credential Configuration Strategy': 'service-principal',
    'Service Principal Tenant ID': 'tenant',
    'Service Principal Client ID': 'millrace',
    'Service Principal Client Secret': secret,
  });

test('Azure Key Vault: enabled secrets by their tag, over pages, with the token of a service principal', () =>
  ProviderRig.with(async (rig) => {
    azure!.secrets.set('password', { value: 'hush', group: 'shop' });
    azure!.secrets.set('untagged', { value: 'x' });
    azure!.secrets.set('off', { value: 'x', group: 'shop', enabled: false });
    azure!.secrets.set('token', { value: 't', group: 'crm' });
    azure!.secrets.set('user', { value: 'ann', group: 'shop' });
    const properties = { 'key-vault-uri': azure!.emulator.url, 'azure-credentials-service': (await azureCredentials(rig, 'azure-secret')).id };
    const all = await rig.provider(AZURE, properties);
    assert.deepEqual(await rig.fetch(all), { shop: ['password', 'user'], crm: ['token'] });
    assert.equal(rig.value(all, 'shop', 'password'), 'hush');
    assert.deepEqual(await rig.fetch(await rig.provider(AZURE, { ...properties, 'group-name-pattern': 'c.m' })), { crm: ['token'] });
    assert.equal(azure!.emulator.received.filter(({ path }) => path.endsWith('/token') && path.includes('oauth2')).length, 1);

    azure!.emulator.fail('/secrets/user', { status: 429, body: { error: { code: 'Throttled', message: 'Too many' } } });
    assert.ok('shop' in ((await rig.fetch(all)) as object));
    azure!.emulator.fail('/secrets/user', { status: 403, body: { error: { code: 'Forbidden', message: 'Caller is not authorized' } } });
    assert.match((await rig.fetch(all)) as string, /gives no secret user: it answered 403 \(Caller is not authorized\)\. Give the identity the role Key Vault Secrets User/);

    const wrong = await rig.provider(AZURE, { ...properties, 'azure-credentials-service': (await azureCredentials(rig, 'other-secret')).id });
    const refused = (await rig.fetch(wrong)) as string;
    assert.match(refused, /gives no token: it answered 401 \(AADSTS7000215: Invalid client secret provided\.\)\. Check tenant, client and secret/);
    assert.ok(!refused.includes('other-secret'));
  }));

const GOOGLE = 'org.apache.nifi.parameter.gcp.GcpSecretManagerParameterProvider';

test('Google Secret Manager: newest versions by their label, over pages, with the key of a service account', () =>
  ProviderRig.with(async (rig) => {
    google!.secrets.set('password', { value: 'hüsh', group: 'shop' });
    google!.secrets.set('unlabelled', { value: 'x' });
    google!.secrets.set('token', { value: 't', group: 'crm' });
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const key = { type: 'service_account', client_email: 'a@shop.iam.gserviceaccount.com', private_key: privateKey, token_uri: `${google!.emulator.url}/token` };
    const credentials = await rig.service('org.apache.nifi.processors.gcp.credentials.service.GCPCredentialsControllerService', { 'Service Account JSON': JSON.stringify(key) });
    const properties = { 'gcp-project-id': 'shop', 'gcp-credentials-provider-service': credentials.id, 'Endpoint Override URL': google!.emulator.url };
    const all = await rig.provider(GOOGLE, properties);
    assert.deepEqual(await rig.fetch(all), { shop: ['password'], crm: ['token'] });
    assert.equal(rig.value(all, 'shop', 'password'), 'hüsh');
    assert.deepEqual(await rig.fetch(await rig.provider(GOOGLE, { ...properties, 'group-name-pattern': 'shop' })), { shop: ['password'] });
    const other = await rig.provider(GOOGLE, { ...properties, 'gcp-project-id': 'other' });
    assert.match(
      (await rig.fetch(other)) as string,
      /of the project other gives no list of secrets: it answered 403 \(Permission 'secretmanager\.secrets\.list' denied.*Give the account the roles/,
    );
    google!.secrets.set('token', { value: 't', group: 'crm', enabled: false });
    assert.match((await rig.fetch(all)) as string, /gives no secret token: it answered 400 \(.*DISABLED state\.\)\. Check that the newest version/);
    assert.match((await rig.verify('parameter-providers', all))[0]!.join(' '), /^Fetch Parameters FAILED The parameters could not be fetched: Google Secret Manager/);
  }));
