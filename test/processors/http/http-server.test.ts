import assert from 'node:assert/strict';
import { test } from 'node:test';
import HandleHttpRequest from '../../../processors/http/HandleHttpRequest.ts';
import HandleHttpResponse from '../../../processors/http/HandleHttpResponse.ts';
import ListenHTTP from '../../../processors/http/ListenHTTP.ts';
import { WaitingRequests } from '../../../processors/http/waiting-requests.ts';
import { runner } from '../../runner.ts';
import { freePort } from '../../bench/server.ts';

const MAP = 'HTTP Context Map';

async function serving(contexts: WaitingRequests, properties: Record<string, string> = {}) {
  const port = await freePort();
  const run = runner(HandleHttpRequest, { properties: { 'Listening Port': String(port), Hostname: '127.0.0.1', ...properties }, services: { [MAP]: contexts } });
  await run.start();
  return { run, url: `http://127.0.0.1:${port}` };
}

async function respond(contexts: WaitingRequests, content: string, attributes: Readonly<Record<string, string>>, properties: Record<string, string> = {}) {
  const run = runner(HandleHttpResponse, { properties: { 'HTTP Status Code': '${status:replaceNull(200)}', ...properties }, services: { [MAP]: contexts } });
  run.enqueue(content, attributes);
  await run.run();
  return run;
}

test('a request becomes a FlowFile, and a FlowFile its answer', async () => {
  const contexts = new WaitingRequests(10, 10_000);
  const { run, url } = await serving(contexts);
  const pending = fetch(`${url}/a/b?x=1&y=z`, {
    method: 'POST',
    body: 'hello',
    headers: { 'Content-Type': 'text/plain', 'X-Own': 'me', Authorization: `Basic ${Buffer.from('joe:secret').toString('base64')}` },
  });
  await run.run();
  const [{ content, attributes }] = run.out('success') as [ReturnType<typeof run.out>[0]];
  const names = [
    'http.method',
    'http.request.uri',
    'http.query.string',
    'http.query.param.x',
    'http.param.y',
    'http.headers.X-Own',
    'http.headers.x-own',
    'http.remote.addr',
    'http.remote.user',
    'http.protocol',
    'mime.type',
  ];
  const told = Object.fromEntries(names.map((name) => [name, attributes[name]]));
  assert.equal(told['http.headers.X-Own'] ?? told['http.headers.x-own'], 'me');
  assert.deepEqual(
    [
      content,
      told['http.method'],
      told['http.request.uri'],
      told['http.query.string'],
      told['http.query.param.x'],
      told['http.param.y'],
      told['http.remote.addr'],
      told['http.remote.user'],
      told['http.protocol'],
      told['mime.type'],
    ],
    ['hello', 'POST', '/a/b', 'x=1&y=z', '1', 'z', '127.0.0.1', 'joe', 'HTTP/1.1', 'text/plain'],
  );
  assert.equal(
    Object.values(attributes).some((value) => value.includes('secret') || value.startsWith('Basic ')),
    false,
  );
  const answered = await respond(contexts, 'done', { ...attributes, status: '201', 'x-more': '1' }, { 'Attributes for HTTP Response': 'x-.*', Server: 'mine' });
  assert.deepEqual(answered.counts, { success: 1 });
  const response = await pending;
  assert.deepEqual([response.status, await response.text(), response.headers.get('x-more'), response.headers.get('server')], [201, 'done', '1', 'mine']);
  assert.deepEqual((await respond(contexts, 'again', attributes)).counts, { failure: 1 });
  await run.stop();
  await assert.rejects(fetch(url));
});

test('a form becomes a FlowFile for each part', async () => {
  const contexts = new WaitingRequests(10, 10_000);
  const { run, url } = await serving(contexts, { 'Multipart Request Max Size': '1 KB' });
  const form = new FormData();
  form.append('who', 'me');
  form.append('file', new Blob(['content'], { type: 'text/csv' }), '../evil.csv');
  const pending = fetch(url, { method: 'POST', body: form });
  await run.run();
  const [who, file] = run.out('success');
  assert.deepEqual(
    [who!.content, who!.attributes['http.multipart.name'], file!.content, file!.attributes['mime.type'], file!.attributes.filename],
    ['me', 'who', 'content', 'text/csv', 'evil.csv'],
  );
  assert.deepEqual(
    [file!.attributes['http.multipart.fragments.sequence.number'], file!.attributes['http.multipart.fragments.total.number'], file!.attributes['http.context.identifier']],
    ['2', '2', who!.attributes['http.context.identifier']],
  );
  await respond(contexts, '', who!.attributes);
  assert.equal((await pending).status, 200);
  const large = new FormData();
  large.append('file', new Blob(['x'.repeat(5000)]));
  const refused = fetch(url, { method: 'POST', body: large });
  await run.run();
  assert.equal((await refused).status, 400);
  await run.stop();
});

test('what is not served is refused at once, what nobody answers after a while', async () => {
  const contexts = new WaitingRequests(1, 50);
  const { run, url } = await serving(contexts, { 'Allowed Paths': '/api/.*', 'Allow DELETE': 'false' });
  assert.deepEqual([(await fetch(`${url}/other`)).status, (await fetch(`${url}/api/x`, { method: 'DELETE' })).status], [404, 405]);
  const first = fetch(`${url}/api/1`);
  await run.run();
  const second = fetch(`${url}/api/2`);
  await run.run();
  assert.equal((await second).status, 503);
  assert.equal((await first).status, 503);
  await run.stop();
});

test('an answer without request, with a wrong status, or to nobody fails', async () => {
  const contexts = new WaitingRequests(1, 10_000);
  assert.deepEqual((await respond(contexts, '', {})).counts, { failure: 1 });
  assert.deepEqual((await respond(contexts, '', { 'http.context.identifier': 'x', status: 'fine' })).counts, { failure: 1 });
  contexts.register('gone', { url: 'u', respond: () => Promise.reject(new Error('the client has gone')) });
  assert.deepEqual((await respond(contexts, '', { 'http.context.identifier': 'gone' })).counts, { failure: 1 });
});

test('a port that is taken keeps the processor from starting', async () => {
  const contexts = new WaitingRequests(1, 1000);
  const { run, url } = await serving(contexts);
  const other = runner(HandleHttpRequest, { properties: { 'Listening Port': new URL(url).port, Hostname: '127.0.0.1' }, services: { [MAP]: contexts } });
  await assert.rejects(other.start(), /Port \d+ cannot be opened/);
  await run.stop();
});

test('ListenHTTP takes what is posted and answers when it is stored', async () => {
  const port = await freePort();
  const run = runner(ListenHTTP, { properties: { 'Listening Port': String(port), 'Base Path': 'in', 'HTTP Headers for Attributes': 'x-.*', 'Return Code': '202' } });
  await run.start();
  const url = `http://127.0.0.1:${port}`;
  const pending = fetch(`${url}/in`, { method: 'POST', body: 'hello', headers: { 'x-own': 'me', filename: 'a.txt', 'Content-Type': 'text/plain' } });
  await run.run();
  const [{ content, attributes }] = run.out('success') as [ReturnType<typeof run.out>[0]];
  assert.deepEqual([content, attributes['x-own'], attributes.filename, attributes['mime.type']], ['hello', 'me', 'a.txt', 'text/plain']);
  assert.ok(attributes['restlistener.remote.source.host']!.includes('127.0.0.1'));
  run.flow.runtime.journal.flush();
  assert.equal((await pending).status, 202);
  assert.deepEqual(
    [
      (await fetch(`${url}/other`, { method: 'POST' })).status,
      (await fetch(`${url}/in`)).status,
      (await fetch(`${url}/healthcheck`)).status,
      (await fetch(`${url}/in`, { method: 'HEAD' })).status,
    ],
    [404, 405, 200, 200],
  );
  await run.stop();
});
