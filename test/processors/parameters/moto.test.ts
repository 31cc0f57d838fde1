import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Moto, withoutMoto } from '../../servers/moto.ts';
import { ProviderRig } from './provider-rig.ts';

test('AWS Secrets Manager as moto has it: the present version of each secret', { skip: withoutMoto }, async () => {
  const { SecretsManagerClient, CreateSecretCommand, PutSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const moto = await Moto.start();
  const client = new SecretsManagerClient({ region: 'eu-central-1', endpoint: moto.url, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  try {
    for (let number = 0; number < 120; number++)
      await client.send(new CreateSecretCommand({ Name: `shop/${number}`, SecretString: JSON.stringify({ password: `old ${number}` }) }));
    await client.send(new PutSecretValueCommand({ SecretId: 'shop/7', SecretString: JSON.stringify({ password: 'new 7' }) }));
    await ProviderRig.with(async (rig) => {
      const keys = { 'Access Key ID': 'a', 'Secret Access Key': 'b' };
      const credentials = await rig.service('org.apache.nifi.processors.aws.credentials.provider.service.AWSCredentialsProviderControllerService', keys);
      const properties = { 'aws-credentials-provider-service': credentials.id, 'aws-region': 'eu-central-1', 'Endpoint Override URL': moto.url };
      const all = await rig.provider('org.apache.nifi.parameter.aws.AwsSecretsManagerParameterProvider', properties);
      assert.equal(Object.keys(await rig.fetch(all)).length, 120);
      assert.deepEqual([rig.value(all, 'shop/7', 'password'), rig.value(all, 'shop/119', 'password')], ['new 7', 'old 119']);
    });
  } finally {
    client.destroy();
    await moto.stop();
  }
});
