import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, RestRig, revision, UPDATE, until } from './rest-rig.ts';

const restore = (rig: RestRig, ...entities: Json[]) => rig.send('POST', '/api/restorations', { components: entities.map(({ id }) => id) });

test('a removed processor comes back as it was: under its id, with secrets, state and connections', () =>
  RestRig.with(async (rig) => {
    const speaker = await rig.processor('test.Speak', { properties: { Secret: 'sesame' }, schedulingPeriod: '7 sec' });
    const target = await rig.processor(UPDATE, { autoTerminatedRelationships: ['success'] });
    const source = await rig.source('x');
    const connection = await rig.connect(source, target);
    await rig.edit(connection, { bends: [{ x: 5, y: 6 }], backPressureObjectThreshold: 42 });
    const { journal } = rig.flow.runtime;
    journal.setState(source.id, 'local', new Map([['seen', '17']]));
    journal.flush();
    for (const each of [connection, source, target, speaker]) assert.equal((await rig.remove(each)).status, 200);
    const answer = await restore(rig, speaker, target, source, connection);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.json.flow.processors.length, 3);
    assert.equal((await rig.fresh(speaker)).component.config.schedulingPeriod, '7 sec');
    assert.match(JSON.stringify(rig.flow.processor(speaker.id).toStored()), /enc\{sesame\}/);
    const { component } = await rig.fresh(connection);
    assert.deepEqual([component.bends, component.backPressureObjectThreshold, component.source.id], [[{ x: 5, y: 6 }], 42, source.id]);
    assert.equal(journal.state(source.id, 'local').entries.get('seen'), '17');
    await rig.once(source);
    assert.equal(await rig.queued(connection), 1);
  }));

test('a group comes back with everything that was in it, and not with what had been removed from it before', () =>
  RestRig.with(async (rig) => {
    const outer = await rig.create('root', 'process-groups', { name: 'outer' });
    const inner = await rig.create(outer.id, 'process-groups', { name: 'inner' });
    const [earlier, kept] = [await rig.processor(GENERATE, {}, inner.id), await rig.processor(GENERATE, {}, inner.id)];
    const port = await rig.create(outer.id, 'input-ports', { name: 'in' });
    await rig.remove(earlier);
    await rig.remove(outer);
    assert.equal((await restore(rig, inner)).status, 409, 'its group is gone');
    assert.equal((await restore(rig, outer)).status, 201);
    const { flow } = (await rig.get(`/flow/process-groups/${inner.id}`)).processGroupFlow;
    assert.deepEqual(
      flow.processors.map(({ id }: Json) => id),
      [kept.id],
    );
    assert.equal((await rig.fresh(port)).component.name, 'in');
    assert.equal((await restore(rig, earlier)).status, 201);
  }));

test('what cannot come back changes nothing', () =>
  RestRig.with(async (rig) => {
    const [source, target] = [await rig.source('x'), await rig.processor(UPDATE, {})];
    const connection = await rig.connect(source, target);
    await rig.remove(connection);
    await rig.remove(target);
    assert.equal((await restore(rig, connection)).status, 409, 'an end is gone');
    assert.equal((await restore(rig, target, { id: 'nobody' })).status, 404);
    assert.equal((await rig.send('GET', `/processors/${target.id}`)).status, 404);
    assert.equal((await restore(rig, source)).status, 404, 'it was never removed');
    assert.equal((await rig.send('POST', '/api/restorations', { components: [] })).status, 400);
    assert.equal((await restore(rig, target, connection)).status, 201);
    assert.equal((await restore(rig, target)).status, 404, 'it is back');
  }));

test('a service comes back with its secrets, and what named it has it again; so does one of the controller', () =>
  RestRig.with(async (rig) => {
    const service = await rig.create('root', 'controller-services', { type: 'test.Word', name: 'Words', properties: { Word: 'sesame' } });
    const speaker = await rig.processor('test.Speak', { properties: { 'Word Service': service.id } });
    const outside = await rig.ok('POST', '/controller/controller-services', { revision: revision(0), component: { type: 'test.Word', name: 'Outside' } });
    const problems = async () => (await rig.fresh(speaker)).component.validationErrors ?? [];
    await rig.runStatus(service, 'ENABLED');
    await until(async () => (await problems()).length === 0);
    await rig.runStatus(service, 'DISABLED');
    await until(async () => (await rig.fresh(service)).component.state === 'DISABLED');
    for (const each of [service, outside]) assert.equal((await rig.remove(each)).status, 200);
    assert.match(JSON.stringify(await problems()), /Word Service/);
    assert.equal((await restore(rig, service, outside)).status, 201);
    const { component } = await rig.fresh(service);
    assert.deepEqual([component.name, component.properties.Word, component.state], ['Words', 'sesame', 'DISABLED']);
    assert.deepEqual(
      component.referencingComponents.map(({ id }: Json) => id),
      [speaker.id],
    );
    const { controllerServices } = await rig.get('/flow/controller/controller-services');
    assert.deepEqual(
      controllerServices.map(({ id }: Json) => id),
      [outside.id],
    );
    await rig.runStatus(service, 'ENABLED');
    await until(async () => (await problems()).length === 0);
  }));

const context = (rig: RestRig, name: string, component: object = {}): Promise<Json> =>
  rig.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name, parameters: [{ parameter: { name: 'key', sensitive: true, value: 'hush' } }], ...component } });

test('a parameter context comes back with sensitive values, assets and what it inherits, bound to its groups where those have no other', () =>
  RestRig.with(async (rig) => {
    const base = await context(rig, 'base');
    const words = await context(rig, 'words', { inheritedParameterContexts: [{ id: base.id, component: { id: base.id } }] });
    const [one, two] = [await rig.create('root', 'process-groups', { name: 'one' }), await rig.create('root', 'process-groups', { name: 'two' })];
    for (const group of [one, two]) await rig.edit(group, { parameterContext: { id: words.id } });
    await rig.flow.assets.store(words.id, 'list.txt', Buffer.from('a'));
    const bound = async (group: Json) => (await rig.fresh(group)).component.parameterContext?.id;
    assert.equal((await rig.remove(words)).status, 200);
    assert.equal(await bound(one), undefined);
    await rig.edit(two, { parameterContext: { id: base.id } });
    const other = await context(rig, 'words');
    const refused = await restore(rig, words);
    assert.deepEqual([refused.status, /has its name now/.test(refused.text)], [409, true], refused.text);
    await rig.remove(other);
    const answer = await restore(rig, words);
    assert.equal(answer.status, 201, answer.text);
    assert.doesNotMatch(answer.text, /hush/);
    assert.deepEqual([await bound(one), await bound(two)], [words.id, base.id]);
    assert.equal(rig.flow.parameterContext(words.id).parameters.get('key')?.value, 'hush');
    assert.equal((await rig.get(`/parameter-contexts/${words.id}/assets`)).assets[0].asset.missingContent, false);
    for (const each of [words, base]) assert.equal((await rig.remove(each)).status, 200);
    assert.equal((await restore(rig, words)).status, 409, 'it inherits from one that is gone');
    assert.equal((await restore(rig, base)).status, 201);
    assert.equal((await restore(rig, words)).status, 201);
  }));

test('what stands outside of groups comes back, stopped, with its secrets and state', () =>
  RestRig.with(async (rig) => {
    const make = (kind: string, component: object) => rig.ok('POST', `/controller/${kind}`, { revision: revision(0), component });
    const task = await make('reporting-tasks', { type: 'test.Task', name: 'Counter', properties: { Secret: 'sesame' }, schedulingPeriod: '7 mins' });
    const registry = await make('registry-clients', { type: 'test.Registry', name: 'Shelf', properties: { URL: 'http://x', Password: 'hush' } });
    rig.flow.runtime.journal.setState(task.id, 'local', new Map([['reports', '3']]));
    rig.flow.runtime.journal.flush();
    for (const each of [task, registry]) assert.equal((await rig.remove(each)).status, 200);
    assert.equal((await restore(rig, task, registry)).status, 201);
    const { component } = await rig.fresh(task);
    assert.deepEqual([component.name, component.state, component.schedulingPeriod], ['Counter', 'STOPPED', '7 mins']);
    assert.equal(rig.flow.runtime.journal.state(task.id, 'local').entries.get('reports'), '3');
    assert.match(JSON.stringify([rig.flow.find(task.id)!.toStored(), rig.flow.find(registry.id)!.toStored()]), /enc\{sesame\}.*enc\{hush\}/);
  }));
