import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, revision, UPDATE } from '../rest-rig.ts';
import { AccessRig, only } from './access-rig.ts';

const READERS = ['admin', 'reader', 'operator', 'editor'] as const;

test('reading: the canvas, components, what is not one', () =>
  AccessRig.with(async (a) => {
    const { ours, others, source, sink, queue, secret, service, context } = a;
    const table: [url: string, who: readonly string[]][] = [
      ['/flow/about', ['admin', 'reader', 'operator', 'editor', 'viewer']],
      [`/flow/process-groups/${ours.id}`, ['admin', 'reader', 'operator', 'editor', 'viewer']],
      ['/flow/process-groups/root', ['admin', 'reader', 'operator', 'editor', 'viewer']],
      ['/flow/status', ['admin', 'reader', 'operator', 'editor', 'viewer']],
      ['/flow/search-results?q=x', ['admin', 'reader', 'operator', 'editor', 'viewer']],
      [`/process-groups/${ours.id}`, READERS],
      [`/process-groups/${ours.id}/processors`, READERS],
      [`/process-groups/${ours.id}/download`, ['admin']],
      [`/processors/${source.id}`, READERS],
      [`/processors/${source.id}/descriptors?propertyName=File%20Size`, READERS],
      [`/connections/${queue.id}`, READERS],
      ['/process-groups/root', ['admin', 'reader', 'operator']],
      [`/process-groups/${others.id}`, ['admin', 'reader', 'operator']],
      [`/processors/${secret.id}`, ['admin', 'reader', 'operator']],
      [`/PROCESSORS/${secret.id}/`, ['admin', 'reader', 'operator']],
      [`/controller-services/${service.id}`, ['admin', 'reader', 'operator']],
      [`/flow/history/components/${secret.id}`, ['admin', 'reader', 'operator']],
      [`/processors/${sink.id}/state`, ['admin', 'editor']],
      [`/api/components/${sink.id}/state/history`, ['admin', 'editor']],
      [`/parameter-contexts/${context.id}`, ['admin']],
      ['/controller/config', ['admin']],
      ['/controller/registry-clients', ['admin']],
      ['/counters', ['admin']],
      ['/provenance/search-options', ['admin']],
      ['/system-diagnostics', ['admin']],
      ['/resources', ['admin']],
      ['/tenants/users', ['admin']],
      ['/tenants/search-results?q=a', ['admin']],
      [`/policies/read/process-groups/${ours.id}`, ['admin']],
      ['/flow/current-user', ['admin', 'reader', 'operator', 'editor', 'viewer', 'nobody']],
    ];
    for (const [url, who] of table) assert.deepEqual(await a.statuses((each) => a.send(each, 'GET', url)), only(200, ...who), url);
    for (const [url] of table) assert.equal((await a.send('stranger', 'GET', url)).status, 401, url);
  }));

test('a refusal names what was wanted, and who it is about', () =>
  AccessRig.with(async (a) => {
    const answer = await a.send('editor', 'GET', `/processors/${a.secret.id}`);
    assert.match(answer.headers.get('content-type')!, /^text\/plain/);
    assert.equal(
      answer.text,
      `Unable to view Processor with ID ${a.secret.id}: you are not named by the policy to read /processors/${a.secret.id}. Contact the system administrator.`,
    );
    assert.match((await a.send('nobody', 'GET', '/flow/about')).text, /Unable to view the user interface: .* read \/flow\./);
    assert.match((await a.runStatus('reader', `/processors/${a.source.id}`, 'RUNNING')).text, /Unable to modify operations for Processor .* write \/operation\/processors\//);
    assert.equal((await a.send('nobody', 'GET', '/processors/00000000-0000-0000-0000-000000000000')).status, 404);
  }));

test('editing: components of a group by who may write the group', () =>
  AccessRig.with(async (a) => {
    const { ours, others, source, sink, queue, secret } = a;
    const ask = (name: string, who: readonly string[], status: number, send: Parameters<AccessRig['statuses']>[0]) => ({ name, who, status, send });
    const writers = ['admin', 'editor'];
    const end = (node: Json) => ({ id: node.id, groupId: node.component.parentGroupId, type: 'PROCESSOR' });
    const label = (await a.create('admin', ours.id, 'labels', { label: 'x' })).json;
    const funnel = (await a.create('admin', others.id, 'funnels', {})).json;
    const cases = [
      ask('a processor is made', writers, 201, (who) => a.create(who, ours.id, 'processors', { type: UPDATE })),
      ask('elsewhere', ['admin'], 201, (who) => a.create(who, others.id, 'processors', { type: UPDATE })),
      ask('a group is made', writers, 201, (who) => a.create(who, ours.id, 'process-groups', { name: who })),
      ask('a label is made', writers, 201, (who) => a.create(who, ours.id, 'labels', { label: who })),
      ask('a port is made', writers, 201, (who) => a.create(who, ours.id, 'input-ports', { name: who })),
      ask('a service is made', writers, 201, (who) => a.create(who, ours.id, 'controller-services', { type: 'test.Word' })),
      ask('a service for all', ['admin'], 201, (who) => a.send(who, 'POST', '/controller/controller-services', { revision: revision(0), component: { type: 'test.Word' } })),
      ask('a parameter context', ['admin'], 201, (who) => a.send(who, 'POST', '/parameter-contexts', { revision: revision(0), component: { name: who } })),
      ask('a processor is edited', writers, 200, (who) => a.edit(who, `/processors/${source.id}`, { name: who })),
      ask('another one is', ['admin'], 200, (who) => a.edit(who, `/processors/${secret.id}`, { name: 'hidden treasure' })),
      ask('a label is edited', writers, 200, (who) => a.edit(who, `/labels/${label.id}`, { label: who })),
      ask('a queue is edited', writers, 200, (who) => a.edit(who, `/connections/${queue.id}`, { name: who })),
      ask('a group is edited', writers, 200, (who) => a.edit(who, `/process-groups/${ours.id}`, { name: 'ours' })),
      ask('its parent is', ['admin'], 200, (who) => a.edit(who, '/process-groups/root', { name: 'NiFi Flow' })),
      ask('a connection is made', writers, 201, (who) => a.create(who, ours.id, 'connections', { source: end(sink), destination: end(sink), selectedRelationships: ['success'] })),
      ask('one from elsewhere', ['admin'], 400, (who) =>
        a.create(who, ours.id, 'connections', { source: end(secret), destination: end(sink), selectedRelationships: ['success'] }),
      ),
      ask('a queue is led elsewhere', ['admin'], 400, (who) => a.edit(who, `/connections/${queue.id}`, { destination: { id: funnel.id, groupId: others.id, type: 'FUNNEL' } })),
      ask('state is cleared', writers, 200, (who) => a.send(who, 'POST', `/processors/${sink.id}/state/clear-requests`)),
      ask('a snippet is pasted', writers, 201, async (who) => {
        const snippet = { parentGroupId: ours.id, processors: { [source.id]: source.revision } };
        const { json } = await a.send('admin', 'POST', '/snippets', { snippet });
        return a.send(who, 'POST', `/process-groups/${ours.id}/snippet-instance`, { snippetId: json.snippet.id, originX: 0, originY: 0 });
      }),
      ask('a foreign snippet is', ['admin'], 201, async (who) => {
        const { json } = await a.send('admin', 'POST', '/snippets', { snippet: { parentGroupId: others.id, processors: { [secret.id]: secret.revision } } });
        return a.send(who, 'POST', `/process-groups/${ours.id}/snippet-instance`, { snippetId: json.snippet.id, originX: 0, originY: 0 });
      }),
      ask('what one may read is copied', ['admin', 'reader', 'operator', 'editor'], 200, (who) =>
        a.send(who, 'POST', `/process-groups/${ours.id}/copy`, { processors: [source.id] }),
      ),
      ask('what one may not is not', ['admin', 'reader', 'operator'], 200, (who) => a.send(who, 'POST', `/process-groups/${others.id}/copy`, { processors: [secret.id] })),
      ask('bulletins are cleared', writers, 200, (who) => a.send(who, 'POST', `/processors/${source.id}/bulletins/clear-requests`, { fromTimestamp: '2026-01-01T00:00:00.000Z' })),
      ask('a bulletin is made', ['admin'], 200, (who) => a.send(who, 'POST', '/controller/bulletin', { bulletin: { message: 'hello' } })),
      ask('counters are reset', ['admin'], 200, (who) => a.send(who, 'PUT', '/counters')),
      ask('history is purged', ['admin'], 200, (who) => a.send(who, 'DELETE', '/controller/history?endDate=01/01/2026%2000:00:00')),
    ];
    for (const { name, who, status, send } of cases) {
      const found = await a.statuses(send);
      // What is wrong besides (400) shows that the rules let it through.
      for (const [each, got] of Object.entries(found))
        assert.ok(who.includes(each) ? got === status || (status === 400 && got === 409) : got === 403, `${name}: ${each} was answered ${got}`);
    }
  }));

test('operating: who may write operations starts and stops, and nothing else', () =>
  AccessRig.with(async (a) => {
    const url = `/processors/${a.source.id}`;
    for (const [who, status] of Object.entries(only(200, 'admin', 'operator', 'editor'))) {
      assert.equal((await a.runStatus(who, url, 'RUNNING')).status, status, who);
      assert.equal((await a.runStatus(who, url, 'STOPPED')).status, status, who);
      await a.rig.flow.processor(a.source.id).stop();
    }
    assert.equal((await a.edit('operator', url, { name: 'mine' })).status, 403);
    assert.deepEqual(await a.statuses((who) => a.runStatus(who, `/controller-services/${a.service.id}`, 'ENABLED')), only(200, 'admin', 'operator'));
    assert.deepEqual(await a.statuses((who) => a.send(who, 'DELETE', `${url}/threads`), ['reader', 'viewer', 'nobody']), { reader: 403, viewer: 403, nobody: 403 });
    const named = (who: string) => a.send(who, 'PUT', '/flow/process-groups/root', { id: a.rig.flow.root.id, state: 'STOPPED', components: { [a.secret.id]: a.secret.revision } });
    assert.deepEqual(await a.statuses(named, ['reader', 'editor', 'viewer', 'nobody', 'operator']), { reader: 403, editor: 403, viewer: 403, nobody: 403, operator: 200 });
  }));

test('a whole group is started as far as one may', () =>
  AccessRig.with(async (a) => {
    const all = { id: a.rig.flow.root.id, state: 'RUNNING' };
    const states = () => [a.rig.flow.processor(a.source.id).state, a.rig.flow.processor(a.secret.id).state];
    assert.equal((await a.send('viewer', 'PUT', '/flow/process-groups/root', all)).status, 200);
    assert.deepEqual(states(), ['STOPPED', 'STOPPED']);
    assert.equal((await a.send('nobody', 'PUT', '/flow/process-groups/root', all)).status, 403);
    assert.equal((await a.send('editor', 'PUT', '/flow/process-groups/root', all)).status, 200);
    assert.deepEqual(states(), ['RUNNING', 'STOPPED']);
    assert.equal((await a.send('editor', 'PUT', '/flow/process-groups/root', { ...all, state: 'STOPPED' })).status, 200);
    assert.deepEqual(states(), ['STOPPED', 'STOPPED']);
  }));

test('services: whoever names one must be allowed to read it', () =>
  AccessRig.with(async (a) => {
    const properties = { 'Word Service': a.service.id };
    const speak = (who: string) => a.create(who, a.ours.id, 'processors', { type: 'test.Speak', config: { properties } });
    assert.deepEqual(await a.statuses(speak), only(201, 'admin'));
    const mute = (await a.create('editor', a.ours.id, 'processors', { type: 'test.Speak' })).json;
    const name = (who: string) => a.edit(who, `/processors/${mute.id}`, { config: { properties } });
    assert.equal((await name('editor')).status, 403);
    assert.equal((await name('admin')).status, 200);
    assert.equal((await a.edit('editor', `/processors/${mute.id}`, { name: 'still mine' })).status, 200, 'what does not change is not asked for');
    assert.equal((await a.edit('editor', `/processors/${mute.id}`, { config: { properties: { 'Word Service': null } } })).status, 403, 'nor may it be let go');
    assert.equal((await a.remove('editor', `/processors/${mute.id}`)).status, 403);
    const test = (who: string) => a.send(who, 'POST', `/processors/${mute.id}/config/verification-requests`, { request: { properties: { 'Word Service': 'other' } } });
    assert.equal((await test('editor')).status, 403);
    const parameter = { name: 'svc', value: a.service.id };
    await a.ok('admin', 'POST', `/parameter-contexts/${a.context.id}/update-requests`, {
      revision: a.context.revision,
      id: a.context.id,
      component: { id: a.context.id, parameters: [{ parameter }] },
    });
    const hidden = await a.create('editor', a.ours.id, 'processors', { type: 'test.Speak', config: { properties: { 'Word Service': '#{svc}' } } });
    assert.equal(hidden.status, 403, 'not by a parameter either');
    const { flow } = await a.get('admin', `/flow/process-groups/${a.ours.id}`).then(({ processGroupFlow }) => processGroupFlow);
    const pasted = { revision: (await a.get('admin', `/process-groups/${a.ours.id}`)).revision, copyResponse: { processors: [{ properties }] } };
    assert.equal((await a.send('editor', 'PUT', `/process-groups/${a.ours.id}/paste`, pasted)).status, 403, 'nor by a clipboard');
    const disguised = { ...pasted, copyResponse: { processors: [{ properties: { 'Word Service': '#{svc}' } }] } };
    assert.equal((await a.send('editor', 'PUT', `/process-groups/${a.ours.id}/paste`, disguised)).status, 403, 'nor by both');
    assert.ok(flow.processors.length > 0);
  }));

test('data: queues, their content and provenance have policies of their own', () =>
  AccessRig.with(async (a) => {
    await a.rig.flow.processor(a.sink.id).stop();
    await a.runStatus('admin', `/processors/${a.source.id}`, 'RUN_ONCE');
    const queue = a.rig.flow.connection(a.queue.id);
    while (queue.queue.isEmpty) await new Promise((resolve) => setTimeout(resolve, 5));
    const base = `/flowfile-queues/${a.queue.id}`;
    assert.deepEqual(await a.statuses((who) => a.send(who, 'POST', `${base}/listing-requests`)), only(202, 'admin', 'editor'));
    const { listingRequest } = await a.ok('editor', 'POST', `${base}/listing-requests`);
    const { uuid } = listingRequest.flowFileSummaries[0];
    assert.deepEqual(await a.statuses((who) => a.send(who, 'GET', `${base}/flowfiles/${uuid}`)), only(200, 'admin', 'editor'));
    assert.deepEqual(await a.statuses((who) => a.send(who, 'GET', `${base}/flowfiles/${uuid}/content`)), only(200, 'admin', 'editor'));
    assert.equal((await a.send('admin', 'GET', `${base}/listing-requests/${listingRequest.id}`)).status, 403, "another user's request");
    assert.equal((await a.send('editor', 'DELETE', `${base}/listing-requests/${listingRequest.id}`)).status, 200);
    const events = (await a.rig.flow.provenance.latest(a.source.id, 10)).map(({ event }) => event.eventId);
    const event = `/provenance-events/${events[0]}`;
    assert.deepEqual(await a.statuses((who) => a.send(who, 'GET', event)), only(200, 'admin'), 'provenance data');
    await a.allow('read', `/provenance-data/process-groups/${a.ours.id}`, 'admin', 'reader', 'editor');
    assert.deepEqual(await a.statuses((who) => a.send(who, 'GET', event)), only(200, 'admin', 'reader', 'editor'));
    assert.deepEqual(await a.statuses((who) => a.send(who, 'GET', `${event}/content/output`)), only(200, 'admin', 'editor'), 'its content is data');
    assert.deepEqual(await a.statuses((who) => a.send(who, 'GET', `/provenance-events/latest/${a.source.id}`)), only(200, 'admin', 'editor'));
    const replay = (who: string) => a.send(who, 'POST', '/provenance-events/replays', { eventId: events[0] });
    assert.deepEqual(
      Object.entries(await a.statuses(replay))
        .filter(([, status]) => status === 403)
        .map(([who]) => who),
      ['reader', 'operator', 'viewer', 'nobody'],
    );
    await a.allow('read', '/provenance', 'admin', 'reader', 'operator');
    const found = async (who: string): Promise<number> => {
      const { provenance } = await a.ok(who, 'POST', '/provenance', { provenance: { request: { maxResults: 100 } } });
      while (!(await a.get(who, `/provenance/${provenance.id}`)).provenance.finished) await new Promise((resolve) => setTimeout(resolve, 5));
      const { results } = (await a.get(who, `/provenance/${provenance.id}`)).provenance;
      assert.equal(results.totalCount, results.provenanceEvents.length);
      return results.provenanceEvents.length;
    };
    assert.deepEqual([(await found('reader')) > 0, await found('operator')], [true, 0]);
    assert.deepEqual(await a.statuses((who) => a.send(who, 'POST', `${base}/drop-requests`)), only(202, 'admin', 'editor'));
    assert.deepEqual(await a.statuses((who) => a.send(who, 'POST', `/process-groups/${a.ours.id}/empty-all-connections-requests`)), only(202, 'admin', 'editor'));
  }));

test('parameter contexts: whoever changes one must be allowed to change all that refers to it', () =>
  AccessRig.with(async (a) => {
    const url = `/parameter-contexts/${a.context.id}`;
    const change = async (who: string, value: string) => {
      const { revision } = await a.get('admin', url);
      return a.send(who, 'POST', `${url}/update-requests`, { revision, component: { id: a.context.id, parameters: [{ parameter: { name: 'where', value } }] } });
    };
    assert.equal((await change('editor', 'there')).status, 403);
    await a.allow('read', url, 'admin', 'reader', 'editor');
    await a.allow('write', url, 'admin', 'reader', 'editor');
    const refused = await change('reader', 'there');
    assert.deepEqual([refused.status, refused.text.includes(a.source.id)], [403, true], 'the processor that refers to it is not theirs');
    const { json } = await change('editor', 'there');
    assert.equal((await a.send('admin', 'GET', `${url}/update-requests/${json.request.requestId}`)).status, 403, 'it is the editor who asked');
    assert.equal((await change('editor', a.service.id)).status, 403, 'a value must not name a service that is not theirs');
    const { revision } = await a.get('admin', url);
    const put = await a.send('reader', 'PUT', url, { revision, component: { id: a.context.id, parameters: [{ parameter: { name: 'where', value: 'x' } }] } });
    assert.equal(put.status, 403, 'the other way is as closed');
    const bind = (who: string) => a.edit(who, `/process-groups/${a.ours.id}`, { parameterContext: { id: null } });
    assert.equal((await bind('reader')).status, 403);
    assert.equal((await a.send('reader', 'DELETE', `${url}?version=${revision.version}`)).status, 403, 'a group that one may not write is bound to it');
  }));

test('who may remove: the component, its group, and all that is in it', () =>
  AccessRig.with(async (a) => {
    const inner = (await a.create('editor', a.ours.id, 'process-groups', { name: 'inner' })).json;
    const own = (await a.create('editor', inner.id, 'processors', { type: GENERATE })).json;
    await a.allow('write', `/processors/${own.id}`, 'admin');
    assert.equal((await a.remove('editor', `/processors/${own.id}`)).status, 403);
    assert.equal((await a.remove('editor', `/process-groups/${inner.id}`)).status, 403, 'something in it is not theirs');
    const snippet = await a.send('editor', 'POST', '/snippets', { snippet: { parentGroupId: a.ours.id, processGroups: { [inner.id]: inner.revision } } });
    assert.equal(snippet.status, 201);
    assert.equal((await a.send('editor', 'DELETE', `/snippets/${snippet.json.snippet.id}`)).status, 403);
    assert.equal((await a.send('editor', 'PUT', `/snippets/${snippet.json.snippet.id}`, { snippet: { id: snippet.json.snippet.id, parentGroupId: a.others.id } })).status, 403);
    assert.equal((await a.remove('editor', `/process-groups/${a.ours.id}`)).status, 403, 'the group that it is in is not theirs');
    await a.allow('write', `/processors/${own.id}`, 'admin', 'editor');
    assert.equal((await a.remove('editor', `/process-groups/${inner.id}`)).status, 200);
    assert.equal(a.door.control.findPolicy(`/processors/${own.id}`, 'write'), undefined, 'its policy went with it');
  }));

test('who may bring back: those who may make such a thing where it was', () =>
  AccessRig.with(async (a) => {
    const made = { revision: revision(0), component: { type: 'test.Task' } };
    const task = await a.ok('admin', 'POST', '/controller/reporting-tasks', made);
    const words = await a.ok('admin', 'POST', '/parameter-contexts', { revision: revision(0), component: { name: 'words' } });
    const own = (await a.create('editor', a.ours.id, 'controller-services', { type: 'test.Word' })).json;
    for (const url of [`/reporting-tasks/${task.id}`, `/parameter-contexts/${words.id}`, `/controller-services/${own.id}`])
      assert.equal((await a.remove('admin', url)).status, 200);
    const restore = (who: string, ...entities: Json[]) => a.send(who, 'POST', '/api/restorations', { components: entities.map(({ id }) => id) });
    for (const who of ['operator', 'editor', 'nobody']) for (const each of [task, words]) assert.equal((await restore(who, own, each)).status, 403, who);
    assert.equal((await restore('operator', own)).status, 403);
    assert.equal((await restore('editor', own)).status, 201);
    assert.equal((await restore('admin', task, words)).status, 201);
  }));
