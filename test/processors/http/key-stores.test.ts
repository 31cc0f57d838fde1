import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { jwtVerify } from 'jose';
import HandleHttpRequest from '../../../processors/http/HandleHttpRequest.ts';
import InvokeHTTP from '../../../processors/http/InvokeHTTP.ts';
import JWTBearerOAuth2AccessTokenProvider from '../../../processors/http/JWTBearerOAuth2AccessTokenProvider.ts';
import StandardRestrictedSSLContextService from '../../../processors/http/StandardRestrictedSSLContextService.ts';
import StandardSSLContextService from '../../../processors/http/StandardSSLContextService.ts';
import StandardWebClientServiceProvider from '../../../processors/http/StandardWebClientServiceProvider.ts';
import { readStore } from '../../../processors/http/key-store.ts';
import { certificate } from '../../certificates.ts';
import { type RealService, runner, temporaryDirectory } from '../../runner.ts';
import { httpServer } from './http-rig.ts';

const service = (definition: unknown, properties: Record<string, string>, services: object = {}): RealService => ({ definition, properties, services }) as RealService;

async function invoke(url: string, services: Record<string, RealService>) {
  // A busy machine shakes hands slowly.
  const run = runner(InvokeHTTP, { properties: { 'HTTP URL': url, 'Connection Timeout': '2 mins', 'Socket Read Timeout': '2 mins' }, services });
  await run.enqueue('').run();
  await run.close();
  return run;
}

const trusting = (file: string) => ({ 'Truststore Filename': file, 'Truststore Password': 'secret', 'Truststore Type': 'PKCS12' });
const owning = (file: string) => ({ 'Keystore Filename': file, 'Keystore Password': 'secret', 'Keystore Type': 'PKCS12' });

test('stores of both kinds of key, with new and with old ciphers', async () => {
  for (const kind of ['ec', 'rsa'] as const) {
    const made = certificate('store', kind);
    const der = (pem: string) => createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
    for (const args of [[], ['-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']]) {
      const { key, certificates } = await readStore(made.keyStore(...args), 'secret');
      assert.ok(der(key!).equals(der(made.key)));
      assert.equal(certificates.length, 1);
      assert.equal(certificates[0]!.replace(/\s/g, ''), made.cert.replace(/\s/g, ''));
    }
    assert.equal((await readStore(made.trustStore(), 'secret')).key, undefined);
    await assert.rejects(readStore(made.keyStore(), 'guess'), /its password is another one/);
  }
  const noStore = `${temporaryDirectory()}.p12`;
  await assert.rejects(readStore(noStore, ''), /cannot be read: ENOENT/);
  writeFileSync(noStore, Buffer.from('feedfeed00000002', 'hex'));
  await assert.rejects(readStore(noStore, ''), /It is a JKS store/);
  writeFileSync(noStore, '');
  await assert.rejects(readStore(noStore, ''), /cannot be opened as PKCS12/);
});

test('https with a trust store', async () => {
  const made = certificate();
  const server = await httpServer((_, response) => response.end('safe'), made);
  for (const definition of [StandardSSLContextService, StandardRestrictedSSLContextService]) {
    const good = await invoke(server.url, { 'SSL Context Service': service(definition, trusting(made.trustStore())) });
    assert.deepEqual(good.counts, { Original: 1, Response: 1 });
  }
  const other = await invoke(server.url, { 'SSL Context Service': service(StandardSSLContextService, trusting(certificate().trustStore())) });
  assert.deepEqual(other.counts, { Failure: 1 });
  await server.close();
});

/** Answers each request at once, whether or not the client waits for the last byte. */
const answering = {
  register(_id: string, { respond }: { respond(...args: unknown[]): Promise<void> }): boolean {
    respond(200, {}, Buffer.from('ok')).catch(() => undefined);
    return true;
  },
};

test('a server with a key store asks for a certificate of those it trusts', async () => {
  const [own, client, stranger] = [certificate('server'), certificate('client'), certificate('stranger')];
  const ssl = service(StandardSSLContextService, { ...owning(own.keyStore()), ...trusting(client.trustStore()), 'TLS Protocol': 'TLSv1.3' });
  const probe = await httpServer(() => undefined);
  const port = new URL(probe.url).port;
  await probe.close();
  const server = runner(HandleHttpRequest, {
    properties: { 'Listening Port': port, 'Client Authentication': 'Need Authentication' },
    services: { 'SSL Context Service': ssl, 'HTTP Context Map': answering },
  });
  await server.start();
  const served = server.run(2);
  const ask = (properties: Record<string, string>) => invoke(`https://127.0.0.1:${port}/`, { 'SSL Context Service': service(StandardSSLContextService, properties) });
  assert.deepEqual((await ask({ ...owning(client.keyStore()), ...trusting(own.trustStore()) })).counts, { Original: 1, Response: 1 });
  assert.deepEqual((await ask(trusting(own.trustStore()))).counts, { Failure: 1 });
  await served;
  assert.equal(server.out('success')[0]!.attributes['http.subject.dn'], 'CN=client, O=Millrace Test');
  await server.stop();
  // Where one is only wanted, none will do, but not one of somebody whom nobody knows.
  const wanting = runner(HandleHttpRequest, {
    properties: { 'Listening Port': port, 'Client Authentication': 'Want Authentication' },
    services: { 'SSL Context Service': ssl, 'HTTP Context Map': answering },
  });
  await wanting.start();
  const wanted = wanting.run(2);
  assert.deepEqual((await ask(trusting(own.trustStore()))).counts, { Original: 1, Response: 1 });
  assert.deepEqual((await ask({ ...owning(stranger.keyStore()), ...trusting(own.trustStore()) })).counts, { Failure: 1 });
  await wanted;
  await wanting.stop();
});

test('what is wrong with stores is said before they are used', async () => {
  const problems = async (properties: Record<string, string>) =>
    runner(InvokeHTTP, { properties: { 'HTTP URL': 'https://x' }, services: { 'SSL Context Service': service(StandardSSLContextService, properties) } })
      .validate()
      .then(
        () => '',
        (thrown: Error) => thrown.message,
      );
  const { keyStore, trustStore } = certificate();
  assert.match(await problems({}), /Keystore Filename or Truststore Filename must be set/);
  assert.match(
    await problems({ ...trusting('/etc/trust.jks'), 'Truststore Type': 'JKS' }),
    /keytool -importkeystore -srckeystore '\/etc\/trust\.jks' -srcstoretype JKS -destkeystore '\/etc\/trust\.p12' -deststoretype PKCS12/,
  );
  assert.match(await problems(trusting('/no/such.p12')), /is no file/);
  assert.match(await problems({ 'Keystore Filename': keyStore() }), /Keystore Password and Keystore Type/);
  assert.match(await problems({ ...owning(keyStore()), 'Key Password': 'other' }), /one for both/);
  assert.match(await problems({ ...owning(keyStore()), 'Keystore Password': 'guess' }), /its password is another one/);
  assert.match(await problems(owning(trustStore())), /has no private key/);
});

test('a token for a signed assertion', async () => {
  const made = certificate('signer', 'rsa');
  const answer = '{"access_token":"t1","refresh_token":"never used","token_type":"bearer"}';
  const server = await httpServer(({ url }, response) =>
    url === '/moved' ? response.writeHead(307, { Location: '/token' }).end() : response.end(url === '/token' ? answer : 'data'),
  );
  const provider = (properties: Record<string, string>, key = made.key) =>
    service(
      JWTBearerOAuth2AccessTokenProvider,
      { 'Token Endpoint URL': `${server.url}/moved`, Issuer: 'me', Subject: 'them', Audience: 'a b', Scope: 's', 'JWT ID': '${UUID()}', 'Key ID': 'k1', ...properties },
      {
        'Web Client Service': service(StandardWebClientServiceProvider, {}),
        'Private Key Service': { privateKey: createPrivateKey(key) },
        'SSL Context Service': service(StandardSSLContextService, owning(made.keyStore())),
      },
    );
  const ids = new Set<unknown>();
  for (const algorithm of ['PS256', 'RS512']) {
    server.received.length = 0;
    const properties = { 'Signing Algorithm': algorithm, 'Set JWT Header X.509 Cert Thumbprint': 'true', 'CLAIM.tenant': 't', 'FORM.client_id': 'c' };
    const run = await invoke(`${server.url}/data`, { 'Request OAuth2 Access Token Provider': provider(properties) });
    assert.deepEqual(run.counts, { Original: 1, Response: 1 });
    assert.equal(server.received.at(-1)!.headers.authorization, 'Bearer t1');
    const form = new URLSearchParams(server.received[1]!.body);
    assert.deepEqual([form.get('grant_type'), form.get('client_id')], ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'c']);
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion')!, createPublicKey(made.key), { currentDate: new Date() });
    const { iss, sub, aud, scope, tenant, exp, iat, jti } = payload;
    assert.deepEqual({ iss, sub, aud, scope, tenant, life: exp! - iat! }, { iss: 'me', sub: 'them', aud: ['a', 'b'], scope: 's', tenant: 't', life: 3600 });
    assert.deepEqual([protectedHeader.alg, protectedHeader.kid, protectedHeader['x5t#S256']?.toString().length], [algorithm, 'k1', 43]);
    ids.add(jti);
  }
  assert.equal(ids.size, 2);
  await assert.rejects(invoke(server.url, { 'Request OAuth2 Access Token Provider': provider({}, certificate('other').key) }), /PS256 needs a key of type rsa/);
  await assert.rejects(invoke(server.url, { 'Request OAuth2 Access Token Provider': provider({ other: 'x' }) }), /must begin with CLAIM/);
  await server.close();
});
