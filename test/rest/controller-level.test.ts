import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, RestRig, revision, until } from './rest-rig.ts';

const CLIENTS = '/controller/registry-clients';

const client = (rig: RestRig, component: object = {}): Promise<Json> =>
  rig.ok('POST', CLIENTS, { revision: revision(0), component: { type: 'test.Registry', name: 'registry', properties: { URL: 'http://here', Password: 'hush' }, ...component } });

test('a component outside of groups is made, read, edited and removed, each on its revision', () =>
  RestRig.with(async (rig) => {
    const made = await client(rig, { description: 'ours' });
    assert.equal(new URL(made.uri).pathname, `/nifi-api${CLIENTS}/${made.id}`);
    const { name, description, properties, supportsBranching, validationStatus, descriptors, bundle } = made.component;
    assert.deepEqual(
      { name, description, properties, supportsBranching, validationStatus },
      {
        name: 'registry',
        description: 'ours',
        properties: { URL: 'http://here', Password: '********', 'Word Service': null },
        supportsBranching: true,
        validationStatus: 'VALID',
      },
    );
    assert.deepEqual([Object.keys(descriptors), bundle.group, made.revision.version], [['URL', 'Password', 'Word Service'], 'test', 1]);
    const edited = await rig.edit(made, { properties: { URL: 'http://there', Password: '********' }, description: 'yours' });
    assert.deepEqual([edited.status, edited.json.component.properties.URL, edited.json.component.description, edited.json.revision.version], [200, 'http://there', 'yours', 2]);
    const [node] = rig.flow.allControllerLevel('FLOW_REGISTRY_CLIENT');
    assert.equal(node!.properties.texts.get('Password'), 'hush');
    assert.equal((await rig.send('PUT', `${CLIENTS}/${made.id}`, { revision: { version: 1 }, component: { id: made.id } })).status, 400);
    assert.deepEqual([(await rig.get(CLIENTS)).registries.length, (await rig.get('/flow/registries')).registries.map(({ id }: Json) => id)], [1, [made.id]]);
    assert.equal((await rig.remove(made)).status, 200);
    assert.equal((await rig.send('GET', `${CLIENTS}/${made.id}`)).status, 404);
    const { actions } = (await rig.get('/flow/history?offset=0&count=10&sortOrder=asc')).history;
    assert.deepEqual(
      actions.map(({ action }: Json) => `${action.operation} ${action.sourceType}`).filter((each: string, index: number, all: string[]) => all.indexOf(each) === index),
      ['Add FlowRegistryClient', 'Configure FlowRegistryClient', 'Remove FlowRegistryClient'],
    );
  }));

test('what cannot be made is refused with a sentence', () =>
  RestRig.with(async (rig) => {
    const send = (body: object) => rig.send('POST', CLIENTS, body);
    const answers = await Promise.all([
      send({ revision: revision(0), component: { type: 'test.Nothing' } }),
      send({ revision: revision(0), component: {} }),
      send({ revision: revision(3), component: { type: 'test.Registry' } }),
      send({ revision: revision(0), component: { type: 'test.Registry', id: 'mine' } }),
    ]);
    assert.deepEqual(
      answers.map(({ status, text }) => `${status} ${text}`),
      [
        '400 There is no flow registry client type test.Nothing.',
        '400 The type of the flow registry client to create must be specified.',
        '400 A revision of 0 must be specified when creating a new component.',
        '400 Flow registry client id cannot be specified.',
      ],
    );
    assert.equal((await rig.send('GET', '/parameter-providers/nowhere')).text, "Unable to find parameter provider with id 'nowhere'.");
  }));

test('descriptors, analysis, "Test connection" and bulletins', () =>
  RestRig.with(async (rig) => {
    const made = await client(rig, { properties: {} });
    assert.deepEqual(made.component.validationErrors, ["'URL' is invalid because URL is required"]);
    const at = `${CLIENTS}/${made.id}`;
    assert.equal((await rig.get(`${at}/descriptors?propertyName=Password`)).propertyDescriptor.sensitive, true);
    const analysis = await rig.ok('POST', `${at}/config/analysis`, { configurationAnalysis: { componentId: made.id, properties: { URL: 'x' } } });
    assert.equal(analysis.configurationAnalysis.supportsVerification, true);
    const { request } = await rig.ok('POST', `${at}/config/verification-requests`, { request: { componentId: made.id, properties: { URL: 'http://x' } } });
    await until(async () => (await rig.get(`${at}/config/verification-requests/${request.requestId}`)).request.complete);
    const { results } = (await rig.ok('DELETE', `${at}/config/verification-requests/${request.requestId}`)).request;
    assert.equal(results[1].explanation, 'Reached http://x');
    const [node] = rig.flow.allControllerLevel('FLOW_REGISTRY_CLIENT');
    node!.log.error('it is gone');
    assert.deepEqual(
      (await rig.get('/flow/controller/bulletins')).flowRegistryClientBulletins.map(({ bulletin }: Json) => bulletin.message),
      ['it is gone'],
    );
    assert.equal((await rig.get(at)).bulletins.length, 1);
    const cleared = await rig.ok('POST', `${at}/bulletins/clear-requests`, { fromTimestamp: new Date(Date.now() + 1000).toISOString() });
    assert.deepEqual([cleared.bulletinsCleared, (await rig.get(at)).bulletins], [1, []]);
  }));

test('it uses controller-level services, which know it as their user', () =>
  RestRig.with(async (rig) => {
    const service = await rig.ok('POST', '/controller/controller-services', { revision: revision(0), component: { type: 'test.Word', name: 'word' } });
    const made = await client(rig, { properties: { URL: 'x', 'Word Service': service.id } });
    assert.match(made.component.validationErrors[0], /is disabled/);
    const [reference] = (await rig.get(`/controller-services/${service.id}/references`)).controllerServiceReferencingComponents;
    assert.deepEqual([reference.id, reference.component.referenceType], [made.id, 'FlowRegistryClient']);
    await rig.runStatus(service, 'ENABLED');
    assert.equal((await rig.get(`${CLIENTS}/${made.id}`)).component.validationStatus, 'VALID');
    await rig.runStatus(service, 'DISABLED');
    assert.equal((await rig.get(`${CLIENTS}/${made.id}`)).component.validationStatus, 'INVALID');
  }));

test('types and their documentation come from the declarations, whatever the kind', () =>
  RestRig.with(async (rig) => {
    const { flowRegistryClientTypes } = await rig.get('/controller/registry-types');
    assert.ok(flowRegistryClientTypes.some(({ type }: Json) => type === 'test.Registry'));
    const definition = await rig.get('/flow/flow-registry-client-definition/test/test/1/test.Registry');
    assert.deepEqual([definition.typeDescription, definition.propertyDescriptors.URL.required, definition.additionalDetails], ['Keeps nothing', true, true]);
    assert.equal((await rig.get('/flow/additional-details/test/test/1/test.Registry')).additionalDetails, '# Nothing');
    const { bundles } = (await rig.get('/flow/runtime-manifest')).runtimeManifest;
    const own = bundles.find(({ artifact }: Json) => artifact === 'test').componentManifest;
    assert.deepEqual([own.flowRegistryClients.length, own.processors.length, own.controllerServices.length], [1, 2, 1]);
    assert.equal((await rig.send('GET', '/flow/parameter-provider-definition/test/test/1/test.Registry')).status, 404);
  }));

test('the settings of the instance have a revision and a history', () =>
  RestRig.with(async (rig) => {
    const before = await rig.get('/controller/config');
    assert.deepEqual([before.revision.version, before.component.maxTimerDrivenThreadCount], [0, 10]);
    const put = (version: number, component: object, clientId = 'test') => rig.send('PUT', '/controller/config', { revision: revision(version, clientId), component });
    assert.equal((await put(0, { maxTimerDrivenThreadCount: 0 })).status, 400);
    const changed = await put(0, { maxTimerDrivenThreadCount: 12 });
    assert.deepEqual([changed.status, changed.json.revision.version, changed.json.component.maxTimerDrivenThreadCount], [200, 1, 12]);
    assert.equal((await put(0, { maxTimerDrivenThreadCount: 20 }, 'other')).status, 400);
    const [{ action }] = (await rig.get('/flow/history?offset=0&count=1')).history.actions;
    assert.deepEqual(
      [action.sourceType, action.actionDetails.name, action.actionDetails.previousValue, action.actionDetails.value],
      ['Controller', 'maxTimerDrivenThreadCount', '10', '12'],
    );
  }));

test('NARs are not taken, and there are none', () =>
  RestRig.with(async (rig) => {
    assert.deepEqual((await rig.get('/controller/nar-manager/nars')).narSummaries, []);
    const answers = await Promise.all([
      rig.send('POST', '/controller/nar-manager/nars/content', {}),
      rig.send('GET', '/controller/nar-manager/nars/x'),
      rig.send('DELETE', '/controller/nar-manager/nars/x'),
    ]);
    for (const { status, text } of answers) assert.deepEqual([status, text], [501, 'Uploading NARs is not offered by Millrace.']);
    assert.equal((await rig.send('GET', '/flow/flow-registry-client-definition/test/test/2/test.Registry')).status, 404);
  }));
