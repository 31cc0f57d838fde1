import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import InvokeHTTP from '../../../processors/http/InvokeHTTP.ts';
import { runner, type Services } from '../../runner.ts';
import { httpServer, type Received } from './http-rig.ts';

type Answer = (request: Received, response: ServerResponse) => void;

async function invoke(answer: Answer, properties: Record<string, string> = {}, content = '', attributes: Record<string, string> = {}, services: Services = {}) {
  const server = await httpServer(answer);
  const run = runner(InvokeHTTP, { properties: { 'HTTP URL': `${server.url}/a/b%20c.json?q=1`, ...properties }, services });
  run.enqueue(content, attributes);
  await run.run();
  await run.close();
  await server.close();
  return { run, received: server.received, url: server.url };
}

const ok: Answer = (_, response) => response.writeHead(200, 'Fine', { 'Content-Type': 'application/json', 'X-Many': ['1', '2'] }).end('{"a":1}');

test('a GET: the answer with its attributes, and the original', async () => {
  const { run, received, url } = await invoke(ok, { 'Response FlowFile Naming Strategy': 'URL_PATH', 'X-Own': '${who}', Empty: '${none}' }, 'not sent', { who: 'me' });
  assert.deepEqual(run.counts, { Original: 1, Response: 1 });
  const [{ content, attributes }] = run.out('Response') as [ReturnType<typeof run.out>[0]];
  assert.equal(content, '{"a":1}');
  assert.deepEqual(
    ['invokehttp.status.code', 'invokehttp.status.message', 'invokehttp.request.url', 'mime.type', 'filename', 'X-Many', 'who'].map((name) => attributes[name]),
    ['200', 'Fine', `${url}/a/b%20c.json?q=1`, 'application/json', 'b c.json', '1, 2', 'me'],
  );
  const original = run.out('Original')[0]!.attributes;
  assert.match(original['invokehttp.request.duration']!, /^\d+$/);
  assert.equal(original['invokehttp.tx.id'], attributes['invokehttp.tx.id']);
  assert.deepEqual(
    [received[0]!.method, received[0]!.url, received[0]!.headers['x-own'], received[0]!.headers.empty, received[0]!.body],
    ['GET', '/a/b%20c.json?q=1', 'me', undefined, ''],
  );
  assert.match(received[0]!.headers.date!, /GMT$/);
  assert.deepEqual(
    run.provenance.map(({ type }) => type).filter((type) => type === 'FETCH' || type === 'SEND'),
    ['FETCH'],
  );
});

test('every status has its way', async () => {
  const table: [number, Record<string, number>, boolean][] = [
    [201, { Original: 1, Response: 1 }, false],
    [304, { 'No Retry': 1 }, false],
    [404, { 'No Retry': 1 }, true],
    [503, { Retry: 1 }, true],
  ];
  for (const [status, counts, penalized] of table) {
    const { run } = await invoke((_, response) => response.writeHead(status).end(status === 304 ? undefined : `body of ${status}`), {
      'Request Failure Penalization Enabled': String(penalized),
    });
    assert.deepEqual(run.counts, counts, String(status));
    const way = Object.keys(counts)[0] as 'Retry';
    assert.equal(run.out(way)[0]!.penalized, penalized);
    if (status > 400) assert.equal(run.out(way)[0]!.attributes['invokehttp.response.body'], `body of ${status}`);
  }
  const always = await invoke((_, response) => response.writeHead(500).end('oops'), { 'Response Generation Required': 'true' });
  assert.deepEqual(
    [always.run.counts, always.run.out('Response')[0]!.content, always.run.out('Retry')[0]!.attributes['invokehttp.response.body']],
    [{ Response: 1, Retry: 1 }, 'oops', 'oops'],
  );
});

test('all methods, with or without a body', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND']) {
    const { run, received } = await invoke((_, response) => response.writeHead(204).end(), { 'HTTP Method': '${m}' }, 'hello', { m: method, 'mime.type': 'text/plain' });
    const hasBody = /^P(OST|UT|ATCH)$/.test(method);
    assert.deepEqual([run.counts, received[0]!.method, received[0]!.body], [{ Original: 1, Response: 1 }, method, hasBody ? 'hello' : '']);
    if (hasBody) assert.deepEqual([received[0]!.headers['content-type'], received[0]!.headers['content-length']], ['text/plain', '5']);
  }
  const none = await invoke(ok, { 'HTTP Method': 'POST', 'Request Body Enabled': 'false' }, 'hello');
  assert.deepEqual([none.received[0]!.body, none.received[0]!.headers['content-length']], ['', '0']);
});

test('bodies: chunked, compressed, large, as a form', async () => {
  const post = { 'HTTP Method': 'POST' };
  const chunked = await invoke(ok, { ...post, 'Request Chunked Transfer-Encoding Enabled': 'true' }, 'hello');
  assert.deepEqual(
    [chunked.received[0]!.headers['transfer-encoding'], chunked.received[0]!.body, chunked.received[0]!.headers['content-type']],
    ['chunked', 'hello', 'application/octet-stream'],
  );
  const zipped = await invoke(ok, { ...post, 'Request Content-Encoding': 'GZIP' }, 'hello');
  assert.deepEqual([zipped.received[0]!.headers['content-encoding'], gunzipSync(Buffer.from(zipped.received[0]!.body, 'latin1')).toString()], ['gzip', 'hello']);
  const content = 'x'.repeat(3_000_000);
  const large = await invoke((_, response) => response.end(content), post, content);
  assert.deepEqual([large.received[0]!.body.length, large.run.out('Response')[0]!.size], [3_000_000, 3_000_000]);
  const largeZipped = await invoke(ok, { ...post, 'Request Content-Encoding': 'GZIP' }, content);
  assert.equal(gunzipSync(Buffer.from(largeZipped.received[0]!.body, 'latin1')).length, 3_000_000);
  const form = await invoke(ok, { ...post, 'Request Multipart Form-Data Name': 'file', 'post:form:who': '${who}' }, 'hello', {
    who: 'me',
    filename: 'a"b.txt',
    'mime.type': 'text/plain',
  });
  const sent = await new Response(Buffer.from(form.received[0]!.body, 'latin1'), { headers: { 'Content-Type': form.received[0]!.headers['content-type']! } }).formData();
  const file = sent.get('file') as File;
  assert.deepEqual([sent.get('who'), file.name, file.type, await file.text()], ['me', 'a"b.txt', 'text/plain', 'hello']);
});

test('the answer as attribute, its headers on the original, or neither', async () => {
  const attribute = await invoke(ok, {
    'Response Body Attribute Name': 'answer',
    'Response Body Attribute Size': '3',
    'Response Header Request Attributes Enabled': 'true',
    'Response Header Request Attributes Prefix': 'h.',
  });
  const original = attribute.run.out('Original')[0]!.attributes;
  assert.deepEqual([attribute.run.counts, original.answer, original['h.Content-Type']], [{ Original: 1 }, '{"a', 'application/json']);
  const ignored = await invoke(ok, { 'Response Body Ignored': 'true' });
  assert.equal(ignored.run.out('Response')[0]!.size, 0);
});

test('headers from attributes and properties; none can be smuggled in', async () => {
  const { received } = await invoke(ok, { 'Request Header Attributes Pattern': 'x-.*', 'Request User-Agent': 'Mine' }, '', { 'x-a': '1', y: '2', uuid: 'u' });
  assert.deepEqual([received[0]!.headers['x-a'], received[0]!.headers.y, received[0]!.headers['user-agent']], ['1', undefined, 'Mine']);
  const { run, received: none } = await invoke(ok, { 'X-Own': '${v}' }, '', { v: 'a\r\nX-Evil: 1' });
  assert.deepEqual([run.counts, none.length], [{ Failure: 1 }, 0]);
  assert.match(run.out('Failure')[0]!.attributes['invokehttp.java.exception.message']!, /header X-Own holds line breaks/);
});

test('redirects: followed, with the method that each status asks for, without credentials elsewhere', async () => {
  const other = await httpServer((_, response) => response.end('elsewhere'));
  const hop =
    (status: number, location: string): Answer =>
    (request, response) =>
      request.url === '/end' ? response.end('end') : response.writeHead(status, { Location: location }).end();
  const login = { 'Request Username': 'u', 'Request Password': 'p' };
  const seen = await invoke(hop(302, '/end'), { 'HTTP Method': 'POST', ...login }, 'hello');
  assert.deepEqual([seen.received[1]!.method, seen.received[1]!.body, seen.received[1]!.headers.authorization], ['GET', '', `Basic ${Buffer.from('u:p').toString('base64')}`]);
  assert.equal(seen.run.out('Response')[0]!.attributes['invokehttp.response.url'], `${seen.url}/end`);
  const kept = await invoke(hop(307, '/end'), { 'HTTP Method': 'POST' }, 'hello');
  assert.deepEqual([kept.received[1]!.method, kept.received[1]!.body], ['POST', 'hello']);
  await invoke(hop(302, `${other.url}/x`), login);
  assert.equal(other.received[0]!.headers.authorization, undefined);
  const loop = await invoke((_, response) => response.writeHead(302, { Location: '/again' }).end());
  assert.match(loop.run.out('Failure')[0]!.attributes['invokehttp.java.exception.message']!, /more than 20 times/);
  assert.deepEqual((await invoke(hop(302, '/end'), { 'Response Redirects Enabled': 'False' })).run.counts, { 'No Retry': 1 });
  await other.close();
});

test('digest authentication', async () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const guarded: Answer = ({ headers, method, url }, response) => {
    const value = (name: string) => new RegExp(`\\b${name}="?([^",]+)`).exec(headers.authorization ?? '')?.[1];
    const proof = md5(`${md5('u:home:p')}:n1:${value('nc')}:${value('cnonce')}:auth:${md5(`${method}:${url}`)}`);
    if (value('response') === proof && value('opaque') === 'o') response.end('in');
    else response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x", Digest realm="home", nonce="n1", qop="auth,auth-int", opaque="o"' }).end();
  };
  const login = { 'Request Username': 'u', 'Request Digest Authentication Enabled': 'true' };
  const right = await invoke(guarded, { ...login, 'Request Password': 'p' });
  assert.deepEqual([right.run.counts, right.received.length], [{ Original: 1, Response: 1 }, 2]);
  const wrong = await invoke(guarded, { ...login, 'Request Password': 'q' });
  assert.deepEqual([wrong.run.counts, wrong.received.length], [{ 'No Retry': 1 }, 2]);
});

test('tokens are sent, and renewed where the server refuses one', async () => {
  const tokens = { token: async () => 'old', renew: async () => 'new' };
  const strict: Answer = ({ headers }, response) => response.writeHead(headers.authorization === 'Bearer new' ? 200 : 401).end();
  const services = { 'Request OAuth2 Access Token Provider': tokens };
  assert.deepEqual((await invoke(strict, {}, '', {}, services)).run.counts, { 'No Retry': 1 });
  assert.deepEqual((await invoke(strict, { 'OAuth2 Access Token Refresh Strategy': 'ON_UNAUTHORIZED_RESPONSE' }, '', {}, services)).run.counts, { Original: 1, Response: 1 });
});

test('cookies and cached answers', async () => {
  const server = await httpServer((_, response) => response.writeHead(200, { ...headers, 'Cache-Control': 'max-age=60' }).end('x'));
  let headers: Record<string, string> = { 'Set-Cookie': 'a=1; Path=/' };
  const twice = async (properties: Record<string, string>) => {
    server.received.length = 0;
    const run = runner(InvokeHTTP, { properties: { 'HTTP URL': server.url, 'Request Date Header Enabled': 'False', ...properties } });
    run.enqueue('').enqueue('');
    await run.run(2);
    await run.close();
    assert.deepEqual(run.counts, { Original: 2, Response: 2 });
    return server.received;
  };
  assert.equal((await twice({ 'Response Cookie Strategy': 'ACCEPT_ALL' }))[1]!.headers.cookie, 'a=1');
  assert.equal((await twice({}))[1]!.headers.cookie, undefined);
  headers = {};
  assert.equal((await twice({ 'Response Cache Enabled': 'true' })).length, 1);
  await server.close();
});

test('no answer: the reason, and a penalty', async () => {
  const closed = await httpServer(ok);
  await closed.close();
  const failing = async (url: string, properties: Record<string, string> = {}) => {
    const run = runner(InvokeHTTP, { properties: { 'HTTP URL': url, ...properties } });
    run.enqueue('');
    await run.run();
    await run.close();
    const [{ attributes, penalized }] = run.out('Failure') as [ReturnType<typeof run.out>[0]];
    assert.equal(penalized, true);
    return [attributes['invokehttp.java.exception.class'], attributes['invokehttp.java.exception.message']!] as const;
  };
  assert.equal((await failing(closed.url))[0], 'java.net.ConnectException');
  assert.match((await failing('ftp://x'))[1], /'ftp:\/\/x' is not a URL with http/);
  assert.match((await failing('${none}'))[1], /gives nothing/);
  const slow = await httpServer(() => undefined);
  assert.equal((await failing(slow.url, { 'Socket Read Timeout': '50 ms' }))[0], 'java.net.SocketTimeoutException');
  await slow.close();
  const cut = await httpServer((_, response) => response.writeHead(200, { 'Content-Length': '100' }).write('part', () => response.destroy()));
  assert.equal((await failing(cut.url))[0], 'java.io.IOException');
  await cut.close();
});

test('without incoming connection it runs as scheduled', async () => {
  const server = await httpServer(ok);
  const run = runner(InvokeHTTP, { incoming: false, properties: { 'HTTP URL': server.url } });
  await run.run();
  await run.close();
  assert.deepEqual([run.counts, run.provenance.some(({ type }) => type === 'RECEIVE')], [{ Response: 1 }, true]);
  await server.close();
});
