import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ConflictError, InvalidRequestError } from '../../server/engine/errors.ts';
import type { FlowDefinition, GroupContents } from '../../server/engine/flow-definition/format.ts';
import { contents, FlowRig } from '../flow-rig.ts';

const created = { version: 0 };

/** As a client would get it: JSON, with what differs between two imports of one definition left out. */
function comparable(definition: FlowDefinition): unknown {
  return JSON.parse(JSON.stringify(definition, (key, value) => (key === 'instanceIdentifier' ? undefined : value)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null && each !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

/** A group with everything that a group can hold. */
function everything(rig: FlowRig) {
  const context = rig.flow.createParameterContext(created, {
    name: 'Shop',
    description: 'd',
    parameters: [
      { name: 'word', value: 'packed' },
      { name: 'pw', value: 'hush-hush', sensitive: true },
    ],
  });
  const group = rig.group('all');
  rig.edit(group, (node) => node.configure({ parameterContext: context, comments: 'why', flowfileConcurrency: 'SINGLE_FLOWFILE_PER_NODE' }));
  const inner = rig.group('inner', group);
  const service = rig.service({ Word: 'w' }, 'svc', group);
  const second = rig.service({ Word: 'v', Base: service.id }, 'second', inner);
  const source = rig.source({ name: 'source', properties: { Text: '#{word}', extra: 'e' }, position: { x: 1, y: 2 } }, group);
  const live = rig.processor('Live', { name: 'live', properties: { Service: second.id } }, inner);
  const secret = rig.processor(
    'Pass',
    { name: 'secret', properties: { Secret: 'hush-hush', own: '#{pw}' }, sensitiveDynamicPropertyNames: ['own'], retriedRelationships: ['success'], retryCount: 3 },
    group,
  );
  const port = rig.flow.createPort(inner, 'INPUT_PORT', created, { name: 'in', comments: 'c' });
  rig.connect(source, port, { name: 'link', bends: [{ x: 1, y: 1 }], flowFileExpiration: '1 hour' }, group);
  rig.connect(port, live, {}, inner);
  rig.connect(source, secret, {}, group);
  rig.connect(secret, rig.funnel(group), {}, group);
  rig.flow.createLabel(group, created, { text: 'note', width: 10, height: 20, style: { 'font-size': '18px' } });
  return { group, inner, source, service, second, live };
}

test('export and import make a copy that exports the same', async () => {
  const rig = new FlowRig();
  const { group, service } = everything(rig);
  const definition = comparable(rig.flow.export(group)) as FlowDefinition;
  assert.ok(!JSON.stringify(definition).includes('hush-hush'));
  const copy = rig.flow.import(rig.root, created, definition, { name: 'all', position: group.position });
  assert.notEqual(copy.id, group.id);
  assert.deepEqual(comparable(rig.flow.export(copy)), definition);
  assert.equal(copy.parameterContext, group.parameterContext);
  const copied = [...copy.services.values()][0]!;
  assert.notEqual(copied, service);
  assert.deepEqual(
    [...copied.users()].map(({ name }) => name),
    ['second'],
  );
  assert.deepEqual(
    [...copy.descendants()].map(({ revision }) => revision.version),
    [...copy.descendants()].map(() => 1),
  );
  assert.deepEqual(comparable(rig.reopen().export(rig.flow.group(copy.id))), definition);
});

test('two copies of one definition in one group export with identifiers of their own', () => {
  const rig = new FlowRig();
  const { group } = everything(rig);
  const definition = comparable(rig.flow.export(group)) as FlowDefinition;
  const outer = rig.group('outer');
  for (const name of ['one', 'two']) rig.flow.import(outer, created, definition, { name });
  const both = rig.flow.export(outer);
  const again = rig.flow.import(rig.root, created, both);
  assert.deepEqual(sorted(comparable(rig.flow.export(again))), sorted(comparable(both)));
  assert.equal([...again.descendants()].length, [...outer.descendants()].length);
});

test('a definition brings its parameter context, or completes the one that is there', () => {
  const there = new FlowRig();
  const definition = comparable(there.flow.export(everything(there).group)) as FlowDefinition;
  const fresh = new FlowRig();
  const group = fresh.flow.import(fresh.root, created, definition);
  assert.deepEqual(
    [...group.parameterContext!.parameters.values()].map(({ name, value, sensitive }) => [name, value, sensitive]),
    [
      ['word', 'packed', false],
      ['pw', undefined, true],
    ],
  );
  const partial = new FlowRig();
  const own = partial.flow.createParameterContext(created, { name: 'Shop', parameters: [{ name: 'word', value: 'mine' }] });
  partial.flow.import(partial.root, created, definition);
  assert.deepEqual([own.resolve('word')?.value, own.resolve('pw')?.sensitive], ['mine', true]);
});

test('an import that fails leaves nothing behind', () => {
  const rig = new FlowRig();
  const { group } = everything(rig);
  const definition = JSON.parse(JSON.stringify(rig.flow.export(group)).replaceAll('"Shop"', '"Shop 2"').replace('"retryCount":3', '"retryCount":-3')) as FlowDefinition;
  const before = [[...rig.flow.runtime.components.keys()], rig.store.components().length, rig.flow.parameterContexts.size];
  assert.throws(() => rig.flow.import(rig.root, created, definition), InvalidRequestError);
  assert.deepEqual([[...rig.flow.runtime.components.keys()], rig.store.components().length, rig.flow.parameterContexts.size], before);
  assert.throws(() => rig.flow.import(rig.root, created, {} as FlowDefinition), /no flowContents/);
});

test('disabled stays disabled, enabled services are enabled', async () => {
  const rig = new FlowRig();
  const { group, service, source } = everything(rig);
  rig.edit(service, (node) => node.enable());
  rig.edit(source, (node) => node.disable());
  await rig.settle();
  const copy = rig.flow.import(rig.root, created, rig.flow.export(group));
  await rig.settle();
  assert.deepEqual([[...copy.services.values()][0]!.state, [...copy.processors.values()].find(({ name }) => name === 'source')!.state], ['ENABLED', 'DISABLED']);
});

test('services from above are found by name, or go along', () => {
  const rig = new FlowRig();
  const service = rig.service({ Word: 'w' }, 'shared');
  const inner = rig.group();
  rig.processor('Live', { properties: { Service: service.id } }, inner);
  const definition = comparable(rig.flow.export(inner)) as FlowDefinition;
  assert.deepEqual(
    Object.values(definition.externalControllerServices!).map(({ name }) => name),
    ['shared'],
  );
  const other = new FlowRig();
  const same = other.service({ Word: 'w' }, 'shared');
  const copy = other.flow.import(other.root, created, definition);
  assert.deepEqual([...[...copy.processors.values()][0]!.properties.serviceIds], [same.id]);
  const along = rig.flow.export(inner, { includeReferencedServices: true });
  assert.deepEqual(
    along.flowContents.controllerServices!.map(({ name }) => name),
    ['shared'],
  );
  assert.deepEqual([...new FlowRig().flow.import(other.root, created, along).services.values()].length, 1);
});

test('copy and paste make new components', async () => {
  const rig = new FlowRig();
  const { group, source, inner } = everything(rig);
  const link = [...group.connections.values()].find(({ name }) => name === 'link')!;
  const clip = rig.flow.copy(group, [source.id, inner.id, link.id]);
  const target = rig.group('target');
  for (const x of [10, 20]) {
    const made = rig.flow.paste(target, clip, { x, y: 0 });
    assert.deepEqual(
      made
        .filter((component) => component.group === target)
        .map(({ kind }) => kind)
        .sort(),
      ['CONNECTION', 'PROCESSOR', 'PROCESS_GROUP'],
    );
  }
  const pasted = [...target.processors.values()];
  assert.deepEqual(
    pasted.map(({ position, name, versionedId }) => [position.x, name, versionedId]),
    [
      [11, 'source', undefined],
      [21, 'source', undefined],
    ],
  );
  assert.throws(() => rig.flow.copy(target, [source.id]), InvalidRequestError);
});

test('replacing the contents of a group keeps ports that are connected from outside', async () => {
  const rig = new FlowRig();
  const { group } = everything(rig);
  const inner = rig.group('with port', group);
  const definition = rig.flow.export(inner);
  const port = rig.flow.createPort(inner, 'INPUT_PORT', created, { name: 'in' });
  const old = rig.processor('Pass', {}, inner);
  rig.connect(port, old, {}, inner);
  const outside = rig.connect(rig.source({}, group), port, {}, group);
  assert.throws(() => rig.flow.replace(inner, { version: inner.revision.version }, definition), ConflictError);
  const other = rig.group('other');
  const otherPort = rig.flow.createPort(other, 'INPUT_PORT', created, { name: 'in' });
  rig.connect(otherPort, rig.processor('Pass', { name: 'new' }, other), {}, other);
  await rig.flow.replace(inner, { version: inner.revision.version }, rig.flow.export(other));
  assert.deepEqual(
    [...inner.processors.values()].map(({ name }) => name),
    ['new'],
  );
  assert.deepEqual([outside.destination, inner.connections.size, rig.flow.find(old.id)], [port, 1, undefined]);
  assert.equal(rig.reopen().group(inner.id).processors.size, 1);
});

test('the copy runs', async () => {
  const rig = new FlowRig();
  const { group } = everything(rig);
  const copy = rig.flow.import(rig.root, created, rig.flow.export(group));
  const source = [...copy.processors.values()].find(({ name }) => name === 'source')!;
  await rig.once(source);
  const link = [...copy.connections.values()].find(({ name }) => name === 'link')!;
  assert.deepEqual(contents(link, rig), ['packed']);
});

for (const name of ['orders-to-files', 'split-and-merge', 'post-with-retry']) {
  test(`NiFi's own ${name} keeps everything, although no type of it is installed here`, (t) => {
    let definition: FlowDefinition;
    try {
      definition = JSON.parse(readFileSync(new URL(`../../../shared/conformance/flows/${name}.json`, import.meta.url), 'utf8')) as FlowDefinition;
    } catch {
      return t.skip('the flows are not here');
    }
    const rig = new FlowRig();
    const { flowContents } = definition;
    const group = rig.flow.import(rig.root, created, definition, { name: flowContents.name, position: flowContents.position });
    const exported = comparable(rig.flow.export(group)) as FlowDefinition;
    assert.deepEqual(withoutOurOwn(sorted(exported)), withoutOurOwn(sorted(comparable(definition))));
    assert.deepEqual(sorted(comparable(rig.reopen().export(rig.flow.group(group.id)))), sorted(exported));
  });
}

/** Leaves out what depends on the installation: APIs of services that are not there, and NiFi's repeated descriptors. */
function withoutOurOwn(definition: unknown): unknown {
  const drop = new Set(['controllerServiceApis', 'allowRemoteAccess', 'portFunction', 'zIndex', 'retryCount']);
  return JSON.parse(JSON.stringify(definition as GroupContents, (key, value) => (drop.has(key) ? undefined : value)));
}
