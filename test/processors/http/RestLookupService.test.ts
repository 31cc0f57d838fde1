import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import RestLookupService from '../../../processors/http/RestLookupService.ts';
import LookupRecord from '../../../processors/records/LookupRecord.ts';
import { httpServer, type Received } from './http-rig.ts';
import { jsonReader, type Properties, runJson, service } from '../records/record-services.ts';

const login = { 'www-authenticate': 'Digest realm="r", nonce="n", qop="auth"' };
let server: Awaited<ReturnType<typeof httpServer>>;
before(async () => {
  server = await httpServer(({ url, headers }, response) => {
    if (url.startsWith('/missing')) response.writeHead(404).end('{"error":"no such customer"}');
    else if (url.startsWith('/moved')) response.writeHead(302, { location: '/customers/moved' }).end();
    else if (url.startsWith('/private') && !headers.authorization) response.writeHead(401, login).end();
    else if (url.startsWith('/broken')) response.end('{"a":');
    else if (url.startsWith('/cut')) response.destroy();
    else response.end('[{"name":"Ada","address":{"city":"London"}},{"name":"Bob"}]');
  });
});
after(() => server.close());

/** Looks the customer of one record up; what is found, or why it failed. */
async function look(url: string, properties: Properties = {}, coordinates: Properties = {}, record: object = { id: 'c 1' }): Promise<unknown> {
  const lookup = { ...service(RestLookupService, { URL: `${server.url}${url}`, ...properties }), services: { 'Record Reader': jsonReader() } };
  const run = await runJson(LookupRecord, JSON.stringify([record]), { id: '/id', 'Result RecordPath': '/found', ...coordinates }, {}, { 'Lookup Service': lookup });
  const [out] = run.out('success');
  return out ? (JSON.parse(out.content) as { found: unknown }[])[0]!.found : run.out('failure')[0]!.attributes['record.error.message'];
}
const last = (): Received => server.received.at(-1)!;

test('coordinates go into the URL and headers, and the first record is the answer', async () => {
  assert.deepEqual(await look('/customers/${id:urlEncode()}', { 'X-Who': '${filename}-${id}' }), { name: 'Ada', address: { city: 'London' } });
  assert.equal(`${last().method} ${last().url}`, 'GET /customers/c+1');
  assert.match(String(last().headers['x-who']), /-c 1$/);
  assert.deepEqual(await look('/customers/1', { 'Record Path': '/address' }), { city: 'London' });
  assert.deepEqual(await look('/customers/1', { 'Record Path': '/address/city' }), { city: 'London' });
  assert.equal(await look('/customers/1', { 'Record Path': '/nothing' }), undefined);
  assert.deepEqual(await look('/moved'), { name: 'Ada', address: { city: 'London' } });
});

test('coordinates say how to ask', async () => {
  const how = { 'request.method': '/m', 'request.body': '/b', 'mime.type': '/t' };
  await look('/search', {}, how, { id: 1, m: 'post', b: '{"q":1}', t: 'application/json' });
  assert.deepEqual([last().method, last().url, last().body, last().headers['content-type']], ['POST', '/search', '{"q":1}', 'application/json']);
  assert.match(String(await look('/search', {}, { 'request.method': '/m' }, { id: 1, m: 'post' })), /POST needs the coordinate request.body/);
  assert.match(String(await look('/search', {}, { 'request.body': '/m' }, { id: 1, m: 'x' })), /needs mime.type/);
  assert.match(String(await look('/search', {}, { 'request.method': '/m' }, { id: 1, m: 'TRACE' })), /not one of GET, POST, PUT, DELETE/);
});

test('who asks is told as the server wants it', async () => {
  const basic = { 'Authentication Strategy': 'BASIC', 'Basic Authentication Username': 'ada', 'Basic Authentication Password': 'x:y' };
  await look('/customers/1', basic);
  assert.equal(last().headers.authorization, `Basic ${Buffer.from('ada:x:y').toString('base64')}`);
  assert.deepEqual(await look('/private', { ...basic, 'Use Digest Authentication': 'true' }), { name: 'Ada', address: { city: 'London' } });
  assert.match(String(last().headers.authorization), /^Digest username="ada"/);
});

test('answers that are none fail the FlowFile, with the reason', async () => {
  assert.deepEqual(await look('/missing'), { error: 'no such customer' });
  assert.match(String(await look('/missing', { 'Response Handling Strategy': 'EVALUATED' })), /answered 404: .*no such customer/);
  assert.match(String(await look('/broken')), /JSON/);
  assert.match(String(await look('/cut')), /The look-up at http:\/\/127.0.0.1:\d+ failed: /);
  assert.match(String(await look('', { URL: 'file:///etc/passwd' })), /no address with http/);
});
