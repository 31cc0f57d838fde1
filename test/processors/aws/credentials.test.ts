import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import AWSCredentialsProviderControllerService from '../../../processors/aws/AWSCredentialsProviderControllerService.ts';
import { AWS_CREDENTIALS, type AwsCredentials, type AwsCredentialsService } from '../../../server/extension/aws.ts';
import type { ProxySettings } from '../../../server/extension/http-services.ts';
import { defineProcessor } from '../../../server/extension/processor.ts';
import { property } from '../../../server/extension/property.ts';
import { openS3 } from '../../../server/extension/s3.ts';
import { ACCESS_KEY, S3Emulator, SECRET_KEY } from '../../emulators/s3.ts';
import { runner, temporaryDirectory } from '../../runner.ts';
import { httpProxy, listening, socksProxy } from '../../servers/proxies.ts';

/** Asks for credentials twice and tells what it got. */
const asking = defineProcessor({
  description: '',
  tags: [],
  input: 'required',
  properties: { service: property.service('Service', '', AWS_CREDENTIALS, { required: true }) },
  relationships: { success: '' },
  async onTrigger(session, { properties }) {
    const service = properties.service as AwsCredentialsService;
    const flowFile = session.get()!;
    session.transfer(session.write(flowFile, JSON.stringify([await service.credentials(), await service.credentials()])), 'success');
  },
});

/** What the service hands out, or what is wrong. */
async function given(properties: Record<string, string>, services = {}): Promise<AwsCredentials[] | string> {
  const run = runner(asking, { services: { Service: { definition: AWSCredentialsProviderControllerService, properties, services } } });
  try {
    await run.enqueue('').run();
    return run.out('success').length > 0 ? (JSON.parse(run.out('success')[0]!.content) as AwsCredentials[]) : run.bulletins.map(({ message }) => message).join();
  } catch (thrown) {
    return (thrown as Error).message;
  } finally {
    await run.close();
  }
}

function file(content: string): string {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'keys'), content);
  return path.join(directory, 'keys');
}

test('keys, a file of keys, none; and only one of these', async () => {
  assert.deepEqual((await given({ 'Access Key ID': 'a', 'Secret Access Key': 'b' }))[0], { accessKeyId: 'a', secretAccessKey: 'b' });
  assert.deepEqual((await given({ 'Credentials File': file('# ours\naccessKey = a\nsecretKey: b/c+d==\n') }))[0], { accessKeyId: 'a', secretAccessKey: 'b/c+d==' });
  assert.deepEqual(await given({ 'Use Anonymous Credentials': 'true' }), [null, null]);
  assert.match(String(await given({ 'Credentials File': file('accessKey=a') })), /must have lines accessKey=... and secretKey=.../);
  assert.match(String(await given({ 'Credentials File': '/no/such/file' })), /cannot be read: ENOENT/);
  assert.match(String(await given({ 'Access Key ID': 'a' })), /must be set together/);
  assert.match(
    String(await given({ 'Access Key ID': 'a', 'Secret Access Key': 'b', 'Use Anonymous Credentials': 'true' })),
    /Use Anonymous Credentials cannot be used with Access Key ID/,
  );
  assert.match(String(await given({ 'Assume Role ARN': 'arn', 'Assume Role Session Name': 's', 'Assume Role Session Time': '60' })), /between 900 and 3600/);
});

/** The security token service, as far as it hands out roles; tells what it was asked. */
function tokenService(asked: URLSearchParams[], seconds: number): Server {
  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push(new URLSearchParams(Buffer.concat(chunks).toString()));
    const action = asked.at(-1)!.get('Action')!;
    const expires = new Date(Date.now() + seconds * 1000).toISOString();
    const keys = `<AccessKeyId>role-key-${asked.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expires}</Expiration>`;
    response.writeHead(200, { 'content-type': 'text/xml' }).end(`<${action}Response><${action}Result><Credentials>${keys}</Credentials></${action}Result></${action}Response>`);
  });
}

test('a role is assumed with keys, or with a token, and again before it expires', async () => {
  const role = (port: number) => ({
    'Assume Role ARN': 'arn:aws:iam::123456789012:role/reader',
    'Assume Role Session Name': 'millrace',
    'Assume Role Session Time': '900',
    'Assume Role STS Endpoint Override': `http://127.0.0.1:${port}`,
  });
  const asked: URLSearchParams[] = [];
  const lasting = tokenService(asked, 900);
  const withKeys = { ...role(await listening(lasting)), 'Access Key ID': 'a', 'Secret Access Key': 'b', 'Assume Role External ID': 'partner' };
  const [first, second] = (await given(withKeys)) as AwsCredentials[];
  assert.deepEqual([first!.accessKeyId, first!.sessionToken, second!.accessKeyId], ['role-key-1', 't', 'role-key-1']);
  assert.deepEqual(
    ['Action', 'RoleArn', 'RoleSessionName', 'DurationSeconds', 'ExternalId'].map((name) => asked[0]!.get(name)),
    ['AssumeRole', withKeys['Assume Role ARN'], 'millrace', '900', 'partner'],
  );
  lasting.close();
  asked.length = 0;
  const brief = tokenService(asked, 60);
  const tokens = { token: async () => 'a.web.token', renew: async () => '' };
  const [third, fourth] = (await given(role(await listening(brief)), { 'OAuth2 Access Token Provider': tokens })) as AwsCredentials[];
  assert.deepEqual([third!.accessKeyId, fourth!.accessKeyId], ['role-key-1', 'role-key-2']);
  assert.deepEqual([asked[0]!.get('Action'), asked[0]!.get('WebIdentityToken')], ['AssumeRoleWithWebIdentity', 'a.web.token']);
  brief.close();
});

test('a client reaches its server through a proxy', async () => {
  const server = await S3Emulator.start('shop');
  const { ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const ask = async (type: 'HTTP' | 'SOCKS', port: number, password: string | undefined): Promise<string> => {
    const proxy: ProxySettings = { type, socksVersion: 5, host: '127.0.0.1', port, user: password && 'ann', password };
    const credentials = { credentials: async () => ({ accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY }) };
    const client = await openS3({ region: 'eu-test-1', endpoint: server.url, credentials, isPathStyle: true, timeout: 5000, ssl: undefined, proxy });
    try {
      return String((await client.send(new ListObjectsV2Command({ Bucket: 'shop' }))).$metadata.httpStatusCode);
    } catch (thrown) {
      return (thrown as Error).message;
    } finally {
      client.destroy();
    }
  };
  const [http, socks] = [httpProxy(), socksProxy()];
  assert.equal(await ask('HTTP', await listening(http), 'secret'), '200');
  assert.equal(await ask('SOCKS', await listening(socks), undefined), '200');
  assert.match(await ask('HTTP', 1, 'secret'), /The proxy 127.0.0.1:1 does not lead to/);
  for (const each of [http, socks]) each.close();
  await server.stop();
});
