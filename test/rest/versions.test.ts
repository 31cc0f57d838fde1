import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../temporary-directory.ts';
import { GENERATE, type Json, LOG_MESSAGE, RestRig, revision, until } from './rest-rig.ts';

const GIT = 'dev.millrace.git.GitFlowRegistryClient';

const registry = (rig: RestRig, where = path.join(temporaryDirectory(), 'flows.git')): Promise<Json> =>
  rig.ok('POST', '/controller/registry-clients', { revision: revision(0), component: { type: GIT, name: 'git', properties: { Repository: where, 'Create Repository': 'true' } } });

const present = async (rig: RestRig, { id }: Json): Promise<Json> => rig.get(`/process-groups/${id}`);

async function save(rig: RestRig, group: Json, client: Json, more: object = {}) {
  const versionedFlow = { registryId: client.id, bucketId: 'sales', flowName: 'Daily orders', comments: 'a version', action: 'COMMIT', ...more };
  return rig.send('POST', `/versions/process-groups/${group.id}`, { processGroupRevision: (await present(rig, group)).revision, versionedFlow });
}

/** The state of a group as its entity tells it. */
const stateOf = async (rig: RestRig, group: Json): Promise<string> => (await present(rig, group)).versionedFlowState;

async function change(rig: RestRig, group: Json, kind: 'update' | 'revert', version?: string) {
  const { versionControlInformation } = (await present(rig, group)).component;
  const body = { processGroupRevision: (await present(rig, group)).revision, versionControlInformation: { ...versionControlInformation, ...(version && { version }) } };
  const begun = await rig.send('POST', `/versions/${kind}-requests/process-groups/${group.id}`, body);
  if (begun.status !== 200) return { refused: begun };
  const url = `/versions/${kind}-requests/${begun.json.request.requestId}`;
  await until(async () => (await rig.get(url)).request.complete);
  return { request: (await rig.ok('DELETE', url)).request };
}

/** A group with a source that leads to a sink, saved once. */
async function saved(rig: RestRig) {
  const client = await registry(rig);
  const group = await rig.create('root', 'process-groups', { name: 'orders' });
  const source = await rig.source('one', group.id);
  const sink = await rig.processor(LOG_MESSAGE, { autoTerminatedRelationships: ['success'] }, group.id);
  const link = await rig.connect(source, sink);
  const first = await save(rig, group, client);
  assert.equal(first.status, 200, first.text);
  return { client, group, source, sink, link, first: first.json.versionControlInformation.version as string };
}

test('a group is saved, changed, saved again, and goes to earlier versions and back with its ids, data and places', () =>
  RestRig.with(async (rig) => {
    const { client, group, source, sink, link, first } = await saved(rig);
    const information = (await present(rig, group)).component.versionControlInformation;
    assert.deepEqual(
      [information.registryName, information.branch, information.bucketId, information.flowId, information.flowName, information.state],
      ['git', 'main', 'sales', 'Daily-orders', 'Daily orders', 'UP_TO_DATE'],
    );
    assert.equal((await rig.edit(source, { config: { properties: { 'Custom Text': 'two' } } })).status, 200);
    assert.equal(await stateOf(rig, group), 'LOCALLY_MODIFIED');
    const { componentDifferences } = await rig.get(`/process-groups/${group.id}/local-modifications`);
    assert.deepEqual(componentDifferences, [
      {
        componentType: 'Processor',
        componentId: source.id,
        componentName: source.component.name,
        processGroupId: group.id,
        differences: [{ differenceType: 'Property Value Changed', difference: "Property Value Changed: 'Custom Text' from 'one' to 'two'" }],
      },
    ]);
    assert.equal((await rig.get('/flow/status')).controllerStatus.locallyModifiedCount, 1);
    const second = await save(rig, group, client, { comments: 'two instead of one' });
    assert.equal(second.json.versionControlInformation.state, 'UP_TO_DATE');
    const listed = (await rig.get(`/flow/registries/${client.id}/buckets/sales/flows/Daily-orders/versions`)).versionedFlowSnapshotMetadataSet;
    assert.deepEqual(
      listed.map(({ versionedFlowSnapshotMetadata: { comments, author } }: Json) => [comments, author]),
      [
        ['two instead of one', 'anonymous'],
        ['a version', 'anonymous'],
      ],
    );

    await rig.once(source);
    assert.equal(await rig.queued(link), 1);
    const back = await change(rig, group, 'update', first);
    assert.equal(back.request?.failureReason, undefined);
    assert.equal((await rig.fresh(source)).component.config.properties['Custom Text'], 'one');
    assert.deepEqual([await stateOf(rig, group), await rig.queued(link)], ['STALE', 1]);
    assert.equal((await rig.fresh(sink)).component.id, sink.id);

    const stale = await save(rig, group, client, { comments: 'too late' });
    assert.equal(stale.status, 409);
    assert.match(stale.text, /has a newer version .*two instead of one/);
    const there = second.json.versionControlInformation.version;
    const diff = `/flow/registries/${client.id}/branches/main/buckets/sales/flows/Daily-orders/${first}/diff/branches/main/buckets/sales/flows/Daily-orders/${there}`;
    assert.equal((await rig.get(diff)).componentDifferences[0].differences[0].difference, "Property Value Changed: 'Custom Text' from 'one' to 'two'");
    assert.equal((await change(rig, group, 'update', there)).request?.failureReason, undefined);
    assert.equal(await stateOf(rig, group), 'UP_TO_DATE');
  }));

test('local changes are reverted; a version is not changed over them; a missing one is named', () =>
  RestRig.with(async (rig) => {
    const { group, source, first } = await saved(rig);
    const label = await rig.create(group.id, 'labels', { label: 'note' });
    await rig.edit(source, { position: { x: 70, y: 80 }, name: 'other name' });
    const { refused } = await change(rig, group, 'update', first);
    assert.equal(refused?.status, 409);
    assert.match(refused!.text, /cannot be changed because it has local changes\. Save or revert them first\./);
    assert.equal((await change(rig, group, 'revert')).request?.failureReason, undefined);
    assert.equal((await rig.send('GET', `/labels/${label.id}`)).status, 404);
    const { component } = await rig.fresh(source);
    assert.deepEqual([component.name, component.position], [source.component.name, source.component.position]);
    assert.equal(await stateOf(rig, group), 'UP_TO_DATE');
    const lost = await change(rig, group, 'update', 'f'.repeat(40));
    assert.match(lost.request?.failureReason, /There is no version f+ of the flow Daily-orders/);
  }));

test('what a version removes and what holds data refuses, and says what to do', () =>
  RestRig.with(async (rig) => {
    const { client, group, source, sink, link, first } = await saved(rig);
    const another = await rig.processor(LOG_MESSAGE, { autoTerminatedRelationships: ['success'] }, group.id);
    const more = await rig.connect(source, another);
    assert.equal((await save(rig, group, client)).status, 200);
    await rig.once(source);
    const { request } = await change(rig, group, 'update', first);
    assert.match(
      request.failureReason,
      new RegExp(`connection success \\(${more.id}\\) is not in the new contents and its queue holds 1 FlowFiles\\. Let them through or empty the queue first\\.`),
    );
    assert.equal(await stateOf(rig, group), 'UP_TO_DATE');
    for (const each of [another, sink, link]) assert.equal((await rig.fresh(each)).id, each.id);
  }));

test('a version becomes a second group, which follows it, and falls behind when the first is saved', () =>
  RestRig.with(async (rig) => {
    const { client, group, source, first } = await saved(rig);
    const versionControlInformation = { registryId: client.id, branch: 'main', bucketId: 'sales', flowId: 'Daily-orders', version: first };
    const copy = await rig.create('root', 'process-groups', { position: { x: 5, y: 6 }, versionControlInformation });
    assert.deepEqual([copy.component.name, copy.versionedFlowState, copy.component.position], ['orders', 'UP_TO_DATE', { x: 5, y: 6 }]);
    await rig.edit(source, { name: 'renamed' });
    await save(rig, group, client);
    assert.equal((await rig.get(`/versions/process-groups/${copy.id}`)).versionControlInformation.state, 'STALE');
    const latest = (await present(rig, group)).component.versionControlInformation.version;
    assert.equal((await change(rig, copy, 'update', latest)).request?.failureReason, undefined);
    const { processors } = await rig.get(`/process-groups/${copy.id}/processors`);
    assert.ok(processors.some(({ component }: Json) => component.name === 'renamed'));
    await rig.create(copy.id, 'labels', { label: 'mine' });
    await rig.edit(source, { name: 'renamed again' });
    await save(rig, group, client);
    await rig.get(`/versions/process-groups/${copy.id}`);
    assert.equal(await stateOf(rig, copy), 'LOCALLY_MODIFIED_AND_STALE');
    const wrong = await rig.send('POST', '/process-groups/root/process-groups', {
      revision: revision(0),
      component: { versionControlInformation: { ...versionControlInformation, flowId: 'none' } },
    });
    assert.equal(wrong.status, 404);
  }));

test('a copied group follows the same version; version control ends; a registry in use stays', () =>
  RestRig.with(async (rig) => {
    const { client, group } = await saved(rig);
    const copied = await rig.ok('POST', '/process-groups/root/copy', { processGroups: [group.id] });
    const root = (await rig.get('/process-groups/root')).revision;
    const { flow } = await rig.ok('PUT', '/process-groups/root/paste', { revision: { ...root, clientId: 'test' }, copyResponse: copied });
    const [twin] = flow.processGroups;
    assert.deepEqual([twin.versionedFlowState, twin.component.versionControlInformation.flowId], ['UP_TO_DATE', 'Daily-orders']);
    const kept = await rig.remove(client);
    assert.equal(kept.status, 409);
    assert.match(kept.text, /because the group orders follows a version in it/);
    for (const each of [group, twin]) {
      const { version } = (await present(rig, each)).revision;
      const ended = await rig.ok('DELETE', `/versions/process-groups/${each.id}?version=${version}&clientId=test`);
      assert.equal(ended.versionControlInformation, undefined);
    }
    assert.equal((await rig.send('GET', `/process-groups/${group.id}/local-modifications`)).status, 409);
    assert.equal((await rig.remove(client)).status, 200);
  }));

test('nested groups with versions of their own: saved with the outer one, restored with it, and named where they have changed', () =>
  RestRig.with(async (rig) => {
    const { client, group, source } = await saved(rig);
    const outer = await rig.create('root', 'process-groups', { name: 'outer' });
    const snippet = await rig.ok('POST', '/snippets', {
      snippet: { parentGroupId: group.component.parentGroupId, processGroups: { [group.id]: (await present(rig, group)).revision } },
    });
    await rig.ok('PUT', `/snippets/${snippet.snippet.id}`, { snippet: { id: snippet.snippet.id, parentGroupId: outer.id } });
    const first = await save(rig, outer, client, { flowName: 'Outer' });
    assert.equal(first.status, 200, first.text);
    await rig.edit(source, { name: 'changed inside' });
    assert.deepEqual([await stateOf(rig, outer), await stateOf(rig, group)], ['UP_TO_DATE', 'LOCALLY_MODIFIED']);
    const refused = await save(rig, outer, client, { flowName: 'Outer' });
    assert.equal(refused.status, 409);
    assert.match(refused.text, /because the group orders in it has local changes of its own/);
    await save(rig, group, client);
    assert.equal(await stateOf(rig, outer), 'LOCALLY_MODIFIED');
    const { component } = await present(rig, outer);
    assert.equal(component.upToDateCount, 1);
    const { versionControlInformation } = component;
    const again = await rig.create('root', 'process-groups', { name: 'again', versionControlInformation });
    const [inner] = (await rig.get(`/process-groups/${again.id}/process-groups`)).processGroups;
    assert.equal(inner.component.versionControlInformation.flowId, 'Daily-orders');
    assert.equal((await change(rig, outer, 'revert')).request?.failureReason, undefined);
    assert.equal((await rig.fresh(source)).component.name, source.component.name);
  }));

test('what makes no sense is refused with a sentence', () =>
  RestRig.with(async (rig) => {
    const { client, group } = await saved(rig);
    const fresh = await rig.create('root', 'process-groups', { name: 'fresh' });
    const refusals: [object, Json, number, RegExp][] = [
      [{ bucketId: '../x' }, fresh, 400, /'\.\.\/x' cannot be the name of a bucket/],
      [{ registryId: group.id }, fresh, 404, /flow registry client/],
      [{ flowName: 'Daily orders' }, fresh, 409, /is there already/],
      [{ flowName: '???' }, fresh, 400, /cannot be the name of a flow/],
      [{ flowName: 'other', flowId: 'other' }, group, 409, /follows the flow Daily-orders/],
      [{ action: 'PERHAPS' }, fresh, 400, /action/],
      [{}, { id: 'root' }, 400, /root group cannot be put under version control/],
    ];
    for (const [body, target, status, message] of refusals) {
      const answer = await save(rig, target, client, body);
      assert.deepEqual([answer.status, message.test(answer.text)], [status, true], `${JSON.stringify(body)}: ${answer.status} ${answer.text}`);
    }
    const stale = await rig.send('POST', `/versions/process-groups/${fresh.id}`, {
      processGroupRevision: revision(7, 'other'),
      versionedFlow: { registryId: client.id, bucketId: 'sales', flowName: 'x', action: 'COMMIT' },
    });
    assert.equal(stale.status, 400);
    assert.equal((await rig.send('GET', `/versions/process-groups/${fresh.id}/download`)).status, 409);
    const download = await rig.send('GET', `/versions/process-groups/${group.id}/download`);
    assert.match(download.headers.get('content-disposition')!, /Daily_orders-version-[0-9a-f]{40}\.json/);
    assert.equal(download.json.flowContents.processors.length, 2);
  }));

test('a running flow goes on: only what changed is stopped, and new parameters come while values stay', () =>
  RestRig.with(async (rig) => {
    const { client, group, source, sink } = await saved(rig);
    const context = await rig.ok('POST', '/parameter-contexts', {
      revision: revision(0),
      component: { name: 'texts', parameters: [{ parameter: { name: 'word', sensitive: false, value: 'hello' } }] },
    });
    await rig.edit(group, { parameterContext: { id: context.id } });
    await rig.edit(source, { config: { properties: { 'Custom Text': '#{word}' } } });
    await save(rig, group, client);
    const { version: second } = (await present(rig, group)).component.versionControlInformation;
    await rig.edit(sink, { config: { properties: { 'log-message': 'changed' } } });
    await save(rig, group, client);
    for (const each of [source, sink]) assert.equal((await rig.runStatus(each, 'RUNNING')).status, 200);
    assert.equal((await change(rig, group, 'update', second)).request?.failureReason, undefined);
    for (const each of [source, sink]) assert.equal((await rig.fresh(each)).component.state, 'RUNNING');
    assert.equal((await rig.get(`/parameter-contexts/${context.id}`)).component.parameters[0].parameter.value, 'hello');
    assert.equal((await rig.get(`/process-groups/${group.id}`)).component.parameterContext.id, context.id);
    assert.equal(GENERATE, (await rig.fresh(source)).component.type);
  }));

test('a registry that is away makes SYNC_FAILURE, and everything here goes on', () =>
  RestRig.with(async (rig) => {
    const { client, group, source } = await saved(rig);
    await rig.edit(client, { properties: { Repository: path.join(temporaryDirectory(), 'nowhere'), 'Create Repository': 'false' } });
    const { versionControlInformation } = await rig.get(`/versions/process-groups/${group.id}`);
    assert.equal(versionControlInformation.state, 'SYNC_FAILURE');
    assert.match(versionControlInformation.stateExplanation, /nowhere/);
    await rig.edit(source, { name: 'renamed' });
    assert.equal((await change(rig, group, 'revert')).request?.failureReason, undefined);
    assert.equal((await rig.fresh(source)).component.name, source.component.name);
    assert.equal((await rig.get('/flow/status')).controllerStatus.syncFailureCount, 1);
  }));

test('replacing the contents of a group keeps what stays, and refuses at once what cannot be', () =>
  RestRig.with(async (rig) => {
    const { group, source, link } = await saved(rig);
    const definition = (await rig.send('GET', `/process-groups/${group.id}/download`)).json;
    await rig.once(source);
    await rig.runStatus(source, 'RUNNING');
    const { processors } = definition.flowContents;
    processors.find(({ type }: Json) => type === LOG_MESSAGE).comments = 'replaced';
    const replace = async (claimed: object) =>
      rig.send('POST', `/process-groups/${group.id}/replace-requests`, { processGroupRevision: claimed, versionedFlowSnapshot: definition });
    assert.equal((await replace(revision(77, 'other'))).status, 400);
    const { request } = (await replace((await present(rig, group)).revision)).json;
    await until(async () => (await rig.get(`/process-groups/replace-requests/${request.requestId}`)).request.complete);
    assert.equal((await rig.ok('DELETE', `/process-groups/replace-requests/${request.requestId}`)).request.failureReason, undefined);
    assert.ok((await rig.queued(link)) > 0);
    assert.equal((await rig.fresh(source)).component.state, 'RUNNING');
    definition.flowContents.connections = [];
    const refused = await replace((await present(rig, group)).revision);
    assert.equal(refused.status, 409);
    assert.match(refused.text, /is not in the new contents and its queue holds/);
  }));
