import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { GENERATE, type Json, RestRig, revision, until } from './rest-rig.ts';

const context = (rig: RestRig, name: string, parameters: object[], component: object = {}): Promise<Json> =>
  rig.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name, parameters: parameters.map((parameter) => ({ parameter })), ...component } });

async function update(rig: RestRig, { id }: Json, parameters: object[]): Promise<Json> {
  const { revision: known } = await rig.get(`/parameter-contexts/${id}`);
  const url = `/parameter-contexts/${id}/update-requests`;
  const { requestId } = (await rig.ok('POST', url, { id, revision: known, component: { id, parameters: parameters.map((parameter) => ({ parameter })) } })).request;
  await until(async () => (await rig.get(`${url}/${requestId}`)).request.complete);
  return (await rig.ok('DELETE', `${url}/${requestId}`)).request;
}

const bind = (rig: RestRig, group: Json, id: string | null) => rig.edit(group, { parameterContext: { id } });
const parameterOf = (entity: Json, name: string): Json => entity.component.parameters.map(({ parameter }: Json) => parameter).find((each: Json) => each.name === name);

test('an update stops, applies and restarts just what uses the parameter', () =>
  RestRig.with(async (rig) => {
    const words = await context(rig, 'words', [{ name: 'word', value: 'old' }]);
    const group = await rig.create('root', 'process-groups', { name: 'bound' });
    assert.equal((await bind(rig, group, words.id)).json.parameterContext.id, words.id);
    const source = await rig.processor(GENERATE, { properties: { 'Custom Text': '#{word}' }, schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] }, group.id);
    await rig.runStatus(source, 'RUNNING');
    const done = await update(rig, words, [
      { name: 'word', value: 'new' },
      { name: 'more', value: '1' },
    ]);
    assert.deepEqual([done.percentCompleted, done.failureReason, done.updateSteps.every(({ complete }: Json) => complete)], [100, undefined, true]);
    assert.deepEqual(
      done.referencingComponents.map(({ id }: Json) => id),
      [source.id],
    );
    assert.equal((await rig.fresh(source)).component.state, 'RUNNING');
    const now = await rig.get(`/parameter-contexts/${words.id}`);
    assert.equal(now.revision.version, 2);
    assert.equal(parameterOf(now, 'word').value, 'new');
    assert.deepEqual(
      parameterOf(now, 'word').referencingComponents.map(({ id }: Json) => id),
      [source.id],
    );
    assert.deepEqual(
      now.component.boundProcessGroups.map(({ id }: Json) => id),
      [group.id],
    );
  }));

test('a parameter of which only the name is said is removed; sensitive values are masked and keep', () =>
  RestRig.with(async (rig) => {
    const made = await context(rig, 'secrets', [
      { name: 'password', value: 'hush', sensitive: true },
      { name: 'lose', value: '1' },
    ]);
    assert.equal(parameterOf(made, 'password').value, '********');
    await update(rig, made, [{ name: 'lose' }, { name: 'password', sensitive: true, value: '********', description: 'shown' }]);
    const now = await rig.get(`/parameter-contexts/${made.id}`);
    assert.deepEqual([parameterOf(now, 'lose'), parameterOf(now, 'password').description], [undefined, 'shown']);
    assert.equal(rig.flow.parameterContext(made.id).resolve('password')?.value, 'hush');
    assert.doesNotMatch(JSON.stringify([now, await rig.get('/flow/parameter-contexts'), await rig.get('/flow/search-results?q=hush')]), /hush/);
  }));

test('contexts inherit, and what an edit would break can be asked before', () =>
  RestRig.with(async (rig) => {
    const base = await context(rig, 'base', [{ name: 'size', value: '1 B' }]);
    const top = await context(rig, 'top', [{ name: 'own', value: 'x' }], { inheritedParameterContexts: [{ id: base.id, component: { id: base.id } }] });
    const full = await rig.get(`/parameter-contexts/${top.id}?includeInheritedParameters=true`);
    assert.deepEqual([parameterOf(full, 'size').inherited, parameterOf(full, 'size').parameterContext.id, parameterOf(full, 'own').inherited], [true, base.id, false]);
    const group = await rig.create('root', 'process-groups', { name: 'bound', parameterContext: { id: top.id } });
    const source = await rig.processor(GENERATE, { properties: { 'File Size': '#{size}' }, autoTerminatedRelationships: ['success'] }, group.id);
    const { request } = await rig.ok('POST', `/parameter-contexts/${base.id}/validation-requests`, {
      request: { parameterContext: { id: base.id, parameters: [{ parameter: { name: 'other', value: '1' } }] } },
    });
    const [{ id, component }] = request.componentValidationResults.validationResults;
    assert.deepEqual([id, component.currentlyValid, component.resultsValid], [source.id, true, false]);
    assert.equal(parameterOf(await rig.get(`/parameter-contexts/${base.id}`), 'size').value, '1 B');
    assert.equal((await bind(rig, group, null)).json.parameterContext, undefined);
    assert.equal((await rig.fresh(source)).component.validationStatus, 'INVALID');
  }));

test('files are kept as assets of a context', () =>
  RestRig.with(async (rig) => {
    const { id } = await context(rig, 'files', []);
    const url = `/parameter-contexts/${id}/assets`;
    const stored = await rig.send('POST', url, 'some bytes', { 'Content-Type': 'application/octet-stream', Filename: 'notes.txt' });
    assert.deepEqual([stored.status, stored.json.asset.name, stored.json.asset.digest.length], [200, 'notes.txt', 64]);
    assert.equal((await rig.send('GET', `${url}/${stored.json.asset.id}`)).text, 'some bytes');
    assert.equal((await rig.get(url)).assets.length, 1);
    for (const name of ['../up.txt', '']) assert.equal((await rig.send('POST', url, 'x', { 'Content-Type': 'application/octet-stream', Filename: name })).status, 400);
    await rig.ok('DELETE', `${url}/${stored.json.asset.id}`);
    assert.equal((await rig.get(url)).assets.length, 0);
  }));

test('the life of a controller service and of those who use it', () =>
  RestRig.with(async (rig) => {
    const service = await rig.create('root', 'controller-services', { type: 'test.Word', name: 'word' });
    assert.deepEqual([service.component.state, service.component.controllerServiceApis[0].type, service.parentGroupId], ['DISABLED', 'test.WordProvider', rig.flow.root.id]);
    const user = await rig.processor('test.Speak', { properties: { 'Word Service': service.id } });
    assert.deepEqual(
      (await rig.fresh(service)).component.referencingComponents.map(({ id, component }: Json) => [id, component.referenceType]),
      [[user.id, 'Processor']],
    );
    assert.equal((await rig.runStatus(service, 'ENABLED')).status, 200);
    await until(async () => (await rig.fresh(service)).component.state === 'ENABLED');
    await rig.runStatus(user, 'RUNNING');
    const refused = await rig.send('PUT', '/flow/process-groups/root/controller-services', { id: rig.flow.root.id, state: 'DISABLED' });
    assert.equal(refused.status, 409);
    assert.match(refused.text, /referenced by/);
    await rig.ok('PUT', `/controller-services/${service.id}/references`, {
      id: service.id,
      state: 'STOPPED',
      referencingComponentRevisions: { [user.id]: (await rig.fresh(user)).revision },
    });
    await until(async () => (await rig.fresh(user)).component.physicalState === 'STOPPED');
    await rig.ok('PUT', '/flow/process-groups/root/controller-services', { id: rig.flow.root.id, state: 'DISABLED' });
    await until(async () => (await rig.fresh(service)).component.state === 'DISABLED');
    assert.equal((await rig.remove(service)).status, 200);
    assert.match((await rig.fresh(user)).component.validationErrors[0], /Word Service/);
  }));

test('of two updates on one revision one is refused, and nothing of it is applied', () =>
  RestRig.with(async (rig) => {
    const made = await context(rig, 'contested', [{ name: 'word', value: 'old' }]);
    const group = await rig.create('root', 'process-groups', { name: 'bound', parameterContext: { id: made.id } });
    const source = await rig.processor(GENERATE, { properties: { 'Custom Text': '#{word}' }, schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] }, group.id);
    await rig.runStatus(source, 'RUNNING');
    const node = rig.flow.parameterContext(made.id);
    const [first, second] = ['a', 'b'].map((clientId) => rig.flow.updateParameterContext(node, { version: 1, clientId }, { parameters: [{ name: 'word', value: clientId }] }));
    await Promise.all([first!.done, second!.done]);
    const [won, lost] = first!.failureReason === undefined ? [first!, second!] : [second!, first!];
    assert.deepEqual([won.failureReason, node.resolve('word')?.value, node.revision.version], [undefined, won.changes[0]!.claim.clientId, 2]);
    assert.match(lost.failureReason!, /not the most up-to-date revision/);
    assert.equal((await rig.fresh(source)).component.state, 'RUNNING');
  }));

test('an asset comes whole or not at all, also where two of one name come at once', () =>
  RestRig.with(async (rig) => {
    const { id } = await context(rig, 'files', []);
    const pieces = async function* (letter: string, breaks = false): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < 20; count++) yield await Promise.resolve(Buffer.alloc(1000, letter));
      if (breaks) throw new Error('cut off');
    };
    await Promise.all(['x', 'y'].map((letter) => rig.flow.assets.store(id, 'one.txt', pieces(letter))));
    const [asset] = rig.flow.assets.list(id);
    const text = readFileSync(asset!.path, 'utf8');
    assert.deepEqual([text.length, new Set(text).size], [20_000, 1]);
    await assert.rejects(rig.flow.assets.store(id, 'two.txt', pieces('z', true)), /cut off/);
    assert.deepEqual(readdirSync(path.dirname(asset!.path)), ['one.txt']);
    const long = await rig.send('POST', `/parameter-contexts/${id}/assets`, 'x', { Filename: 'n'.repeat(300), 'Content-Type': 'application/octet-stream' });
    assert.equal(long.status, 400);
  }));
