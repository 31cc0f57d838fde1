import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../temporary-directory.ts';
import { GENERATE, type Json, RestRig, revision, until } from './rest-rig.ts';

const FILES = 'org.apache.nifi.parameter.KubernetesSecretParameterProvider';
const ENVIRONMENT = 'org.apache.nifi.parameter.EnvironmentVariableParameterProvider';

function secrets(files: Record<string, string>, name = 'shop'): string {
  const directory = path.join(temporaryDirectory(), name);
  mkdirSync(directory, { recursive: true });
  write(directory, files);
  return directory;
}

function write(directory: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(directory, file), text);
}

const provider = (rig: RestRig, type: string, properties: object, name = 'source'): Promise<Json> =>
  rig.ok('POST', '/controller/parameter-providers', { revision: revision(0), component: { type, name, properties } });

const files = (rig: RestRig, directory: string): Promise<Json> => provider(rig, FILES, { 'parameter-group-directories': directory, 'parameter-value-encoding': 'plaintext' });

async function fetchParameters(rig: RestRig, { id }: Json): Promise<Json> {
  const { revision: known } = await rig.get(`/parameter-providers/${id}`);
  return rig.ok('POST', `/parameter-providers/${id}/parameters/fetch-requests`, { id, revision: known });
}

async function apply(rig: RestRig, { id }: Json, parameterGroupConfigurations: object[]): Promise<Json> {
  const { revision: known } = await rig.get(`/parameter-providers/${id}`);
  const url = `/parameter-providers/${id}/apply-parameters-requests`;
  const { request } = await rig.ok('POST', url, { id, revision: known, parameterGroupConfigurations });
  await until(async () => (await rig.get(`${url}/${request.requestId}`)).request.complete);
  return (await rig.ok('DELETE', `${url}/${request.requestId}`)).request;
}

const shop = (sensitivities: Record<string, string>, component: object = {}) => ({
  groupName: 'shop',
  parameterContextName: 'shop secrets',
  synchronized: true,
  parameterSensitivities: sensitivities,
  ...component,
});

test('parameters are fetched, proposed, applied to a new context, and follow their source', () =>
  RestRig.with(async (rig) => {
    const directory = secrets({ password: 'hush\n', town: 'Uster', '.hidden': 'x' });
    const source = await files(rig, directory);
    const fetched = (await fetchParameters(rig, source)).component;
    assert.deepEqual(fetched.parameterGroupConfigurations, [
      { groupName: 'shop', parameterContextName: 'shop', synchronized: false, parameterSensitivities: { password: 'SENSITIVE', town: 'SENSITIVE' } },
    ]);
    assert.ok(!JSON.stringify(fetched).includes('hush'));

    const done = await apply(rig, source, [shop({ password: 'SENSITIVE', town: 'NON_SENSITIVE' })]);
    assert.deepEqual([done.percentCompleted, done.failureReason, done.updateSteps[2].description], [100, undefined, 'Updating Parameter Contexts']);
    const [context] = (await rig.get('/flow/parameter-contexts')).parameterContexts;
    const parameters = context.component.parameters.map(({ parameter, canWrite }: Json) => [parameter.name, parameter.value, parameter.sensitive, parameter.provided, canWrite]);
    assert.deepEqual(parameters, [
      ['password', '********', true, true, false],
      ['town', 'Uster', false, true, false],
    ]);
    assert.deepEqual(context.component.parameterProviderConfiguration.component, {
      parameterProviderId: source.id,
      parameterProviderName: 'source',
      parameterGroupName: 'shop',
      synchronized: true,
    });
    assert.deepEqual(
      (await rig.get(`/parameter-providers/${source.id}/references`)).parameterProviderReferencingComponents.map(({ component }: Json) => component.name),
      ['shop secrets'],
    );

    write(directory, { town: 'Wil', street: 'Main' });
    const again = (await fetchParameters(rig, source)).component;
    assert.deepEqual(Object.fromEntries(again.parameterStatus.map(({ parameter, status }: Json) => [parameter.parameter.name, status])), {
      password: 'UNCHANGED',
      town: 'CHANGED',
      street: 'NEW',
    });
    assert.deepEqual(again.parameterGroupConfigurations[0].parameterSensitivities, { password: 'SENSITIVE', town: 'NON_SENSITIVE', street: 'SENSITIVE' });
  }));

test('only what uses a changed parameter is stopped, and what is referenced is not taken away', () =>
  RestRig.with(async (rig) => {
    const directory = secrets({ word: 'old', other: 'same' });
    const source = await files(rig, directory);
    await fetchParameters(rig, source);
    const sensitivities = { word: 'NON_SENSITIVE', other: 'NON_SENSITIVE' };
    await apply(rig, source, [shop(sensitivities)]);
    const [context] = (await rig.get('/flow/parameter-contexts')).parameterContexts;
    const group = await rig.create('root', 'process-groups', { name: 'bound' });
    await rig.edit(group, { parameterContext: { id: context.id } });
    const config = { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] };
    const user = await rig.processor(GENERATE, { ...config, properties: { 'Custom Text': '#{word}' } }, group.id);
    const bystander = await rig.processor(GENERATE, { ...config, properties: { 'Custom Text': '#{other}' } }, group.id);
    for (const each of [user, bystander]) await rig.runStatus(each, 'RUNNING');

    write(directory, { word: 'new' });
    const fetched = (await fetchParameters(rig, source)).component;
    assert.deepEqual(
      fetched.affectedComponents.map(({ id }: Json) => id),
      [user.id],
    );
    const done = await apply(rig, source, [shop(sensitivities)]);
    assert.deepEqual(
      done.referencingComponents.map(({ id }: Json) => id),
      [user.id],
    );
    assert.equal((await rig.get(`/parameter-contexts/${context.id}`)).component.parameters.find(({ parameter }: Json) => parameter.name === 'word').parameter.value, 'new');
    for (const each of [user, bystander]) assert.equal((await rig.fresh(each)).component.state, 'RUNNING');

    await apply(rig, source, [shop({ other: 'NON_SENSITIVE' })]);
    const names = (await rig.get(`/parameter-contexts/${context.id}`)).component.parameters.map(({ parameter }: Json) => parameter.name);
    assert.deepEqual(names, ['other', 'word']);
  }));

test('provided parameters cannot be edited by hand, and their provider cannot be removed', () =>
  RestRig.with(async (rig) => {
    const source = await files(rig, secrets({ word: 'old' }));
    await fetchParameters(rig, source);
    await apply(rig, source, [shop({ word: 'NON_SENSITIVE' })]);
    const [context] = (await rig.get('/flow/parameter-contexts')).parameterContexts;
    const edit = (parameter: object, component: object = {}) =>
      rig.send('POST', `/parameter-contexts/${context.id}/update-requests`, {
        id: context.id,
        revision: context.revision,
        component: { id: context.id, parameters: [{ parameter }], ...component },
      });
    const refused = await edit({ name: 'word', value: 'mine', provided: true });
    assert.equal(refused.status, 409);
    assert.match(refused.text, /^Cannot change parameter word of shop secrets because its parameters come from the parameter provider source \(/);
    assert.equal((await edit({ name: 'more', value: 'mine' })).status, 409);
    assert.match((await edit({ name: 'word' })).text, /^Cannot remove parameter word/);
    assert.equal((await edit({ name: 'word', value: 'old' }, { description: 'as it was' })).status, 200);
    const kept = await rig.remove(source);
    assert.deepEqual([kept.status, /because parameters of shop secrets come from it/.test(kept.text)], [409, true]);
    await rig.remove(context);
    assert.equal((await rig.remove(source)).status, 200);
  }));

test('what cannot be applied is refused with a sentence and changes nothing', () =>
  RestRig.with(async (rig) => {
    const source = await files(rig, secrets({ word: 'old' }));
    const post = async (groups: object[], claimed: object = source.revision) =>
      rig.send('POST', `/parameter-providers/${source.id}/apply-parameters-requests`, { id: source.id, revision: claimed, parameterGroupConfigurations: groups });
    assert.match((await post([shop({})])).text, /has not fetched a group 'shop'. Fetch its parameters first/);
    await fetchParameters(rig, source);
    assert.equal((await post([shop({ word: 'SENSITIVE' })], revision(7, 'other'))).status, 400);
    const unsure = await post([shop({ word: 'PERHAPS' })]);
    assert.deepEqual([unsure.status, unsure.text], [400, "The sensitivity of parameter word of the group 'shop' must be SENSITIVE or NON_SENSITIVE."]);
    await rig.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name: 'shop secrets' } });
    assert.equal((await post([shop({ word: 'SENSITIVE' })])).status, 409);
    assert.equal((await rig.send('GET', `/parameter-providers/${source.id}/apply-parameters-requests/none`)).status, 404);
    assert.equal((await rig.get('/flow/parameter-contexts')).parameterContexts.length, 1);
    const broken = await provider(rig, FILES, { 'parameter-group-directories': '/not/there' });
    assert.match(broken.component.validationErrors[0], /\/not\/there is not a directory that is there/);
    const answer = await rig.send('POST', `/parameter-providers/${broken.id}/parameters/fetch-requests`, { id: broken.id, revision: broken.revision });
    assert.deepEqual([answer.status, /is not valid/.test(answer.text)], [409, true]);
  }));

test("environment variables become parameters, Millrace's own never", () =>
  RestRig.with(async (rig) => {
    process.env.MILLRACE_TEST_KEY = 'secret';
    process.env.TEST_TOWN = 'Uster';
    try {
      const all = await provider(rig, ENVIRONMENT, {});
      const names = Object.keys((await fetchParameters(rig, all)).component.parameterGroupConfigurations[0].parameterSensitivities);
      assert.ok(names.includes('TEST_TOWN'));
      assert.ok(names.every((name) => !name.startsWith('MILLRACE_')));
      const some = (strategy: string, include: string) =>
        provider(rig, ENVIRONMENT, { 'environment-variable-inclusion-strategy': strategy, 'include-environment-variables': include });
      for (const each of [await some('regex', '.*_(TOWN|TEST_KEY)'), await some('comma-separated', 'TEST_TOWN, MILLRACE_TEST_KEY')]) {
        assert.deepEqual((await fetchParameters(rig, each)).component.parameterGroupConfigurations[0].parameterSensitivities, { TEST_TOWN: 'SENSITIVE' });
      }
      assert.match((await some('regex', '(')).component.validationErrors[0], /not a regular expression/);
      const at = `/parameter-providers/${all.id}/config/verification-requests`;
      const { request } = await rig.ok('POST', at, { request: { componentId: all.id, properties: {} } });
      await until(async () => (await rig.get(`${at}/${request.requestId}`)).request.complete);
      assert.match((await rig.get(`${at}/${request.requestId}`)).request.results[1].explanation, /^\d+ parameters were fetched, in the groups 'Environment Variables'/);
    } finally {
      delete process.env.MILLRACE_TEST_KEY;
      delete process.env.TEST_TOWN;
    }
  }));

test('a flow definition names the providers of its contexts, and an import finds or makes them', () =>
  RestRig.with(async (rig) => {
    const source = await files(rig, secrets({ word: 'old' }));
    await fetchParameters(rig, source);
    await apply(rig, source, [shop({ word: 'NON_SENSITIVE' })]);
    const [context] = (await rig.get('/flow/parameter-contexts')).parameterContexts;
    const group = await rig.create('root', 'process-groups', { name: 'bound' });
    await rig.edit(group, { parameterContext: { id: context.id } });
    const definition = await rig.get(`/process-groups/${group.id}/download`);
    assert.deepEqual(Object.values(definition.parameterProviders), [{ identifier: source.id, name: 'source', type: FILES, bundle: source.component.bundle }]);
    const { parameterProvider, parameterGroupName, synchronized } = definition.parameterContexts['shop secrets'];
    assert.deepEqual([parameterProvider, parameterGroupName, synchronized], [source.id, 'shop', true]);

    await rig.remove(await rig.fresh(group));
    await rig.remove(context);
    await rig.remove(source);
    await rig.ok('POST', '/process-groups/root/process-groups/import', { revisionDTO: revision(0), groupName: 'back', positionDTO: { x: 0, y: 0 }, flowSnapshot: definition });
    const [made] = (await rig.get('/flow/parameter-providers')).parameterProviders;
    assert.deepEqual([made.component.type, made.component.name, made.component.validationStatus, made.revision.version], [FILES, 'source', 'INVALID', 1]);
    const [again] = (await rig.get('/flow/parameter-contexts')).parameterContexts;
    assert.equal(again.component.parameterProviderConfiguration.component.parameterProviderId, made.id);
    assert.deepEqual([again.component.parameters[0].parameter.provided, again.component.parameters[0].parameter.value], [true, 'old']);
  }));

test('a context may be bound when it is made, and gets its parameters later', () =>
  RestRig.with(async (rig) => {
    const source = await files(rig, secrets({ word: 'old' }));
    const post = (component: object) => rig.send('POST', '/parameter-contexts', { revision: revision(0), component: { name: 'shop secrets', ...component } });
    const configuration = (id: string, group: string | null = 'shop') => ({
      parameterProviderConfiguration: { component: { parameterProviderId: id, parameterGroupName: group, synchronized: true } },
    });
    assert.equal((await post(configuration('nowhere'))).status, 404);
    assert.equal((await post(configuration(source.id, null))).status, 400);
    assert.equal((await post({ ...configuration(source.id), parameters: [{ parameter: { name: 'mine', value: 'x' } }] })).status, 409);
    const bound = await post(configuration(source.id));
    assert.deepEqual([bound.status, bound.json.component.parameters], [201, []]);
    const fetched = (await fetchParameters(rig, source)).component;
    assert.deepEqual([fetched.parameterGroupConfigurations[0].parameterContextName, fetched.parameterStatus[0].status], ['shop secrets', 'NEW']);
    await apply(rig, source, [shop({ word: 'NON_SENSITIVE' })]);
    assert.equal((await rig.fresh(bound.json)).component.parameters[0].parameter.value, 'old');
  }));
