import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, RestRig, revision, UPDATE } from './rest-rig.ts';

/** A queue that holds one FlowFile with this content. */
async function queueWith(rig: RestRig, text: string): Promise<{ source: Json; connection: Json; uuid: string }> {
  const source = await rig.source(text);
  const connection = await rig.connect(source, await rig.create('root', 'funnels', {}));
  await rig.once(source);
  const { listingRequest } = (await rig.send('POST', `/flowfile-queues/${connection.id}/listing-requests`)).json;
  return { source, connection, uuid: listingRequest.flowFileSummaries[0].uuid };
}

test('a queue is listed by a request that is polled and deleted', () =>
  RestRig.with(async (rig) => {
    const { connection, uuid } = await queueWith(rig, 'hello');
    const url = `/flowfile-queues/${connection.id}/listing-requests`;
    const begun = await rig.send('POST', url);
    assert.equal(begun.status, 202);
    const { id } = begun.json.listingRequest;
    const { listingRequest } = await rig.get(`${url}/${id}`);
    assert.deepEqual([listingRequest.finished, listingRequest.maxResults, listingRequest.queueSize], [true, 100, { objectCount: 1, byteCount: 5 }]);
    assert.deepEqual([listingRequest.flowFileSummaries[0].position, listingRequest.flowFileSummaries[0].size, listingRequest.flowFileSummaries[0].uuid], [1, 5, uuid]);
    await rig.ok('DELETE', `${url}/${id}`);
    const gone = await rig.send('GET', `${url}/${id}`);
    assert.equal(gone.status, 404);
    assert.match(gone.text, new RegExp(id));
  }));

test('content is sent whole or in part, never to be run by a browser', () =>
  RestRig.with(async (rig) => {
    const { connection, uuid } = await queueWith(rig, '0123456789');
    const url = `/flowfile-queues/${connection.id}/flowfiles/${uuid}`;
    assert.equal((await rig.get(url)).flowFile.attributes.uuid, uuid);
    const whole = await rig.send('GET', `${url}/content`);
    assert.deepEqual([whole.status, whole.text], [200, '0123456789']);
    assert.match(whole.headers.get('content-disposition')!, /^attachment; filename=/);
    assert.match(whole.headers.get('content-security-policy')!, /sandbox/);
    const part = (range: string) => rig.send('GET', `${url}/content`, undefined, { Range: range });
    const [middle, end, beyond] = [await part('bytes=2-5'), await part('bytes=-3'), await part('bytes=20-30')];
    assert.deepEqual([middle.status, middle.text, middle.headers.get('content-range')], [206, '2345', 'bytes 2-5/10']);
    assert.deepEqual([end.status, end.text], [206, '789']);
    assert.equal(beyond.status, 416);
    assert.equal((await rig.send('GET', `/flowfile-queues/${connection.id}/flowfiles/${connection.id}`)).status, 404);
  }));

test('a queue and all queues of a group are emptied by requests', () =>
  RestRig.with(async (rig) => {
    const { source, connection } = await queueWith(rig, 'hello');
    const dropped = await rig.send('POST', `/flowfile-queues/${connection.id}/drop-requests`);
    assert.equal(dropped.status, 202);
    const { dropRequest } = dropped.json;
    assert.deepEqual([dropRequest.finished, dropRequest.original, dropRequest.dropped, dropRequest.current], [true, '1 (5 bytes)', '1 (5 bytes)', '0 (0 bytes)']);
    await rig.once(source);
    assert.equal((await rig.send('POST', '/process-groups/root/empty-all-connections-requests')).json.dropRequest.droppedCount, 1);
    assert.equal(await rig.queued(connection), 0);
  }));

test('state is shown, cleared, and set back to an earlier version', () =>
  RestRig.with(async (rig) => {
    const source = await rig.source('tick');
    const counter = await rig.processor(UPDATE, {
      properties: { 'Store State': 'Store state locally', 'Stateful Variables Initial Value': '0', count: "${getStateValue('count'):plus(1)}" },
      autoTerminatedRelationships: ['success', 'set state fail'],
    });
    await rig.connect(source, counter);
    const state = async () => (await rig.get(`/processors/${counter.id}/state`)).componentState.localState.state;
    const tick = async () => {
      await rig.once(source);
      await rig.once(counter);
      // Versions count what is stored: changes within one turn of the writer are one.
      rig.flow.runtime.journal.flush();
    };
    await tick();
    await tick();
    assert.deepEqual(await state(), [{ key: 'count', value: '2' }]);
    await rig.ok('POST', `/processors/${counter.id}/state/clear-requests`);
    assert.deepEqual(await state(), []);
    const { history } = await rig.get(`/api/components/${counter.id}/state/history`);
    const [{ versions }] = history;
    assert.deepEqual(
      versions.map(({ entries }: Json) => entries[0]?.value),
      [undefined, '2', '1'],
    );
    await rig.ok('PUT', `/api/components/${counter.id}/state`, { scope: 'LOCAL', version: versions[2].version });
    assert.deepEqual(await state(), [{ key: 'count', value: '1' }]);
    assert.equal((await rig.send('PUT', `/api/components/${counter.id}/state`, { scope: 'LOCAL', version: 99 })).status, 404);
    await rig.runStatus(counter, 'RUNNING');
    assert.equal((await rig.send('POST', `/processors/${counter.id}/state/clear-requests`)).status, 409);
  }));

test('connections: settings, redirection, and what they refuse', () =>
  RestRig.with(async (rig) => {
    const { connection } = await queueWith(rig, 'x');
    const edited = await rig.edit(connection, {
      name: 'link',
      backPressureObjectThreshold: 5,
      flowFileExpiration: '5 min',
      bends: [{ x: 1, y: 2 }],
      prioritizers: ['org.apache.nifi.prioritizer.FirstInFirstOutPrioritizer'],
    });
    const { component } = edited.json;
    assert.deepEqual([component.name, component.backPressureObjectThreshold, component.flowFileExpiration, component.bends], ['link', 5, '5 min', [{ x: 1, y: 2 }]]);
    const funnel = await rig.create('root', 'funnels', {});
    assert.equal((await rig.edit(connection, { destination: { id: funnel.id, groupId: 'root', type: 'FUNNEL' } })).json.destinationId, funnel.id);
    assert.equal(await rig.queued(connection), 1);
    const refused = await rig.remove(connection);
    assert.equal(refused.status, 409);
    assert.match(refused.text, /Empty it first/);
    assert.equal((await rig.edit(connection, { prioritizers: ['no.such.Prioritizer'] })).status, 400);
    const missing = await rig.send('POST', '/process-groups/root/connections', { revision: revision(0), component: { source: { id: funnel.id } } });
    assert.deepEqual([missing.status, missing.text], [400, 'The destination of the connection must be specified.']);
  }));
