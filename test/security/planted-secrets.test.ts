import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { places } from '../../server/config.ts';
import { GENERATE, type Json, LOG_MESSAGE, revision, until } from '../api-client.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { filesBelow, findings, formsOf, plantedSecret } from './planted.ts';
import { getPaths, PlantedServer } from './planted-server.ts';
import { refusing } from './refusing-servers.ts';

const STANDARD = 'org.apache.nifi.processors.standard';
const names = [
  'parameter',
  'new parameter',
  'processor property',
  'dynamic property',
  'service property',
  'dynamic service property',
  'invalid value',
  'proposed',
  'password',
  'wrong password',
] as const;
type Ports = Awaited<ReturnType<typeof refusing>>;
type Secrets = Record<(typeof names)[number], string>;

const main = path.join(places.project, 'dist', 'server', 'main.js');

async function parameters(server: PlantedServer, secrets: Secrets): Promise<Json> {
  const parameter = { name: 'key', sensitive: true, value: secrets.parameter };
  const context = await server.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name: 'Shop', parameters: [{ parameter }] } });
  const root = await server.get('/process-groups/root');
  const bound = await server.send('PUT', `/process-groups/${root.id}`, { revision: root.revision, component: { id: root.id, parameterContext: { id: context.id } } });
  assert.equal(bound.status, 200, bound.text);
  return context;
}

/** A processor all of whose results are dropped, fed by a source of one FlowFile and by LogAttribute. */
async function fed(server: PlantedServer, type: string, properties: object, more: object = {}): Promise<Json> {
  const source = await server.source('text');
  const log = await server.processor(`${STANDARD}.LogAttribute`, { properties: { 'Log Payload': 'true' } });
  const made = await server.processor(type, { properties, ...more });
  const autoTerminatedRelationships = made.component.relationships.map(({ name }: Json) => name);
  await server.edit(made, { config: { autoTerminatedRelationships, schedulingPeriod: '10 ms' } });
  await server.connect(source, log);
  await server.connect(log, made);
  for (const each of [source, log]) await server.once(each);
  return made;
}

async function services(server: PlantedServer, secrets: Secrets, port: number): Promise<Json[]> {
  const service = (type: string, properties: object) => server.create('root', 'controller-services', { type, properties });
  const url = `jdbc:postgresql://127.0.0.1:${port}/shop`;
  const pool = await service('org.apache.nifi.dbcp.DBCPConnectionPool', {
    'Database Connection URL': url,
    'Database Driver Class Name': 'org.postgresql.Driver',
    'Database User': 'jane',
    Password: secrets['service property'],
    'SENSITIVE.application_name': secrets['dynamic service property'],
  });
  const byParameter = await service('org.apache.nifi.dbcp.HikariCPConnectionPool', {
    'Database Connection URL': url,
    'Database Driver Class Name': 'org.postgresql.Driver',
    'Database User': 'jane',
    Password: '#{key}',
  });
  const pem = await service('org.apache.nifi.ssl.PEMEncodedSSLContextProvider', {
    'Private Key': secrets['invalid value'],
    'Certificate Chain': '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----',
    'Certificate Authorities Source': 'SYSTEM',
  });
  for (const each of [pool, byParameter, pem]) await server.runStatus(each, 'ENABLED');
  return [pool, byParameter, pem];
}

async function processors(server: PlantedServer, secrets: Secrets, { web, mail }: Ports, [pool, byParameter]: Json[]): Promise<Json[]> {
  const http = { 'HTTP URL': `http://127.0.0.1:${web}/`, 'Request Username': 'jane' };
  const jdbc = (service: Json) => ({ 'Database Connection Pooling Service': service.id, 'SQL Query': 'select 1' });
  return [
    await fed(server, `${STANDARD}.InvokeHTTP`, { ...http, 'Request Password': secrets['processor property'] }),
    await fed(server, `${STANDARD}.InvokeHTTP`, { ...http, 'Request Password': '#{key}' }),
    await fed(server, `${STANDARD}.InvokeHTTP`, { ...http, 'X-Key': secrets['dynamic property'] }, { sensitiveDynamicPropertyNames: ['X-Key'] }),
    // Refused: a sensitive parameter has no place in a property that is not.
    await fed(server, `${STANDARD}.InvokeHTTP`, { 'HTTP URL': `http://127.0.0.1:${web}/#{key}` }),
    await fed(server, `${STANDARD}.ExecuteSQL`, jdbc(pool)),
    await fed(server, `${STANDARD}.ExecuteSQL`, jdbc(byParameter)),
    await fed(server, `${STANDARD}.PutEmail`, {
      'SMTP Hostname': '127.0.0.1',
      'SMTP Port': String(mail),
      'SMTP Socket Factory': 'plain',
      'SMTP Username': 'jane',
      'SMTP Password': '#{key}',
      From: 'jane@example.com',
      To: 'joe@example.com',
    }),
  ];
}

async function script(server: PlantedServer): Promise<Json> {
  const { processorTypes } = await server.get('/flow/processor-types');
  const { type } = processorTypes.find((each: Json) => each.type.endsWith('.ExecuteScript'));
  const body = 'function transform(flowFile) { throw new Error(JSON.stringify([flowFile, Object.keys(globalThis), String(globalThis.process?.env)])); }';
  return fed(server, type, { 'Script Body': body });
}

async function tried(server: PlantedServer, secrets: Secrets, made: readonly Json[]): Promise<void> {
  for (const { id, uri, component } of made) {
    const at = new URL(uri).pathname.replace('/nifi-api', '');
    const sensitive = Object.values<Json>(component.descriptors ?? component.config.descriptors).filter(({ sensitive }) => sensitive);
    const proposed = Object.fromEntries(sensitive.map(({ name }) => [name, secrets.proposed]));
    for (const properties of [{}, proposed]) {
      await server.finished(`${at}/config/verification-requests`, { request: { componentId: id, properties, attributes: {} } });
      await server.ok('POST', `${at}/config/analysis`, { configurationAnalysis: { componentId: id, properties } });
    }
    await server.send('PUT', at, { revision: revision(99), component: { id, properties: proposed, config: { properties: proposed } } });
    await server.send('PUT', at, `{"component": {"value": ${secrets.proposed}`, { 'Content-Type': 'application/json' });
    await server.send('PUT', at, { component: { [secrets.proposed.slice(0, 0)]: 1 }, revision: { version: [secrets.proposed] } });
  }
}

/** Updates that are refused, and one that is done. */
async function updated(server: PlantedServer, secrets: Secrets, { id }: Json): Promise<void> {
  const at = `/parameter-contexts/${id}`;
  const value = secrets['new parameter'];
  const body = (parameter: object, now: object) => ({ id, revision: now, component: { id, parameters: [{ parameter }] } });
  const { revision: now } = await server.get(at);
  for (const wrong of [
    body({ name: 'key', sensitive: false, value }, now),
    body({ name: 'key', sensitive: true, value: [value] }, now),
    body({ name: 'k/e y\n', sensitive: true, value }, now),
  ]) {
    const answer = await server.send('POST', `${at}/update-requests`, wrong);
    assert.ok(answer.status >= 400, `${JSON.stringify(wrong)} ${answer.text}`);
  }
  // The first fails in the background: it is about a revision that there never was.
  for (const claimed of [revision(77), now]) await server.finished(`${at}/update-requests`, body({ name: 'key', sensitive: true, value }, claimed));
}

async function copied(server: PlantedServer): Promise<void> {
  const group = await server.create('root', 'process-groups', { name: 'copies' });
  const definition = await server.get('/process-groups/root/download?includeReferencedServices=true');
  const form = new FormData();
  for (const [name, value] of Object.entries({ groupName: 'uploaded', positionX: '10', positionY: '20', clientId: 'test' })) form.append(name, value);
  form.append('file', new Blob([JSON.stringify(definition)], { type: 'application/json' }), 'flow.json');
  assert.equal((await server.send('POST', `/process-groups/${group.id}/process-groups/upload`, form)).status, 201);
  const { flow } = (await server.get('/flow/process-groups/root')).processGroupFlow;
  const ids = flow.processors.map(({ id }: Json) => id);
  const { id: rootId } = await server.get('/process-groups/root');
  await server.ok('POST', '/snippets', { snippet: { parentGroupId: rootId, processors: Object.fromEntries(ids.map((id: string) => [id, revision(0)])) } });
  const copy = await server.ok('POST', '/process-groups/root/copy', { processors: ids });
  await server.ok('PUT', `/process-groups/${group.id}/paste`, { copyResponse: copy, revision: (await server.get(`/process-groups/${group.id}`)).revision });
}

/** Every GET that there is, with every id that any answer told. */
async function everything(server: PlantedServer): Promise<number> {
  await server.finished('/provenance', { provenance: { request: { maxResults: 1000, summarize: false } } }, ({ provenance }) => provenance);
  const { flow } = (await server.get('/flow/process-groups/root')).processGroupFlow;
  for (const { id } of flow.connections) {
    await server.finished(`/flowfile-queues/${id}/listing-requests`, {}, ({ listingRequest }) => listingRequest);
  }
  const { controllerServices } = await server.get('/flow/process-groups/root/controller-services');
  const { parameterContexts } = await server.get('/flow/parameter-contexts');
  const telling = flow.processors.filter(({ component }: Json) => !/GenerateFlowFile|LogAttribute/.test(component.type));
  const entities = [...telling, ...controllerServices, ...parameterContexts, ...flow.processGroups, flow.connections[0]];
  const ids = ['root', ...entities.map(({ id }: Json) => id), '1', '2', '30'];
  const unknown = (await server.send('GET', '/no-such-path')).text.replace('/no-such-path', '');
  const sent = server.answers.length;
  const paths = getPaths().filter((each) => !each.includes('logout'));
  for (const each of paths) {
    const url = (id: string): string => `${each.replace(/:\w+/, id)}${each.includes('history') ? '?offset=0&count=1000' : ''}`;
    const first = await server.send('GET', url('root'));
    if (!each.includes(':') || first.text.replace(/\S*root\S*/, '') === unknown || /no such path|There is no GET/i.test(first.text)) continue;
    await Promise.all(ids.slice(1).map((id) => server.send('GET', url(id))));
  }
  for (const { id, component } of telling) {
    const { group, artifact, version } = component.bundle;
    await server.send('GET', `/flow/processor-definition/${group}/${artifact}/${version}/${component.type}`);
    await server.send('GET', `/processors/${id}/descriptors?propertyName=X-Key&sensitive=true`);
  }
  for (const query of ['bulletin-board', 'search-results?q=key', 'metrics/prometheus', 'metrics/json']) await server.send('GET', `/flow/${query}`);
  return server.answers.slice(sent).filter(({ name }) => name.startsWith('answer 200')).length;
}

test('a search finds a secret in each of its forms, and whatever part a message quotes', () => {
  const secret = plantedSecret();
  for (const [form, bytes] of formsOf(secret)) {
    for (const before of ['', 'x', 'xy']) {
      assert.equal(findings({ secret }, [{ name: 'here', bytes: Buffer.concat([Buffer.from(before), bytes]) }]).length, 1, form);
    }
  }
  for (const prefix of ['', 'a', 'ab']) {
    const basic = Buffer.from(`${prefix}:${secret}:more`).toString('base64');
    assert.equal(findings({ secret }, [{ name: 'Authorization', bytes: Buffer.from(basic) }]).length, 1);
  }
  assert.deepEqual(findings({ secret }, [{ name: 'elsewhere', bytes: Buffer.from(plantedSecret()) }]), []);
});

test('no planted secret is in an answer, in the log or in a file of the data directory, however it was used', async (context) => {
  const data = temporaryDirectory();
  const secrets = Object.fromEntries(names.map((name) => [name, plantedSecret()])) as Secrets;
  const control = plantedSecret();
  const server = new PlantedServer(data, secrets.password);
  context.after(() => server.kill());
  await server.ready();
  assert.equal((await server.logIn('admin', secrets['wrong password'])).status, 400);
  assert.equal((await server.logIn('admin', secrets.password)).status, 201);

  const ports = await refusing(context);
  const shop = await parameters(server, secrets);
  const made = await services(server, secrets, ports.database);
  const run = [...(await processors(server, secrets, ports, made)), await script(server)];
  const isValid = ({ component }: Json): boolean => component.validationStatus === 'VALID';
  const valid: Json[] = [];
  for (const each of run) {
    const now = await server.fresh(each);
    if (isValid(now)) valid.push(each);
  }
  assert.equal(valid.length, run.length - 1, 'only the one that puts a sensitive parameter into a URL is invalid');
  for (const each of valid) await server.runStatus(each, 'RUNNING');
  const used = ['processor property', 'parameter', 'service property'] as const;
  await until(() => used.every((name) => findings({ [name]: secrets[name] }, [{ name: 'wire', bytes: Buffer.concat(ports.received) }]).length > 0), 60_000);
  for (const each of valid.slice(2)) await until(async () => (await server.fresh(each)).bulletins.length > 0);
  await updated(server, secrets, shop);
  for (const each of valid) await server.runStatus(each, 'STOPPED');
  for (const each of made) {
    await until(async () => {
      await server.runStatus(each, 'DISABLED');
      return (await server.fresh(each)).component.state === 'DISABLED';
    });
  }
  await tried(server, secrets, [...made, ...run]);
  await copied(server);

  const talker = await server.processor(LOG_MESSAGE, { properties: { 'Log Level': 'warn', 'Log Message': control }, autoTerminatedRelationships: ['success'] });
  await server.connect(await server.processor(GENERATE, { properties: { 'Custom Text': 'x' }, schedulingPeriod: '1 day' }), talker);
  const { flow } = (await server.get('/flow/process-groups/root')).processGroupFlow;
  await server.once(flow.processors.find(({ id }: Json) => id === flow.connections.at(-1).sourceId));
  await server.once(talker);

  const answered = await everything(server);
  assert.ok(answered > 200, `${answered} answers`);
  const exported = spawnSync(process.execPath, [main, 'audit', 'export', '--data', data], { encoding: 'utf8', timeout: 60_000 });
  await server.kill();
  const files = filesBelow(data);
  const log = { name: 'log', bytes: Buffer.from(server.output) };
  const searched = [...server.answers, log, { name: 'audit export', bytes: Buffer.from(exported.stdout + exported.stderr) }, ...files];
  for (const places of [server.answers, [log], files]) assert.ok(findings({ control }, places).length > 0, `what is no secret is found in ${places[0]?.name}`);
  assert.deepEqual(findings({ ...secrets, token: server.token, 'signature of the token': server.token.split('.').at(-1)! }, searched), []);
});
