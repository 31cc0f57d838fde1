import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import WebSocket from 'ws';
import { type Json, until } from '../rest-rig.ts';
import { AccessRig } from './access-rig.ts';

const TREASURE = /hidden treasure|of gold/;

/** Everything that a user may ask for without naming a component. */
const WIDE = [
  '/flow/process-groups/root',
  '/flow/process-groups/root?uiOnly=true',
  '/flow/process-groups/root/status?recursive=true',
  '/flow/process-groups/root/controller-services?includeDescendantGroups=true',
  '/flow/search-results?q=treasure',
  '/flow/search-results?q=gold',
  '/flow/bulletin-board',
  '/flow/bulletin-board?message=treasure',
  '/flow/controller/bulletins',
  '/flow/history?offset=0&count=1000',
  '/flow/parameter-contexts',
  '/flow/metrics/prometheus',
  '/flow/metrics/json',
  '/flow/runtime-manifest',
  '/flow/current-user',
];

test('what one may not read is told nowhere', () =>
  AccessRig.with(async (a) => {
    const { secret, others } = a;
    await a.edit('admin', `/process-groups/${others.id}`, { name: 'chest of the hidden treasure' });
    a.rig.flow.bulletins.add('warn', 'the hidden treasure is gone', { id: secret.id, name: 'hidden treasure', kind: 'PROCESSOR', groupId: others.id });
    a.rig.flow.bulletins.add('warn', 'of gold: an affair of the controller');
    const urls = [
      ...WIDE,
      `/flow/process-groups/${others.id}`,
      `/flow/process-groups/${others.id}?uiOnly=true`,
      `/flow/process-groups/${others.id}/breadcrumbs`,
      `/flow/process-groups/${others.id}/status?recursive=true`,
      `/flow/process-groups/${others.id}/status/history`,
      `/flow/processors/${secret.id}/status`,
      `/flow/processors/${secret.id}/status/history`,
    ];
    let told = 0;
    for (const url of urls) {
      const [viewer, admin] = [await a.send('viewer', 'GET', url), await a.send('admin', 'GET', url)];
      assert.equal(viewer.status, 200, url);
      assert.doesNotMatch(viewer.text, TREASURE, url);
      if (TREASURE.test(admin.text)) told++;
    }
    assert.ok(told > 12, 'the admin is told');
  }));

test('a component that one may not read is drawn without its name', () =>
  AccessRig.with(async (a) => {
    const url = `/flow/process-groups/${a.others.id}`;
    const flow = async (who: string): Promise<Json> => (await a.get(who, url)).processGroupFlow.flow;
    const full = (await flow('admin')).processors[0];
    const { component, bulletins: _, permissions, operatePermissions, status, ...rest } = full;
    assert.deepEqual([component.name, permissions, operatePermissions.canWrite, status.name], ['hidden treasure', { canRead: true, canWrite: true }, true, 'hidden treasure']);
    const bare = (await flow('viewer')).processors[0];
    assert.deepEqual([bare.component, bare.permissions, bare.operatePermissions.canWrite], [undefined, { canRead: false, canWrite: false }, false]);
    assert.deepEqual([bare.status.name, bare.status.type, bare.status.aggregateSnapshot.name], [a.secret.id, 'Processor', a.secret.id]);
    for (const name of ['id', 'revision', 'position', 'inputRequirement', 'physicalState']) assert.deepEqual(bare[name], rest[name], name);
    const operated = (await flow('operator')).processors[0];
    assert.deepEqual([operated.component.name, operated.permissions, operated.operatePermissions.canWrite], ['hidden treasure', { canRead: true, canWrite: false }, true]);
    const ours = (await a.get('viewer', `/flow/process-groups/${a.ours.id}`)).processGroupFlow.flow.connections[0];
    assert.deepEqual([ours.component, ours.sourceId, ours.status.name, ours.status.sourceName], [undefined, a.source.id, a.queue.id, a.source.id]);
    assert.equal((await flow('admin')).processors[0].component.name, 'hidden treasure', 'and whoever may read it is told as before');
  }));

test('nested components, services to choose from and parameter contexts keep their names to themselves', () =>
  AccessRig.with(async (a) => {
    await a.edit('admin', `/controller-services/${a.service.id}`, { name: 'hidden treasure' });
    const speaks = (await a.create('admin', a.ours.id, 'processors', { type: 'test.Speak', name: 'speaks' })).json;
    const choices = async (who: string): Promise<Json> =>
      (await a.get(who, `/processors/${speaks.id}`)).component.config.descriptors['Word Service'].allowableValues.map(({ canRead, allowableValue }: Json) => [
        canRead,
        allowableValue.displayName,
      ]);
    assert.deepEqual(await choices('admin'), [[true, 'hidden treasure']]);
    assert.deepEqual(await choices('editor'), [[false, a.service.id]]);
    const list = (await a.get('editor', `/flow/process-groups/${a.ours.id}`)).processGroupFlow.flow.processors.find(({ id }: Json) => id === speaks.id);
    assert.equal(list.component.config.descriptors['Word Service'].allowableValues[0].allowableValue.displayName, a.service.id);
    const group = await a.get('editor', `/process-groups/${a.ours.id}`);
    assert.deepEqual(group.parameterContext, { id: a.context.id, permissions: { canRead: false, canWrite: false } });
    await a.edit('admin', `/processors/${speaks.id}`, { config: { properties: { 'Word Service': a.service.id } } });
    await a.allow('read', `/controller-services/${a.service.id}`, 'admin', 'viewer');
    const [reference] = (await a.get('viewer', `/controller-services/${a.service.id}`)).component.referencingComponents;
    assert.deepEqual([reference.id, reference.component, reference.permissions.canRead], [speaks.id, undefined, false]);
    await a.allow('read', `/parameter-contexts/${a.context.id}`, 'admin', 'viewer');
    const { component } = await a.get('viewer', `/parameter-contexts/${a.context.id}`);
    assert.deepEqual(
      component.boundProcessGroups.map((each: Json) => [each.id, each.component]),
      [[a.ours.id, undefined]],
    );
    assert.deepEqual(
      component.parameters[0].parameter.referencingComponents.map((each: Json) => [each.id, each.component]),
      [[a.source.id, undefined]],
    );
  }));

test('who one is: rights are told as they are, with and without groups', () =>
  AccessRig.with(async (a) => {
    const rights = async (who: string): Promise<Json> => {
      const user = await a.get(who, '/flow/current-user');
      return Object.entries(user).flatMap(([name, value]) => (name.endsWith('Permissions') && (value as Json).canRead ? [name.replace('Permissions', '')] : []));
    };
    assert.deepEqual(await rights('viewer'), []);
    assert.deepEqual((await rights('admin')).sort(), ['controller', 'counters', 'parameterContext', 'policies', 'provenance', 'system', 'tenants']);
    await a.allow('read', '/counters', 'admin', 'viewer');
    assert.deepEqual(await rights('viewer'), ['counters']);
    assert.deepEqual((await a.get('viewer', '/flow/current-user')).countersPermissions, { canRead: true, canWrite: false });
    const { flowConfiguration } = await a.get('viewer', '/flow/config');
    assert.equal(flowConfiguration.supportsManagedAuthorizer, true);
  }));

test('live updates tell each user what that user may read, and end with the right to see the flow', () =>
  AccessRig.with(async (a) => {
    const open = async (who: string): Promise<{ socket: WebSocket; heard: string[] }> => {
      const socket = new WebSocket(`ws://127.0.0.1:${a.rig.port}/api/live`, { headers: { Authorization: `Bearer ${a.tokens.get(who)}` } });
      const heard: string[] = [];
      socket.on('message', (data) => heard.push(String(data)));
      await once(socket, 'open');
      socket.send(JSON.stringify({ group: a.others.id }));
      return { socket, heard };
    };
    await assert.rejects(open('nobody'), /403/);
    const [admin, viewer] = [await open('admin'), await open('viewer')];
    a.rig.flow.bulletins.add('warn', 'the hidden treasure is gone', { id: a.secret.id, name: 'hidden treasure', kind: 'PROCESSOR', groupId: a.others.id });
    await until(() => admin.heard.join().includes('treasure is gone'));
    await until(() => viewer.heard.length > 0);
    assert.doesNotMatch(viewer.heard.join(), TREASURE);
    const closed = once(viewer.socket, 'close');
    await a.allow('read', '/flow', 'admin');
    assert.equal((await closed)[0], 1008);
    admin.socket.close();
  }));
