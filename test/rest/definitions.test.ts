import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, RestRig, revision, UPDATE, until } from './rest-rig.ts';

/** Numbers from 0 to 1, the same in each run (Mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A group with all that a definition can say, made over the API; returns its definition. */
async function richDefinition(rig: RestRig): Promise<{ group: Json; definition: Json }> {
  const context = (name: string, component: object) => rig.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name, ...component } });
  const base = await context('base', { description: 'below', parameters: [{ parameter: { name: 'word', value: 'x', sensitive: false, description: 'a word' } }] });
  const { asset } = await upload(rig, base.id);
  await updated(rig, base.id, { name: 'file', sensitive: false, referencedAssets: [{ id: asset.id, name: asset.name }] });
  const heir = await context('heir', { inheritedParameterContexts: [{ id: base.id }], parameters: [{ parameter: { name: 'secret', value: 'hush', sensitive: true } }] });
  const group = await rig.create('root', 'process-groups', { name: 'rich', parameterContext: { id: heir.id } });
  await rig.edit(group, {
    comments: 'all of it',
    flowfileConcurrency: 'SINGLE_BATCH_PER_NODE',
    flowfileOutboundPolicy: 'BATCH_OUTPUT',
    defaultFlowFileExpiration: '2 hours',
    logFileSuffix: 'rich',
  });
  const inner = await rig.create(group.id, 'process-groups', { name: 'inner', parameterContext: { id: base.id }, position: { x: 5, y: 6 } });
  const service = await rig.create(group.id, 'controller-services', { type: 'test.Word', name: 'words', comments: 'a service', properties: { Word: '#{word}' } });
  const source = await rig.create(group.id, 'processors', {
    type: GENERATE,
    name: 'source',
    position: { x: 1.5, y: -2 },
    style: { 'background-color': '#aabbcc' },
    config: {
      comments: 'makes',
      schedulingStrategy: 'CRON_DRIVEN',
      schedulingPeriod: '0 0 * * * ?',
      penaltyDuration: '7 sec',
      yieldDuration: '3 sec',
      bulletinLevel: 'ERROR',
      retryCount: 4,
      retriedRelationships: ['success'],
      backoffMechanism: 'YIELD_PROCESSOR',
      maxBackoffPeriod: '9 mins',
      properties: { 'Custom Text': '#{word}', colour: '${now()}' },
    },
  });
  const speak = await rig.create(inner.id, 'processors', { type: 'test.Speak', name: 'speak', config: { properties: { 'Word Service': service.id, Secret: '#{secret}' } } });
  const input = await rig.create(inner.id, 'input-ports', { name: 'in', comments: 'way in' });
  const output = await rig.create(inner.id, 'output-ports', { name: 'out' });
  const update = await rig.create(inner.id, 'processors', { type: UPDATE, name: 'update', config: { autoTerminatedRelationships: [], concurrentlySchedulableTaskCount: 2 } });
  const funnel = await rig.create(group.id, 'funnels', { position: { x: 9, y: 9 } });
  await rig.create(inner.id, 'labels', { label: 'a\nnote', width: 33, height: 44, style: { 'font-size': '18px' }, getzIndex: 2 });
  await rig.connect(source, input, {
    selectedRelationships: ['success'],
    bends: [{ x: 1, y: 2 }],
    labelIndex: 0,
    name: 'into',
    prioritizers: [`${PRIORITIZER}.NewestFlowFileFirstPrioritizer`, `${PRIORITIZER}.PriorityAttributePrioritizer`],
  });
  await rig.connect(input, update, { backPressureObjectThreshold: 7, backPressureDataSizeThreshold: '3 MB', flowFileExpiration: '1 min' });
  await rig.connect(update, output, {
    selectedRelationships: ['success'],
    loadBalanceStrategy: 'PARTITION_BY_ATTRIBUTE',
    loadBalancePartitionAttribute: 'key',
    loadBalanceCompression: 'COMPRESS_ATTRIBUTES_ONLY',
  });
  await rig.create(group.id, 'connections', {
    source: { id: output.id, groupId: inner.id, type: 'OUTPUT_PORT' },
    destination: { id: funnel.id, groupId: group.id, type: 'FUNNEL' },
  });
  await rig.runStatus(speak, 'DISABLED');
  return { group, definition: await rig.get(`/process-groups/${group.id}/download`) };
}

const PRIORITIZER = 'org.apache.nifi.prioritizer';

async function upload(rig: RestRig, contextId: string): Promise<Json> {
  const { json } = await rig.send('POST', `/parameter-contexts/${contextId}/assets`, 'one', { Filename: 'list.txt', 'Content-Type': 'application/octet-stream' });
  return json;
}

async function updated(rig: RestRig, id: string, parameter: Json): Promise<void> {
  const path = `/parameter-contexts/${id}`;
  const { revision: now } = await rig.get(path);
  const { request } = await rig.ok('POST', `${path}/update-requests`, { id, revision: now, component: { id, parameters: [{ parameter }] } });
  await until(async () => (await rig.get(`${path}/update-requests/${request.requestId}`)).request.complete);
}

/** A definition without what is another in each copy, its lists in one order. */
function comparable(definition: Json): Json {
  const ordered = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(ordered).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        // Assets have no identifiers that outlive an export.
        .filter(([key]) => key !== 'instanceIdentifier' && !(key === 'identifier' && Object.keys(value).length === 2 && 'name' in value))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, each]) => [key, ordered(each)]),
    );
  };
  return ordered(definition);
}

const importOf = (rig: RestRig, flowSnapshot: Json, groupName: string) =>
  rig.send('POST', '/process-groups/root/process-groups/import', { groupName, positionDTO: { x: 0, y: 0 }, revisionDTO: revision(0), flowSnapshot });

test('a rich definition comes back as it was sent, here and on a server that has nothing of it', () =>
  RestRig.with(async (rig) => {
    const { definition } = await richDefinition(rig);
    const again = await importOf(rig, definition, 'rich');
    assert.equal(again.status, 201, again.text);
    const place = { position: undefined };
    const picture = ({ flowContents, ...rest }: Json) => comparable({ ...rest, flowContents: { ...flowContents, ...place } });
    assert.deepEqual(picture(await rig.get(`/process-groups/${again.json.id}/download`)), picture(definition));
    await RestRig.with(async (other) => {
      const there = await importOf(other, definition, 'rich');
      assert.equal(there.status, 201, there.text);
      assert.deepEqual(picture(await other.get(`/process-groups/${there.json.id}/download`)), picture(definition));
    });
  }));

test('what Millrace does not have is kept, shown as missing, and written back unchanged', () =>
  RestRig.with(async (rig) => {
    const { definition } = await richDefinition(rig);
    const [foreign] = definition.flowContents.processors;
    foreign.type = 'com.example.Teleport';
    foreign.bundle = { group: 'com.example', artifact: 'teleport-nar', version: '9.9' };
    foreign.properties = { Destination: '#{word}', 'Needs Nothing': null };
    foreign.propertyDescriptors = Object.fromEntries(
      ['Destination', 'Needs Nothing'].map((name) => [
        name,
        {
          name,
          displayName: `${name}!`,
          identifiesControllerService: false,
          sensitive: false,
          dynamic: false,
          resourceDefinition: { cardinality: 'SINGLE', resourceTypes: ['FILE'] },
        },
      ]),
    );
    const made = await importOf(rig, definition, 'foreign');
    assert.equal(made.status, 201, made.text);
    const { processors } = await rig.get(`/process-groups/${made.json.id}/processors`);
    const ghost = processors.find(({ component }: Json) => component.type === 'com.example.Teleport');
    assert.deepEqual([ghost.component.extensionMissing, ghost.component.validationStatus], [true, 'INVALID']);
    const back = (await rig.get(`/process-groups/${made.json.id}/download`)).flowContents.processors.find(({ type }: Json) => type === foreign.type);
    assert.deepEqual(comparable(back), comparable({ ...foreign, groupIdentifier: back.groupIdentifier }));
  }));

interface Place {
  readonly owner: Json;
  readonly key: string | number;
}

/** Every value of a definition and where it is. */
function* placesIn(owner: Json): Generator<Place> {
  for (const key of Array.isArray(owner) ? owner.keys() : Object.keys(owner)) {
    yield { owner, key };
    if (typeof owner[key] === 'object' && owner[key] !== null) yield* placesIn(owner[key]);
  }
}

const DAMAGES: readonly ((place: Place, other: Place) => void)[] = [
  ({ owner, key }) => (Array.isArray(owner) ? owner.splice(Number(key), 1) : delete owner[key]),
  ({ owner, key }) => (owner[key] = null),
  ({ owner, key }) => (owner[key] = 'nonsense'),
  ({ owner, key }) => (owner[key] = ''),
  ({ owner, key }) => (owner[key] = -1),
  ({ owner, key }) => (owner[key] = 1e300),
  ({ owner, key }) => (owner[key] = true),
  ({ owner, key }) => (owner[key] = []),
  ({ owner, key }) => (owner[key] = {}),
  ({ owner, key }) => (owner[key] = { __proto__: null, constructor: 'x', toString: 1 }),
  ({ owner, key }) => (Array.isArray(owner) ? owner.push(owner[Number(key)]) : (owner[key] = [owner[key]])),
  ({ owner, key }) => (owner[key] = '#{unknown} ${broken('),
  ({ owner, key }, other) => (owner[key] = structuredClone(other.owner[other.key])),
];

const SEED = Number(process.env.SEED ?? 20_261_126);
const ROUNDS = Number(process.env.ROUNDS ?? 400);

/** The same damages for the same seed. */
class Vandal {
  readonly #random = randomNumbers(SEED);

  /** A copy with one or two things wrong. */
  damaged(original: Json): Json {
    const copy = structuredClone(original);
    for (let damages = 1 + Math.floor(this.#random() * 2); damages > 0; damages--) {
      const places = [...placesIn(copy)];
      this.#pick(DAMAGES)(this.#pick(places), this.#pick(places));
    }
    return copy;
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }
}

test('no damaged definition makes half a group or a failure of the server', () =>
  RestRig.with(async (rig) => {
    const { definition } = await richDefinition(rig);
    const vandal = new Vandal();
    const census = async () => ({
      groups: (await rig.get('/process-groups/root/process-groups')).processGroups.length,
      contexts: (await rig.get('/flow/parameter-contexts')).parameterContexts.length,
      components: [...rig.flow.root.descendants()].length,
    });
    const before = await census();
    const statuses = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const { status, text, json } = await importOf(rig, vandal.damaged(definition), `damaged ${round}`);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      assert.ok([201, 400, 409].includes(status), `round ${round} of seed ${SEED}: ${status} ${text} ${rig.log.at(-1)}`);
      if (status === 201) await taken(rig, json, before.contexts);
      else assert.deepEqual(await census(), before, `round ${round} of seed ${SEED} left something behind: ${status} ${text}`);
    }
    assert.deepEqual(await census(), before);
    assert.ok(statuses.get(201)! > 20 && statuses.get(400)! > 20, JSON.stringify([...statuses]));
  }));

/** What was imported all the same is whole: it can be shown, written and taken away again. */
async function taken(rig: RestRig, group: Json, contexts: number): Promise<void> {
  for (const path of [`/flow/process-groups/${group.id}`, `/process-groups/${group.id}/download`]) {
    const { status, text } = await rig.send('GET', path);
    assert.equal(status, 200, `GET ${path}: ${text} ${rig.log.at(-1)}`);
  }
  await rig.ok('PUT', `/flow/process-groups/${group.id}/controller-services`, { id: group.id, state: 'DISABLED' });
  const gone = await rig.remove(group);
  assert.equal(gone.status, 200, gone.text);
  const { parameterContexts } = await rig.get('/flow/parameter-contexts');
  if (parameterContexts.length === contexts) return;
  const known = new Set(['base', 'heir']);
  for (let pass = 0; pass < 3; pass++)
    for (const each of parameterContexts) if (!known.has(each.component.name)) await rig.send('DELETE', `/parameter-contexts/${each.id}?version=${each.revision.version}`);
}

test('a replacement or a paste that fails changes nothing', () =>
  RestRig.with(async (rig) => {
    const { group, definition } = await richDefinition(rig);
    const members = (await rig.get(`/process-groups/${group.id}`)).component;
    const copied = await rig.ok(
      'POST',
      `/process-groups/${group.id}/copy`,
      Object.fromEntries(await Promise.all(['processors', 'process-groups', 'funnels', 'connections'].map((kind) => idsOf(rig, members.id, kind)))),
    );
    const target = await rig.ok('POST', '/process-groups/root/process-groups/import', { groupName: 'target', revisionDTO: revision(0), flowSnapshot: definition });
    const vandal = new Vandal();
    const picture = async () => comparable({ ...(await rig.get(`/process-groups/${target.id}/download`)), latest: undefined });
    let before = await picture();
    for (let round = 0; round < ROUNDS / 2; round++) {
      const { revision: now } = await rig.get(`/process-groups/${target.id}`);
      const { status, text } = await (round % 2 === 0
        ? rig.send('PUT', `/process-groups/${target.id}/flow-contents`, { processGroupRevision: now, versionedFlowSnapshot: vandal.damaged(definition) })
        : rig.send('PUT', `/process-groups/${target.id}/paste`, { revision: now, copyResponse: vandal.damaged(copied) }));
      assert.ok([200, 400, 409].includes(status), `round ${round} of seed ${SEED}: ${status} ${text} ${rig.log.at(-1)}`);
      if (status === 200) {
        const restored = await rig.send('PUT', `/process-groups/${target.id}/flow-contents`, {
          processGroupRevision: (await rig.get(`/process-groups/${target.id}`)).revision,
          versionedFlowSnapshot: definition,
        });
        assert.equal(restored.status, 200, `round ${round} of seed ${SEED}: ${restored.text}`);
        before = await picture();
      } else assert.deepEqual(await picture(), before, `round ${round} of seed ${SEED} changed something: ${status} ${text}`);
    }
  }));

const LIST_NAMES: Readonly<Record<string, string>> = { 'process-groups': 'processGroups' };

async function idsOf(rig: RestRig, groupId: string, kind: string): Promise<[string, string[]]> {
  const name = LIST_NAMES[kind] ?? kind;
  const answer = await rig.get(`/process-groups/${groupId}/${kind}`);
  return [name, answer[name].map(({ id }: Json) => id)];
}
