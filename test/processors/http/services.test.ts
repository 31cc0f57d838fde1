import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import InvokeHTTP from '../../../processors/http/InvokeHTTP.ts';
import PEMEncodedSSLContextProvider from '../../../processors/http/PEMEncodedSSLContextProvider.ts';
import StandardOauth2AccessTokenProvider from '../../../processors/http/StandardOauth2AccessTokenProvider.ts';
import StandardProxyConfigurationService from '../../../processors/http/StandardProxyConfigurationService.ts';
import { TokenKeeper } from '../../../processors/http/token-keeper.ts';
import { type RealService, runner } from '../../runner.ts';
import { certificate } from '../../certificates.ts';
import { httpServer } from './http-rig.ts';

const service = (definition: unknown, properties: Record<string, string>): RealService => ({ definition, properties }) as RealService;

async function invoke(url: string, services: Record<string, RealService>) {
  const run = runner(InvokeHTTP, { properties: { 'HTTP URL': url }, services });
  run.enqueue('');
  await run.run();
  await run.close();
  return run;
}

test('https: a server that is trusted, and one that is not', async () => {
  const { key, cert, certFile, keyFile } = certificate();
  const server = await httpServer((_, response) => response.end('safe'), { key, cert });
  const trusting = service(PEMEncodedSSLContextProvider, { 'Private Key Source': 'UNDEFINED', 'Certificate Authorities': cert });
  const good = await invoke(server.url, { 'SSL Context Service': trusting });
  assert.deepEqual([good.out('Response')[0]!.content, good.out('Response')[0]!.attributes['invokehttp.remote.dn']], ['safe', 'CN=localhost, O=Millrace Test']);
  const files = service(PEMEncodedSSLContextProvider, {
    'Private Key Source': 'FILES',
    'Private Key Location': keyFile,
    'Certificate Chain Location': certFile,
    'Certificate Authorities': certFile,
  });
  assert.deepEqual((await invoke(server.url, { 'SSL Context Service': files })).counts, { Original: 1, Response: 1 });
  const strict = await invoke(server.url, {});
  assert.match(strict.out('Failure')[0]!.attributes['invokehttp.java.exception.message']!, /self-signed certificate/);
  const broken = service(PEMEncodedSSLContextProvider, { 'Private Key': '-----BEGIN nothing', 'Certificate Chain': cert, 'Certificate Authorities Source': 'SYSTEM' });
  await assert.rejects(invoke(server.url, { 'SSL Context Service': broken }), /Failed to enable/);
  await server.close();
});

test('tokens by client credentials and by password, in the form or in the header', async () => {
  const server = await httpServer(({ url }, response) => response.end(url === '/token' ? '{"access_token":"t1","expires_in":3600,"token_type":"bearer"}' : 'data'));
  const ask = async (properties: Record<string, string>) => {
    server.received.length = 0;
    const provider = service(StandardOauth2AccessTokenProvider, { 'Authorization Server URL': `${server.url}/token`, ...properties });
    const run = await invoke(`${server.url}/data`, { 'Request OAuth2 Access Token Provider': provider });
    assert.deepEqual(run.counts, { Original: 1, Response: 1 });
    const [token, data] = server.received;
    assert.equal(data!.headers.authorization, 'Bearer t1');
    return { form: Object.fromEntries(new URLSearchParams(token!.body)), authorization: token!.headers.authorization };
  };
  assert.deepEqual(await ask({ 'Grant Type': 'client_credentials', 'Client ID': 'c', 'Client Secret': 's', Scope: 'a b', 'FORM.extra': 'x' }), {
    form: { grant_type: 'client_credentials', scope: 'a b', client_id: 'c', client_secret: 's', extra: 'x' },
    authorization: undefined,
  });
  const header = await ask({ Username: 'u', Password: 'p', 'Client ID': 'c', 'Client Secret': 's', 'Client Authentication Strategy': 'BASIC_AUTHENTICATION' });
  assert.deepEqual(header, { form: { grant_type: 'password', username: 'u', password: 'p' }, authorization: `Basic ${Buffer.from('c:s').toString('base64')}` });
  await server.close();
});

test('a server that gives no token is named with its reason', async () => {
  const server = await httpServer((_, response) => response.writeHead(400).end('{"error":"invalid_client","error_description":"who are you"}'));
  const provider = service(StandardOauth2AccessTokenProvider, {
    'Authorization Server URL': server.url,
    'Grant Type': 'client_credentials',
    'Client ID': 'c',
    'Client Secret': 's',
  });
  const run = await invoke(server.url, { 'Request OAuth2 Access Token Provider': provider });
  assert.match(run.out('Failure')[0]!.attributes['invokehttp.java.exception.message']!, /gives no token \(status 400\): who are you/);
  await server.close();
});

test('a token is kept until it expires, refreshed, and fetched once for many', async () => {
  let now = 0;
  const asked: (string | undefined)[] = [];
  const keeper = new TokenKeeper({
    refreshWindow: 10_000,
    defaultExpiration: 60_000,
    now: () => now,
    request: async (refreshToken) => {
      asked.push(refreshToken);
      if (refreshToken === 'r2') throw new Error('revoked');
      return { accessToken: `t${asked.length}`, refreshToken: `r${asked.length}`, expiresIn: undefined };
    },
  });
  assert.deepEqual(await Promise.all([keeper.token(), keeper.token()]), ['t1', 't1']);
  now = 49_999;
  assert.equal(await keeper.token(), 't1');
  now = 50_000;
  assert.equal(await keeper.token(), 't2');
  assert.equal(await keeper.renew(), 't4');
  assert.deepEqual(asked, [undefined, 'r1', 'r2', undefined]);
});

test('through an HTTP proxy', async () => {
  const server = await httpServer((_, response) => response.end('behind'));
  const seen: (string | undefined)[] = [];
  const proxy = createServer((incoming, outgoing) => {
    seen.push(incoming.url, incoming.headers['proxy-authorization']);
    httpRequest(incoming.url!, (answer) => answer.pipe(outgoing)).end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const settings = {
    'Proxy Type': 'HTTP',
    'Proxy Server Host': '127.0.0.1',
    'Proxy Server Port': String((proxy.address() as AddressInfo).port),
    'Proxy User Name': 'u',
    'Proxy User Password': 'p',
  };
  const run = await invoke(`${server.url}/x`, { 'Proxy Configuration Service': service(StandardProxyConfigurationService, settings) });
  assert.deepEqual([run.out('Response')[0]!.content, seen], ['behind', [`${server.url}/x`, `Basic ${Buffer.from('u:p').toString('base64')}`]]);
  const invalid = service(StandardProxyConfigurationService, { 'Proxy Type': 'HTTP' });
  await assert.rejects(invoke(server.url, { 'Proxy Configuration Service': invalid }), /Proxy Server Host must be set/);
  proxy.closeAllConnections();
  proxy.close();
  await server.close();
});
