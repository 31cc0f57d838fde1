import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { places } from '../../server/config.ts';
import { RestRig } from './rest-rig.ts';
import { checked, ok, withSyncs } from './sync-rig.ts';

const within = (use: (rig: RestRig) => Promise<void>) => RestRig.with(use, withSyncs);

test('the gallery has every connector of flows/, and what the wizard needs of each', () =>
  within(async (rig) => {
    const { connectors } = await ok(rig, 'GET', '/api/connectors');
    const files = readdirSync(places.flows).filter((file) => file.endsWith('.json') && !/\.(expect|sync)\.json$/.test(file));
    assert.deepEqual(connectors.map(({ name }: { name: string }) => `${name}.json`).sort(), files.sort());
    for (const { name, canSync, documentation } of connectors) {
      assert.ok(documentation.length > 20, name);
      if (canSync) await ok(rig, 'GET', `/api/connectors/${name}/sync`);
    }
    assert.equal((await checked(rig, 'GET', '/api/connectors/nothing/sync')).status, 404);
  }));

test('what a description names is in the flow: every processor, service, parameter and property', () =>
  within(async (rig) => {
    const { connectors } = await ok(rig, 'GET', '/api/connectors');
    for (const { name, canSync } of connectors) {
      if (!canSync) continue;
      const created = await ok(rig, 'POST', '/api/syncs', { connector: name, name: `Try ${name}` });
      const sync = rig.services.syncs!.get(created.id);
      const { connections, streams, steps, schedule, restart, dryRun } = sync.description;
      for (const { service } of connections) assert.ok(sync.places.service(service), `${name}: service ${service}`);
      for (const { sources, destination } of streams) for (const each of [...sources, destination]) assert.ok(sync.places.processor(each), `${name}: processor ${each}`);
      for (const each of restart.clears) assert.ok(sync.places.processor(each), `${name}: processor ${each}`);
      const fields = [...connections.flatMap((each) => each.fields), ...steps.flatMap((each) => each.fields ?? [])];
      const targets = [...fields.map(({ target }) => target), ...streams.flatMap(({ query, mapping }) => [query, mapping]), schedule, restart.from, dryRun].filter(
        (each) => each !== undefined,
      );
      for (const target of targets) {
        if ('parameter' in target) assert.ok(sync.places.parameter(target.parameter), `${name}: parameter ${target.parameter}`);
        else
          assert.ok(
            sync.places
              .component(target)
              ?.properties.descriptors()
              .some((each) => each.name === target.property && !each.dynamic),
            `${name}: ${JSON.stringify(target)}`,
          );
      }
      assert.equal(new Set(fields.map(({ id }) => id)).size, fields.length, `${name}: a field's id is there twice`);
    }
  }));

test('a sync is a process group with parameter contexts of its own; removing the group removes it, bringing it back too', () =>
  within(async (rig) => {
    const [first, second] = [
      await ok(rig, 'POST', '/api/syncs', { connector: 'brevo', name: 'Shop' }),
      await ok(rig, 'POST', '/api/syncs', { connector: 'brevo', name: 'Other shop' }),
    ];
    assert.equal(first.status, 'DRAFT');
    assert.equal((await rig.get(`/process-groups/${first.id}`)).component.name, 'Shop');
    const contextOf = (sync: { connections: { id: string; contextId: string }[] }, id: string) => sync.connections.find((each) => each.id === id)!.contextId;
    assert.notEqual(contextOf(first, 'brevo'), contextOf(second, 'brevo'));
    const third = await ok(rig, 'POST', '/api/syncs', { connector: 'brevo', name: 'Third', shared: { brevo: contextOf(first, 'brevo') } });
    assert.equal(contextOf(third, 'brevo'), contextOf(first, 'brevo'));
    assert.notEqual(contextOf(third, 'warehouse'), contextOf(first, 'warehouse'));
    assert.deepEqual(
      (await ok(rig, 'GET', `/api/syncs/${first.id}`)).connections.find((each: { id: string }) => each.id === 'brevo').sharedWith.map(({ name }: { name: string }) => name),
      ['Third'],
    );
    const group = await rig.get(`/process-groups/${first.id}`);
    await rig.ok('DELETE', `/process-groups/${first.id}?version=${group.revision.version}&clientId=test`);
    assert.equal((await checked(rig, 'GET', `/api/syncs/${first.id}`)).status, 404);
    await rig.ok('POST', '/api/restorations', { components: [first.id] });
    assert.equal((await ok(rig, 'GET', `/api/syncs/${first.id}`)).name, 'Shop');
    assert.deepEqual(
      (await ok(rig, 'GET', '/api/syncs')).syncs.map(({ name }: { name: string }) => name),
      ['Other shop', 'Shop', 'Third'],
    );
  }));

test('what cannot be made is refused with what to do', () =>
  within(async (rig) => {
    assert.match((await checked(rig, 'POST', '/api/syncs', { connector: 'nothing', name: 'x' })).text, /GET \/api\/connectors lists/);
    assert.equal((await checked(rig, 'POST', '/api/syncs', { connector: 'brevo', name: ' ' })).status, 400);
    assert.equal((await checked(rig, 'POST', '/api/syncs', { connector: 'brevo', name: 'x', shared: { nobody: 'x' } })).status, 404);
    assert.equal((await checked(rig, 'POST', '/api/syncs', { name: 'x' })).status, 400);
    assert.deepEqual((await ok(rig, 'GET', '/api/syncs')).syncs, []);
    assert.equal((await ok(rig, 'GET', '/api/openapi.json')).openapi, '3.1.0');
  }));
