import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, RestRig, UPDATE } from './rest-rig.ts';

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
