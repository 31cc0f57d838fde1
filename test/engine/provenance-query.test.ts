import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { ConflictError, NotFoundError } from '../../server/engine/errors.ts';
import type { ProvenanceSearch } from '../../server/engine/provenance-search.ts';
import { contents, FlowRig } from '../flow-rig.ts';

/** source -> pass -> funnel end, one FlowFile through. */
async function traced() {
  const rig = new FlowRig();
  const source = rig.source({ name: 'source', properties: { Text: 'trace me', tag: 't1', filename: 'Trace.txt' } });
  const pass = rig.processor('Pass', { name: 'pass', properties: { tag: 't2' } });
  const into = rig.connect(source, pass);
  const out = rig.connect(pass, rig.funnel());
  await rig.once(source);
  pass.start();
  await rig.settle();
  return { rig, source, pass, into, out, uuid: out.list(1)[0]!.committed.uuid };
}

test("events are found by NiFi's terms", async () => {
  const { rig, source, pass, uuid } = await traced();
  const types = async (search: ProvenanceSearch) => (await rig.flow.provenance.search(search)).events.map(({ event }) => event.type);
  const term = (name: string, value: string, inverse = false) => ({ terms: { [name]: { value, inverse } } });
  const both = ['ATTRIBUTES_MODIFIED', 'CREATE'];
  const table: [ProvenanceSearch, string[]][] = [
    [{}, both],
    [term('ProcessorID', source.id), ['CREATE']],
    [term('ProcessorID', source.id, true), ['ATTRIBUTES_MODIFIED']],
    [term('ProcessorID', `${pass.id.slice(0, 8)}*`), ['ATTRIBUTES_MODIFIED']],
    [term('EventType', 'create'), ['CREATE']],
    [term('FlowFileUUID', uuid), both],
    [term('FlowFileUUID', uuid.replace(/.$/, 'f')), []],
    [term('Filename', 'trace.*'), both],
    [term('Filename', 't?ace'), []],
    [term('Relationship', 'success'), both],
    [term('tag', 't2'), ['ATTRIBUTES_MODIFIED']],
    [{ minSize: 9 }, []],
    [{ maxSize: 8 }, both],
    [{ toTime: rig.clock.now() - 1 }, []],
    [{ maxResults: 1 }, ['ATTRIBUTES_MODIFIED']],
  ];
  for (const [search, expected] of table) assert.deepEqual(await types(search), expected, JSON.stringify(search));
  assert.equal((await rig.flow.provenance.search({ maxResults: 1 })).more, true);
});

test('an event tells who, what, from where, and keeps its content', async () => {
  const { rig, source, pass, into, uuid } = await traced();
  const [event] = await rig.flow.provenance.latest(pass.id);
  assert.deepEqual([event!.flowFileUuid, event!.componentName, event!.componentType, event!.groupId, event!.sourceConnectionId], [uuid, 'pass', 'Pass', rig.root.id, into.id]);
  assert.deepEqual([event!.attributes.get('tag'), event!.previousAttributes.get('tag'), event!.attributes.get('path')], ['t2', 't1', './']);
  const { stream, size } = rig.flow.provenance.content(event!.event.eventId, 'input');
  assert.deepEqual([await text(stream), size], ['trace me', 8]);
  assert.throws(() => rig.flow.provenance.event(999), NotFoundError);
  const [create] = await rig.flow.provenance.latest(source.id);
  assert.equal(create!.inputContentAvailable, false);
});

test('a lineage leads from its beginning through its events', async () => {
  const { rig, uuid } = await traced();
  const { nodes, links } = await rig.flow.provenance.lineage(uuid);
  const name = (id: string): string => nodes.find((node) => node.id === id)!.event?.event.type ?? 'FLOWFILE';
  assert.deepEqual(
    links.map(({ source, target }) => `${name(source)} -> ${name(target)}`),
    ['CREATE -> FLOWFILE', 'FLOWFILE -> ATTRIBUTES_MODIFIED'],
  );
  await assert.rejects(rig.flow.provenance.lineage('nobody'), NotFoundError);
});

test('a lineage shows clones: all of them for the original, itself alone for the clone', async () => {
  const rig = new FlowRig();
  const source = rig.source();
  const [one, two] = [rig.connect(source, rig.processor('Pass')), rig.connect(source, rig.processor('Pass'))];
  await rig.once(source);
  const [original, clone] = [one, two].map((connection) => connection.list(1)[0]!.committed.uuid);
  const flowFiles = async (uuid: string) =>
    (await rig.flow.provenance.lineage(uuid)).nodes
      .filter(({ type }) => type === 'FLOWFILE')
      .map(({ id }) => id)
      .sort();
  assert.deepEqual(await flowFiles(original!), [original, clone].sort());
  assert.deepEqual(await flowFiles(clone!), [clone]);
  const [event] = (await rig.flow.provenance.search({ terms: { EventType: { value: 'CLONE' } } })).events;
  assert.deepEqual([event!.parentUuids, event!.childUuids], [[original], [clone]]);
  assert.ok((await rig.flow.provenance.expand(event!.event.eventId, 'PARENTS')).nodes.some(({ event: each }) => each?.event.type === 'CREATE'));
});

test('an event is replayed into the queue that its FlowFile came from', async () => {
  const { rig, pass, out, into, source } = await traced();
  const [event] = await rig.flow.provenance.latest(pass.id);
  await pass.stop();
  rig.flow.provenance.replay(event!.event.eventId, 'ada');
  assert.deepEqual(contents(into, rig), ['trace me']);
  assert.equal(rig.reopen().connection(into.id).list(1)[0]!.committed.getAttribute('tag'), 't1');
  const [replay] = (await rig.flow.provenance.search({ terms: { EventType: { value: 'REPLAY' } } })).events;
  assert.deepEqual([replay!.parentUuids, replay!.event.details], [[out.list(1)[0]!.committed.uuid], 'Replay requested by ada']);
  const [create] = await rig.flow.provenance.latest(source.id);
  assert.throws(() => rig.flow.provenance.replay(create!.event.eventId), ConflictError);
});

test('counters are shown with their component, and set to 0', async () => {
  const rig = new FlowRig();
  const pass = rig.processor('Pass', { name: 'counts' });
  rig.flow.runtime.journal.adjustCounter(pass.id, 'things', 5);
  const [counter] = rig.flow.counters.list();
  assert.deepEqual([counter!.context, counter!.name, counter!.value], [`counts (${pass.id})`, 'things', 5]);
  assert.equal(rig.flow.counters.reset(counter!.id).value, 0);
  assert.equal(rig.flow.counters.list()[0]!.value, 0);
  assert.throws(() => rig.flow.counters.reset('none'), NotFoundError);
});
