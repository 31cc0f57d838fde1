import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineFlowRegistryClient } from '../../server/extension/flow-registry-client.ts';
import { defineParameterProvider } from '../../server/extension/parameter-provider.ts';
import { property } from '../../server/extension/property.ts';
import { FlowRig } from '../flow-rig.ts';
import { TypeTable } from '../type-table.ts';

const Registry = defineFlowRegistryClient({
  description: 'Keeps nothing',
  tags: [],
  properties: { url: property.text('URL', 'Where it is', { required: true }), password: property.text('Password', 'A secret', { sensitive: true }) },
  open: ({ properties }) => `${properties.url} ${properties.password}`,
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
  assert.equal(await again.open(new AbortController().signal), 'u hush');

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
