import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineFlowAnalysisRule } from '../../server/extension/flow-analysis-rule.ts';
import type { FlowRegistry } from '../../server/extension/flow-registry.ts';
import { defineFlowRegistryClient } from '../../server/extension/flow-registry-client.ts';
import { defineParameterProvider } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';
import { FlowRig } from '../flow-rig.ts';
import { TypeTable } from '../type-table.ts';

const Registry = defineFlowRegistryClient({
  description: 'Keeps nothing',
  tags: [],
  properties: { url: property.text('URL', 'Where it is', { required: true }), password: property.text('Password', 'A secret', { sensitive: true }) },
  open: ({ properties }) => ({ storageLocation: `${properties.url} ${properties.password}` }) as FlowRegistry,
});

test('components outside of groups survive a restart, also without their type', async () => {
  const rig = new FlowRig();
  rig.types.addType('Registry', Registry as never);
  const made = rig.flow.createControllerLevel(
    'FLOW_REGISTRY_CLIENT',
    { version: 0, user: 'ada' },
    { type: 'test.Registry', name: 'ours', comments: 'c', properties: { URL: 'u', Password: 'hush' } },
  );
  assert.ok(!rig.store.components().some(({ json }) => json.includes('hush')));
  const again = rig.reopen().controllerLevel('FLOW_REGISTRY_CLIENT', made.id);
  assert.equal(JSON.stringify(again.toStored()), JSON.stringify(made.toStored()));
  assert.equal((await again.open(new AbortController().signal)).storageLocation, 'u hush');

  const ghost = rig.reopen(new TypeTable()).controllerLevel('FLOW_REGISTRY_CLIENT', made.id);
  assert.deepEqual([ghost.isGhost, ghost.type, ghost.bundle.group], [true, 'test.Registry', 'test']);
  assert.match(ghost.validationErrors[0]!, /Missing Flow Registry Client.*test\.Registry.*not installed/);
  await assert.rejects(ghost.open(new AbortController().signal), /is not valid/);
  rig.edit(ghost, (node) => node.configure({ name: 'renamed' }));
  const back = rig.reopen().controllerLevel('FLOW_REGISTRY_CLIENT', made.id);
  assert.deepEqual([back.name, back.properties.texts.get('Password'), back.isValid], ['renamed', 'hush', true]);
  rig.remove(back);
  assert.deepEqual(rig.reopen().allControllerLevel('FLOW_REGISTRY_CLIENT'), []);
});

const Source = defineParameterProvider({
  description: 'One parameter',
  tags: [],
  properties: {},
  fetchParameters: () => [{ name: 'group', parameters: [{ name: 'p', value: 'hush' }] }],
});

test('a context stays bound to its provider after a restart', async () => {
  const rig = new FlowRig();
  rig.types.addType('Source', Source as never);
  const provider = rig.flow.createControllerLevel('PARAMETER_PROVIDER', { version: 0 }, { type: 'test.Source' });
  await provider.fetch();
  await rig.flow.applyProvided(provider, { version: 1 }, [{ group: 'group', context: 'c', sensitive: new Map([['p', true]]), synchronized: true }]).done;
  const again = rig.reopen();
  const [context] = [...again.parameterContexts.values()];
  assert.deepEqual(context!.provision, { providerId: provider.id, group: 'group', synchronized: true });
  assert.deepEqual(context!.parameters.get('p'), { name: 'p', description: '', sensitive: true, value: 'hush', assets: [], provided: true });
  assert.throws(() => context!.edited({ parameters: [{ name: 'p', value: 'x' }] }), /come from the parameter provider Source/);
  assert.throws(() => again.remove(again.controllerLevel('PARAMETER_PROVIDER', provider.id), { version: 1 }), /parameters of c come from it/);
});

const NoRoutes = defineFlowAnalysisRule({
  description: 'Nothing of type Route',
  tags: [],
  properties: { fail: property.boolean('Fail', 'Whether it throws', { default: 'false' }) },
  analyze({ components }, { properties }) {
    if (properties.fail) throw new Error('too hard');
    return components.filter(({ type }) => type === 'test.Word').map(({ id }) => ({ issueId: 'x', componentId: id, message: 'no words' }));
  },
});

test('an enforced rule holds after a restart, keeps a service from being enabled, and may fail', async () => {
  const rig = new FlowRig();
  rig.types.addType('NoRoutes', NoRoutes as never);
  const service = rig.service({ Word: 'w' });
  const rule = rig.flow.createControllerLevel('FLOW_ANALYSIS_RULE', { version: 0 }, { type: 'test.NoRoutes', enforcementPolicy: 'ENFORCE' });
  rig.edit(rule, (node) => node.enable());
  assert.deepEqual(service.validationErrors, ["'NoRoutes' is invalid because no words"]);
  rig.edit(service, (node) => node.enable());
  await rig.settle();
  assert.equal(service.state, 'ENABLING');
  const again = rig.reopen();
  assert.equal(again.service(service.id).isValid, false);
  const restored = again.controllerLevel('FLOW_ANALYSIS_RULE', rule.id);
  assert.deepEqual([restored.state, restored.enforcementPolicy, again.runtime.analysis.violations().length], ['ENABLED', 'ENFORCE', 1]);
  again.start();
  rig.edit(restored, (node) => node.disable());
  await rig.settle();
  assert.equal(again.service(service.id).state, 'ENABLED');
  rig.edit(restored, (node) => node.configure({ properties: { Fail: 'true' } }));
  rig.edit(restored, (node) => node.enable());
  assert.match(again.bulletins.of(restored.id)[0]!.message, /^Failed to analyze process group .*: too hard$/);
});

test('the settings of the instance survive a restart', () => {
  const rig = new FlowRig();
  rig.edit(rig.flow.settings, (settings) => settings.configure({ maxTimerDrivenThreadCount: 3 }));
  const { settings } = rig.reopen();
  assert.deepEqual([settings.maxTimerDrivenThreadCount, settings.revision.version], [3, 1]);
});

const Silent = defineParameterProvider({ description: 'Never answers', tags: [], properties: {}, fetchParameters: () => new Promise(() => undefined) });
const Twice = defineParameterProvider({
  description: 'Two parameters of one name, or a name that cannot be',
  tags: [],
  properties: { wrong: property.choice('Wrong', 'What', { twice: 'Twice', name: 'Name' }, { default: 'twice' }) },
  fetchParameters: ({ properties }) => [
    { name: 'group', parameters: properties.wrong === 'twice' ? ['p', 'p'].map((name) => ({ name, value: '' })) : ['a/b', 'c'].map((name) => ({ name, value: '' })) },
  ],
});

test('a source that never answers is given up, and what it must not say is told', async () => {
  const rig = new FlowRig();
  rig.types.addType('Silent', Silent as never);
  rig.types.addType('Twice', Twice as never);
  const silent = rig.flow.createControllerLevel('PARAMETER_PROVIDER', { version: 0 }, { type: 'test.Silent' });
  const fetching = assert.rejects(silent.fetch(), /Parameter provider Silent .* could not fetch parameters: reading the source took too long/);
  await rig.clock.advance(60_000);
  await fetching;
  const twice = rig.flow.createControllerLevel('PARAMETER_PROVIDER', { version: 0 }, { type: 'test.Twice' });
  await assert.rejects(twice.fetch(), /the group 'group' has two parameters named 'p'/);
  rig.edit(twice, (node) => node.configure({ properties: { Wrong: 'name' } }));
  await twice.fetch();
  assert.deepEqual([...twice.fetched.get('group')!.keys()], ['c']);
  assert.match(rig.flow.bulletins.of(twice.id)[0]!.message, /^'a\/b' of the group 'group' cannot be the name of a parameter/);
  rig.edit(twice, (node) => node.configure({ properties: { Wrong: 'twice' } }));
  assert.equal(twice.fetched.size, 0);
});
