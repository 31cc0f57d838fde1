import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { DEFINITION_KINDS, type DefinitionKind } from '../../../server/engine/component-types.ts';
import { GENERATE, type Json, revision } from '../rest-rig.ts';
import { AccessRig } from './access-rig.ts';

const PUT_FILE = 'org.apache.nifi.processors.standard.PutFile';
const ENVIRONMENT = 'org.apache.nifi.parameter.EnvironmentVariableParameterProvider';

/** A request line as it stands, which fetch would tidy up. */
async function rawStatus({ rig, tokens }: AccessRig, line: string, who: string): Promise<number> {
  const socket = connect(rig.port, '127.0.0.1');
  socket.write(`${line} HTTP/1.1\r\nHost: 127.0.0.1:${rig.port}\r\nAuthorization: Bearer ${tokens.get(who)}\r\nConnection: close\r\n\r\n`);
  let answer = '';
  socket.on('data', (data) => (answer += String(data)));
  await once(socket, 'close');
  return Number(answer.split(' ')[1]);
}

async function made(a: AccessRig, group: Json, kind: string, component: object, who = 'admin'): Promise<Json> {
  const answer = await a.create(who, group.id, kind, component);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

/** A group in the editor's group that the editor may not even read. */
async function closedGroup(a: AccessRig): Promise<Json> {
  const inner = await made(a, a.ours, 'process-groups', { name: 'inner' });
  await a.allow('read', `/process-groups/${inner.id}`, 'admin');
  await a.allow('write', `/process-groups/${inner.id}`, 'admin');
  return inner;
}

test('what is asked for and what is authorized are the same, whatever the request line looks like', () =>
  AccessRig.with(async (a) => {
    const { secret, source, rig } = a;
    const [closed, open] = [`/nifi-api/processors/${secret.id}`, `/nifi-api/processors/${source.id}`];
    for (const line of [
      `GET ${closed}#${open}`,
      `GET ${closed}/#${open}`,
      `GET http://x${closed}#${open}`,
      `GET ${closed}?x#${open}`,
      `DELETE ${closed}?version=1#${open}`,
      `DELETE ${closed}#${open}?version=1`,
    ])
      assert.equal(await rawStatus(a, line, 'editor'), 403, line);
    assert.equal(await rawStatus(a, `GET ${open}#${closed}`, 'editor'), 200);
    assert.ok(rig.flow.find(secret.id));
  }));

test('a group is downloaded by who may read all that is in the file', () =>
  AccessRig.with(async (a) => {
    const { ours, context } = a;
    const download = async (): Promise<number> => {
      const answers = await Promise.all(['', '/versions'].map((place) => a.send('editor', 'GET', `${place}/process-groups/${ours.id}/download`)));
      // The group follows no version, which is told to those only who may have the file.
      assert.equal(answers[1]!.status, answers[0]!.status === 200 ? 409 : 403);
      return answers[0]!.status;
    };
    assert.equal(await download(), 403, 'its parameter context is closed');
    await a.allow('read', `/parameter-contexts/${context.id}`, 'admin', 'editor');
    assert.equal(await download(), 200);
    await closedGroup(a);
    assert.equal(await download(), 403, 'a group in it is closed');
  }));

test('a context shows what it inherits: it is read by who may read all of that', () =>
  AccessRig.with(async (a) => {
    const make = (component: object): Promise<Json> => a.ok('admin', 'POST', '/parameter-contexts', { revision: revision(0), component });
    const base = await make({ name: 'base', parameters: [{ parameter: { name: 'deep', value: 'gold' } }] });
    const upper = await make({ name: 'upper', inheritedParameterContexts: [{ id: base.id }] });
    await a.allow('read', `/parameter-contexts/${upper.id}`, 'admin', 'editor');
    const refused = await a.send('editor', 'GET', `/parameter-contexts/${upper.id}?includeInheritedParameters=true`);
    assert.equal(refused.status, 403);
    assert.match(refused.text, new RegExp(`read /parameter-contexts/${base.id}`));
    assert.ok(!(await a.send('editor', 'GET', '/flow/parameter-contexts')).text.includes('gold'));
    await a.allow('read', `/parameter-contexts/${base.id}`, 'admin', 'editor');
    assert.match(JSON.stringify(await a.get('editor', `/parameter-contexts/${upper.id}?includeInheritedParameters=true`)), /gold/);
  }));

test('what a change of parameters would do to components is told to those who may change them', () =>
  AccessRig.with(async (a) => {
    const { context } = a;
    await a.allow('read', `/parameter-contexts/${context.id}`, 'admin', 'viewer', 'editor');
    const ask = (who: string) =>
      a.send(who, 'POST', `/parameter-contexts/${context.id}/validation-requests`, {
        request: { parameterContext: { id: context.id, revision: revision(1), component: { id: context.id, parameters: [{ parameter: { name: 'where', value: 'there' } }] } } },
      });
    assert.deepEqual(await a.statuses(ask, ['viewer', 'editor']), { viewer: 403, editor: 200 });
  }));

test('an import adds parameters to contexts, and makes contexts and providers, for those who could do so themselves', () =>
  AccessRig.with(async (a) => {
    const { ours, context } = a;
    await a.allow('read', `/parameter-contexts/${context.id}`, 'admin', 'editor');
    const bring = (parameterContexts: object, more: object = {}) =>
      a.send('editor', 'POST', `/process-groups/${ours.id}/process-groups/import`, {
        groupName: 'brought',
        revisionDTO: revision(0),
        positionDTO: { x: 0, y: 0 },
        flowSnapshot: { flowContents: { identifier: 'brought', name: 'brought', parameterContextName: Object.keys(parameterContexts)[0] }, parameterContexts, ...more },
      });
    const settings = (name: string) => ({ settings: { name: 'settings', parameters: [{ name, value: 'x' }] } });
    assert.equal((await bring(settings('where'))).status, 201, 'it is there');
    assert.equal((await bring(settings('smuggled'))).status, 403);
    assert.ok(!a.rig.flow.parameterContext(context.id).parameters.has('smuggled'));
    await a.allow('write', `/parameter-contexts/${context.id}`, 'admin', 'editor');
    assert.equal((await bring(settings('added'))).status, 201);
    await a.allow('write', '/parameter-contexts', 'admin', 'editor');
    const provided = { provided: { name: 'provided', parameters: [], parameterProvider: 'p', parameterGroupName: 'g' } };
    const providers = { parameterProviders: { p: { identifier: 'p', name: 'own', type: 'org.example.Provider' } } };
    assert.equal((await bring(provided, providers)).status, 403);
    assert.deepEqual(a.rig.flow.allControllerLevel('PARAMETER_PROVIDER'), []);
    await a.allow('write', '/controller', 'admin', 'editor');
    assert.equal((await bring(provided, providers)).status, 201);
    assert.equal(
      (await bring({ 7: { name: '7', parameters: [] } }, { flowContents: { identifier: 'brought', name: 'x', parameterContextName: 7 } })).status,
      201,
      'a number is a name',
    );
  }));

test('restricted types are put on the canvas by those who may: one by one, in definitions, clipboards and snippets', () =>
  AccessRig.with(async (a) => {
    const { ours } = a;
    const restrictedType = await a.get('editor', `/flow/processor-types?type=${PUT_FILE}`);
    assert.equal(restrictedType.processorTypes[0].restricted, true);
    assert.deepEqual(restrictedType.processorTypes[0].explicitRestrictions[0].requiredPermission, { id: 'write-filesystem', label: 'write filesystem' });
    const original = await made(a, ours, 'processors', { type: PUT_FILE });
    const contents = { processors: [{ identifier: 'p', componentType: 'PROCESSOR', type: PUT_FILE, name: 'out', position: { x: 0, y: 0 } }] };
    const snippet = async (): Promise<Json> =>
      (await a.ok('editor', 'POST', '/snippets', { snippet: { parentGroupId: ours.id, processors: { [original.id]: revision(1) } } })).snippet;
    const form = (): FormData => {
      const fields = new FormData();
      for (const [name, value] of Object.entries({ groupName: 'up', positionX: '0', positionY: '0', clientId: 'c' })) fields.set(name, value);
      fields.set('file', new Blob([JSON.stringify({ flowContents: { identifier: 'up', name: 'up', ...contents } })]), 'up.json');
      return fields;
    };
    const group = `/process-groups/${ours.id}`;
    const ways: Record<string, () => Promise<{ status: number }>> = {
      one: () => a.create('editor', ours.id, 'processors', { type: PUT_FILE }),
      import: () =>
        a.send('editor', 'POST', `${group}/process-groups/import`, {
          groupName: 'in',
          revisionDTO: revision(0),
          positionDTO: { x: 0, y: 0 },
          flowSnapshot: { flowContents: { identifier: 'in', name: 'in', ...contents } },
        }),
      upload: () => a.send('editor', 'POST', `${group}/process-groups/upload`, form()),
      paste: async () => a.send('editor', 'PUT', `${group}/paste`, { revision: revision((await a.get('admin', group)).revision.version), copyResponse: { id: 'c', ...contents } }),
      snippet: async () => a.send('editor', 'POST', `${group}/snippet-instance`, { snippetId: (await snippet()).id, originX: 0, originY: 0 }),
    };
    for (const [name, way] of Object.entries(ways)) assert.equal((await way()).status, 403, name);
    assert.equal((await a.create('editor', ours.id, 'processors', { type: GENERATE })).status, 201, 'others are free');
    await a.allow('write', '/restricted-components/write-filesystem', 'editor');
    for (const [name, way] of Object.entries(ways)) assert.ok((await way()).status < 300, name);
    assert.equal((await a.create('admin', ours.id, 'processors', { type: PUT_FILE })).status, 201, 'who may use all of them needs no policy for one');
  }));

test('what a provider brings is written by those who may write the contexts', () =>
  AccessRig.with(async (a) => {
    const provider = await a.ok('admin', 'POST', '/controller/parameter-providers', {
      revision: revision(0),
      component: { type: ENVIRONMENT, properties: { 'environment-variable-inclusion-strategy': 'comma-separated', 'include-environment-variables': 'PATH' } },
    });
    for (const action of ['read', 'write'] as const) await a.allow(action, `/parameter-providers/${provider.id}`, 'admin', 'editor');
    const fetched = await a.ok('editor', 'POST', `/parameter-providers/${provider.id}/parameters/fetch-requests`, { id: provider.id, revision: provider.revision });
    const apply = () =>
      a.send('editor', 'POST', `/parameter-providers/${provider.id}/apply-parameters-requests`, {
        id: provider.id,
        revision: fetched.revision,
        parameterGroupConfigurations: [
          { groupName: 'Environment Variables', parameterContextName: 'from outside', parameterSensitivities: { PATH: 'SENSITIVE' }, synchronized: true },
        ],
      });
    const binding = { parameterProviderConfiguration: { component: { parameterProviderId: provider.id, parameterGroupName: 'g', synchronized: true } } };
    assert.equal((await apply()).status, 403, 'it would make a context');
    await a.allow('write', '/parameter-contexts', 'admin', 'editor', 'viewer');
    const bind = (who: string) => a.send(who, 'POST', '/parameter-contexts', { revision: revision(0), component: { name: `of ${who}`, ...binding } });
    assert.deepEqual(await a.statuses(bind, ['viewer', 'editor']), { viewer: 403, editor: 201 });
    assert.equal((await apply()).status, 200);
    const context = [...a.rig.flow.parameterContexts.values()].find(({ name }) => name === 'from outside');
    assert.ok(context);
    assert.equal((await apply()).status, 403, 'it would write a context that the editor may not read');
    for (const action of ['read', 'write'] as const) await a.allow(action, `/parameter-contexts/${context.id}`, 'admin', 'editor');
    assert.equal((await apply()).status, 200);
  }));

test('a selection is copied by who may read the services that it names', () =>
  AccessRig.with(async (a) => {
    const { ours, service } = a;
    const node = await made(a, ours, 'processors', { type: 'test.Speak', config: { properties: { 'Word Service': service.id } } });
    const copy = async () => {
      const { snippet } = await a.ok('editor', 'POST', '/snippets', { snippet: { parentGroupId: ours.id, processors: { [node.id]: revision(1) } } });
      return (await a.send('editor', 'POST', `/process-groups/${ours.id}/snippet-instance`, { snippetId: snippet.id, originX: 0, originY: 0 })).status;
    };
    assert.equal(await copy(), 403);
    await a.allow('read', `/controller-services/${service.id}`, 'admin', 'editor');
    assert.equal(await copy(), 201);
  }));

test('code is changed by those who may execute code: the rest of its component by whoever may edit it', () =>
  AccessRig.with(async (a) => {
    const script = await made(a, a.ours, 'processors', {
      type: 'dev.millrace.script.ExecuteScript',
      config: { properties: { 'Script Body': 'one', 'Script File': '#{where}' } },
    });
    const url = `/processors/${script.id}`;
    const properties = { 'Script Body': 'two' };
    const verify = (given: object) => a.send('editor', 'POST', `${url}/config/verification-requests`, { request: { componentId: script.id, properties: given } });
    await a.allow('read', `/parameter-contexts/${a.context.id}`, 'admin', 'editor');
    await a.allow('write', `/parameter-contexts/${a.context.id}`, 'admin', 'editor');
    const update = (value: string) => ({
      revision: revision(a.rig.flow.parameterContext(a.context.id).revision.version),
      id: a.context.id,
      component: { id: a.context.id, parameters: [{ parameter: { name: 'where', value } }] },
    });
    const ways: Record<string, () => Promise<{ status: number; text: string }>> = {
      edit: () => a.edit('editor', url, { config: { properties } }),
      removal: () => a.edit('editor', url, { config: { properties: { 'Script Body': null } } }),
      verification: () => verify(properties),
      parameter: () => a.send('editor', 'POST', `/parameter-contexts/${a.context.id}/update-requests`, update('elsewhere')),
      'parameter at once': () => a.send('editor', 'PUT', `/parameter-contexts/${a.context.id}`, update('at once')),
      unbinding: () => a.edit('editor', `/process-groups/${a.ours.id}`, { parameterContext: { id: null } }),
    };
    for (const [name, way] of Object.entries(ways)) {
      const answer = await way();
      assert.deepEqual([answer.status, /execute code|execute-code/.test(answer.text)], [403, true], `${name}: ${answer.text}`);
    }
    const text = (await a.get('admin', url)).component.config.properties['Script Body'];
    assert.equal(text, 'one');
    assert.equal((await a.edit('editor', url, { name: 'renamed', config: { properties: { 'Script Body': 'one' } } })).status, 200, 'nothing of the code is changed');
    assert.equal((await a.edit('editor', `/processors/${a.source.id}`, { config: { properties: { 'Custom Text': 'x' } } })).status, 200, 'others are free');
    await a.allow('write', '/restricted-components/execute-code', 'editor');
    for (const [name, way] of Object.entries(ways)) assert.ok((await way()).status < 300, name);
  }));

test('a type is restricted exactly where its tags say so, and says what it lets one do', () =>
  AccessRig.with(async ({ rig }) => {
    const all = (Object.keys(DEFINITION_KINDS) as DefinitionKind[]).flatMap((kind) => [...rig.flow.runtime.types.all(kind)]);
    const tagged = all.filter(({ definition }) => definition.tags.includes('restricted')).map(({ type }) => type);
    const declared = all.filter(({ definition }) => Object.keys(definition.restrictions ?? {}).length > 0).map(({ type }) => type);
    assert.deepEqual(declared.sort(), tagged.sort());
    assert.ok(declared.includes(PUT_FILE));
  }));

test('who may read a component tries it as it is; other properties are tried by those who may set them', () =>
  AccessRig.with(async (a) => {
    const node = await made(a, a.ours, 'processors', { type: 'test.Speak', config: { properties: { Secret: 'hush' } } });
    await a.allow('read', `/processors/${node.id}`, 'admin', 'editor', 'viewer');
    const attempt = (properties: object) => (who: string) =>
      a.send(who, 'POST', `/processors/${node.id}/config/verification-requests`, { request: { componentId: node.id, properties } });
    assert.deepEqual(await a.statuses(attempt({ Secret: '********', 'Word Service': null }), ['viewer', 'editor']), { viewer: 200, editor: 200 });
    assert.deepEqual(await a.statuses(attempt({ Secret: 'mine' }), ['viewer', 'editor']), { viewer: 403, editor: 200 });
    assert.deepEqual(await a.statuses(attempt({ Other: 'x' }), ['viewer', 'editor']), { viewer: 403, editor: 200 });
  }));
