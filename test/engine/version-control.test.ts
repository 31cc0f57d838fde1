import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import GitFlowRegistryClient from '../../processors/git/GitFlowRegistryClient.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import { contents, FlowRig } from '../flow-rig.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const where = { bucketId: 'default', comments: '', force: false };

/** A group that follows a version in a git repository, and a queue with data in it. */
async function followed() {
  const rig = new FlowRig();
  rig.types.addType('Git', GitFlowRegistryClient as never);
  const properties = { Repository: path.join(temporaryDirectory(), 'flows.git'), 'Create Repository': 'true' };
  const client = rig.flow.createControllerLevel('FLOW_REGISTRY_CLIENT', { version: 0 }, { type: 'test.Git', name: 'git', properties });
  const group = rig.group('followed');
  const source = rig.source({ name: 'source' }, group);
  const sink = rig.processor('Pass', { name: 'sink', autoTerminatedRelationships: ['success'] }, group);
  const queue = rig.connect(source, sink, {}, group);
  const save = (of: ProcessGroup) => rig.flow.versions.save(of, { version: of.revision.version, user: 'ada' }, { ...where, registryId: client.id, flowName: 'flow' });
  await save(group);
  await rig.once(source);
  return { rig, client, group, source, queue, save };
}

test('after a kill a group follows its version, knows what was changed, and is reverted with its data', async () => {
  const { rig, group, source, queue } = await followed();
  rig.edit(source, () => source.configure({ comments: 'changed' }));
  const again = rig.reopen();
  const reopened = again.group(group.id);
  assert.deepEqual(reopened.versionControl?.coordinates, group.versionControl?.coordinates);
  assert.equal(again.versions.state(reopened)?.state, 'LOCALLY_MODIFIED');
  assert.deepEqual(
    again.versions.modifications(reopened).map(({ type, description }) => [type, description]),
    [['COMMENTS_CHANGED', "Comments changed from nothing to 'changed'"]],
  );
  await again.versions.revert(reopened, { version: reopened.revision.version });
  assert.equal(again.versions.state(reopened)?.state, 'UP_TO_DATE');
  assert.equal(again.processor(source.id).comments, '');
  assert.deepEqual(contents(again.connection(queue.id), rig), ['x']);
});

test('a newer version is seen once a minute, and at once after a start', async () => {
  const { rig, client, group, source, save } = await followed();
  const twin = await rig.flow.versions.import(rig.root, { version: 0 }, { ...group.versionControl!.coordinates, registryId: client.id }, { name: 'twin' });
  rig.edit(source, () => source.configure({ name: 'renamed' }));
  await save(group);
  assert.equal(rig.flow.versions.state(twin)?.state, 'UP_TO_DATE');
  await rig.flow.versions.refresh(twin);
  assert.equal(rig.flow.versions.state(twin)?.state, 'STALE');
  const again = rig.reopen();
  const seen = new Promise<void>((resolve) => again.subscribe(({ component }) => component.id === twin.id && resolve()));
  again.versions.start();
  await seen;
  assert.equal(again.versions.state(again.group(twin.id))?.state, 'STALE');
  again.versions.stop();
});

test('what is a matter of the installation is no local change', async () => {
  const { rig, group, source } = await followed();
  source.start();
  await rig.settle();
  const context = rig.flow.createParameterContext({ version: 0 }, { name: 'here' });
  await source.stop();
  rig.edit(group, () => group.configure({ parameterContext: context, name: 'another name', position: { x: 9, y: 9 } }));
  source.disable();
  assert.deepEqual(rig.flow.versions.modifications(group), []);
});

test('a group is changed by one request at a time, and none is lost', async () => {
  const { group, source, rig, save } = await followed();
  rig.edit(source, () => source.configure({ name: 'renamed' }));
  const first = save(group);
  await assert.rejects(save(group), /is being saved or changed at the moment/);
  await first;
  assert.equal(rig.flow.versions.state(group)?.state, 'UP_TO_DATE');
});

test('what was edited while a version was saved stays and counts as changed', async () => {
  const { group, source, rig, save } = await followed();
  rig.edit(source, () => source.configure({ name: 'first' }));
  const saving = save(group);
  rig.edit(group, () => group.configure({ comments: 'meanwhile' }));
  rig.edit(source, () => source.configure({ name: 'second' }));
  await saving;
  assert.equal(source.name, 'second');
  assert.equal(rig.flow.versions.state(group)?.state, 'LOCALLY_MODIFIED');
});

test('a change that fails half-way leaves the group with its version and what that holds', async () => {
  const { rig, group } = await followed();
  const definition = JSON.parse(JSON.stringify(rig.flow.export(group)));
  definition.flowContents.connections[0].backPressureDataSizeThreshold = 'much';
  await assert.rejects(rig.flow.replace(group, { version: group.revision.version }, definition), /'much' is not valid/);
  assert.equal(rig.flow.versions.state(group)?.state, 'UP_TO_DATE');
  assert.ok(group.versionControl?.snapshot);
});
