import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, GENERATE, type Json, RestRig, revision, UPDATE } from './rest-rig.ts';

const ghost = '00000000-0000-4000-8000-000000000000';

/** Resources whose components are read, changed and removed by id. */
const KINDS = [
  'processors',
  'connections',
  'input-ports',
  'output-ports',
  'funnels',
  'labels',
  'process-groups',
  'controller-services',
  'parameter-contexts',
  'reporting-tasks',
] as const;
const OF_THE_CONTROLLER = ['parameter-providers', 'controller/flow-analysis-rules', 'controller/registry-clients'];

/** Everything else that is found by an id. */
const PATHS = [
  'GET /flow/process-groups/@',
  'GET /flow/processors/@/status',
  'GET /flow/connections/@/status/history',
  'GET /flowfile-queues/@/listing-requests/@',
  'POST /flowfile-queues/@/listing-requests',
  'POST /flowfile-queues/@/drop-requests',
  'GET /flowfile-queues/@/flowfiles/@',
  'GET /processors/@/state',
  'GET /processors/@/diagnostics',
  'DELETE /processors/@/threads',
  'GET /process-groups/@/download',
  'POST /process-groups/@/empty-all-connections-requests',
  'GET /process-groups/replace-requests/@',
  'GET /parameter-contexts/@/assets',
  'GET /parameter-contexts/@/update-requests/@',
  'GET /controller-services/@/references',
  'GET /provenance/@',
  'GET /provenance/lineage/@',
  'GET /provenance-events/latest/@',
  'PUT /counters/@',
  'DELETE /snippets/@',
];

test('an unknown id is 404 wherever one is named, and the answer names it', () =>
  RestRig.with(async (rig) => {
    const asked: [string, Answer][] = [];
    for (const kind of [...KINDS, ...OF_THE_CONTROLLER]) {
      const body = { revision: revision(0), component: { id: ghost } };
      asked.push([`GET ${kind}`, await rig.send('GET', `/${kind}/${ghost}`)], [`PUT ${kind}`, await rig.send('PUT', `/${kind}/${ghost}`, body)]);
      asked.push([`DELETE ${kind}`, await rig.send('DELETE', `/${kind}/${ghost}?version=0`)]);
    }
    for (const each of PATHS) {
      const [method, path] = each.split(' ') as [string, string];
      asked.push([each, await rig.send(method, path.replaceAll('@', ghost))]);
    }
    for (const [what, { status, text }] of asked) assert.ok(status === 404 && text.includes(ghost), `${what}: ${status} ${text}`);
  }));

test('a bad body is 400 for every kind: no object, no component, another id, no revision, a stale one', () =>
  RestRig.with(async (rig) => {
    for (const [kind, entity] of Object.entries(await oneOfEach(rig))) {
      const path = `/${kind}/${entity.id}`;
      const component = { id: entity.id };
      const bodies: [string, unknown, RegExp][] = [
        ['a list', [], /must be object/],
        ['no component', { revision: entity.revision }, /component/],
        ['a component that is text', { revision: entity.revision, component: 'x' }, /component must be object/],
        ['another id', { revision: entity.revision, component: { id: ghost } }, new RegExp(`${ghost}.*does not equal.*${entity.id}`)],
        ['no revision', { component }, /revision/],
        ['a stale revision', { revision: { version: 77, clientId: 'x' }, component }, /not the most up-to-date revision/],
      ];
      for (const [what, body, message] of bodies) {
        const { status, text } = await rig.send('PUT', path, body);
        assert.ok(status === 400 && message.test(text), `${what} for ${kind}: ${status} ${text}`);
      }
      for (const [what, raw, type, wanted] of RAW) {
        const { status, text } = await rig.send('PUT', path, raw, { 'Content-Type': type });
        assert.ok(status === wanted && text.length > 10, `${what} for ${kind}: ${status} ${text}`);
      }
      for (const query of ['', '?version=x', '?version=77']) {
        const { status, text } = await rig.send('DELETE', path + query);
        assert.ok(status === 400 && /revision|version/.test(text), `DELETE${query} for ${kind}: ${status} ${text}`);
      }
    }
  }));

const RAW: [string, string, string, number][] = [
  ['torn JSON', '{"revision":', 'application/json', 400],
  ['another content type', 'a=b', 'application/x-www-form-urlencoded', 415],
  ['an unknown charset', '{}', 'application/json; charset=klingon', 415],
  ['too much', JSON.stringify({ component: { name: 'x'.repeat(2_200_000) } }), 'application/json', 413],
];

async function oneOfEach(rig: RestRig): Promise<Record<string, Json>> {
  const source = await rig.source('x');
  const funnel = await rig.create('root', 'funnels', {});
  const connection = await rig.connect(source, funnel);
  const group = await rig.create('root', 'process-groups', { name: 'group' });
  return {
    processors: source,
    connections: connection,
    'input-ports': await rig.create(group.id, 'input-ports', { name: 'in' }),
    'output-ports': await rig.create(group.id, 'output-ports', { name: 'out' }),
    funnels: funnel,
    labels: await rig.create('root', 'labels', { label: 'x' }),
    'process-groups': group,
    'controller-services': await rig.create('root', 'controller-services', { type: 'test.Word' }),
    'parameter-contexts': await rig.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name: 'context' } }),
    'reporting-tasks': await rig.ok('POST', '/controller/reporting-tasks', { revision: revision(0), component: { type: 'test.Task', name: 'task' } }),
  };
}

/** What a client must not do now, and what would make it right. */
interface Conflict {
  readonly what: string;
  readonly send: (scene: Scene) => Promise<Answer>;
  /** 409 unless said otherwise. */
  readonly status?: number;
  /** Names the component, and the remedy. */
  readonly message: RegExp;
}

const conflicts: Conflict[] = [
  { what: 'removing a group with a running processor', send: ({ rig, busy }) => rig.remove(busy), message: /runner.*is running\. Stop it first/ },
  { what: 'removing a group with data', send: ({ rig, laden }) => rig.remove(laden), message: /group laden.*holds 1 FlowFiles\. Empty it first/ },
  { what: 'removing a group with an enabled service', send: ({ rig, serving }) => rig.remove(serving), message: /group serving.*user.*is running\. Stop it first/ },
  { what: 'removing the destination of a connection', send: ({ rig, funnel }) => rig.remove(funnel), message: /[Ff]unnel.*(?:connection|destination).*[Rr]emove/ },
  { what: 'removing a port that is a destination', send: ({ rig, port }) => rig.remove(port), message: /the port.*(?:connection|destination).*[Rr]emove/ },
  {
    what: 'two ports of one name',
    send: ({ rig, full }) => rig.send('POST', `/process-groups/${full.id}/input-ports`, { revision: revision(0), component: { name: 'the port' } }),
    message: /the port.*another name/,
  },
  { what: 'a port renamed to the name of another', send: ({ rig, second }) => rig.edit(second, { name: 'the port' }), message: /the port.*another name/ },
  { what: 'starting a port without connections', send: ({ rig, second }) => rig.runStatus(second, 'RUNNING'), message: /second.*(?:not valid|connect)/ },
  { what: 'starting a disabled processor', send: ({ rig, disabled }) => rig.runStatus(disabled, 'RUNNING'), message: /disabled one.*disabled.*[Ee]nable it first/ },
  { what: 'the schedule of a running processor', send: ({ rig, runner }) => rig.edit(runner, { config: { schedulingPeriod: '1 sec' } }), message: /runner.*Stop it first/ },
  {
    what: 'clearing the state of a running processor',
    send: ({ rig, runner }) => rig.send('POST', `/processors/${runner.id}/state/clear-requests`),
    message: /runner.*Stop it first/,
  },
  { what: 'properties of an enabled service', send: ({ rig, enabled }) => rig.edit(enabled, { properties: { Word: 'other' } }), message: /enabled one.*Disable it first/ },
  { what: 'disabling all services while they are used', send: ({ rig, serving }) => activate(rig, serving, 'DISABLED'), message: /enabled one.*user.*running.*Stop it first/ },
  { what: 'removing a context that a running processor refers to', send: ({ rig, context }) => rig.remove(context), message: /context.*(?:word|talker).*[Ss]top/ },
  { what: 'a connection without relationships', send: ({ source, other }) => link(source, other, []), message: /relationship/ },
  { what: 'a connection between strangers', send: ({ source, inside }) => link(source, inside), message: /connect|group/i },
  {
    what: 'a connection to nothing',
    status: 404,
    send: ({ rig, source }) => rig.send('POST', '/process-groups/root/connections', connection(source, { id: ghost, type: 'PROCESSOR' })),
    message: new RegExp(ghost),
  },
  {
    what: 'moving what is connected to what stays',
    send: ({ rig, source, full }) => move(rig, { processors: { [source.id]: source.revision } }, full.id),
    message: /the source.*connection/,
  },
  {
    what: 'changing whether a parameter is sensitive',
    send: ({ rig, context }) => parameters(rig, context, [{ name: 'word', value: 'x', sensitive: true }]),
    message: /word.*sensitive/,
  },
  { what: 'a context that inherits itself', send: ({ rig, context }) => inherit(rig, context, context.id), message: /inherit/ },
  { what: 'a context that inherits nobody', status: 404, send: ({ rig, context }) => inherit(rig, context, ghost), message: new RegExp(ghost) },
  {
    what: 'a group in an unknown group',
    status: 404,
    send: ({ rig }) => rig.send('POST', `/process-groups/${ghost}/process-groups`, { revision: revision(0), component: { name: 'x' } }),
    message: new RegExp(ghost),
  },
  { what: 'a group with an unknown context', status: 404, send: ({ rig, full }) => rig.edit(full, { parameterContext: { id: ghost } }), message: new RegExp(ghost) },
  { what: 'removing the root', send: ({ rig }) => rig.send('DELETE', '/process-groups/root?version=0'), message: /root/i },
];

interface Scene
  extends Readonly<
    Record<'busy' | 'laden' | 'runner' | 'full' | 'serving' | 'enabled' | 'source' | 'other' | 'funnel' | 'port' | 'second' | 'disabled' | 'context' | 'inside', Json>
  > {
  readonly rig: RestRig;
}

let link: (source: Json, destination: Json, selectedRelationships?: string[]) => Promise<Answer>;

const end = ({ id, component }: Json, type = 'PROCESSOR') => ({ id, type, groupId: component?.parentGroupId });
const connection = (source: Json, destination: Json, selectedRelationships = ['success']) => ({
  revision: revision(0),
  component: { source: end(source), destination: end(destination), selectedRelationships },
});

function activate(rig: RestRig, { id }: Json, state: string): Promise<Answer> {
  return rig.send('PUT', `/flow/process-groups/${id}/controller-services`, { id, state });
}

async function move(rig: RestRig, members: Json, parentGroupId: string): Promise<Answer> {
  const { snippet } = await rig.ok('POST', '/snippets', { snippet: { parentGroupId: 'root', ...members } });
  return rig.send('PUT', `/snippets/${snippet.id}`, { snippet: { id: snippet.id, parentGroupId } });
}

async function parameters(rig: RestRig, context: Json, list: Json[]): Promise<Answer> {
  const { revision: now, id } = await rig.fresh(context);
  return rig.send('POST', `/parameter-contexts/${id}/update-requests`, { id, revision: now, component: { id, parameters: list.map((parameter) => ({ parameter })) } });
}

async function inherit(rig: RestRig, context: Json, id: string): Promise<Answer> {
  const { revision: now } = await rig.fresh(context);
  return rig.send('POST', `/parameter-contexts/${context.id}/update-requests`, {
    id: context.id,
    revision: now,
    component: { id: context.id, inheritedParameterContexts: [{ id }] },
  });
}

async function sceneOf(rig: RestRig): Promise<Scene> {
  const group = (name: string, more: object = {}) => rig.create('root', 'process-groups', { name, ...more });
  const context = await rig.ok('POST', '/parameter-contexts', {
    revision: revision(0),
    component: { name: 'the context', parameters: [{ parameter: { name: 'word', value: 'x', sensitive: false } }] },
  });
  const laden = await group('laden');
  const [busy, full, serving, talking] = [await group('busy'), await group('full'), await group('serving'), await group('talking', { parameterContext: { id: context.id } })];
  const config = { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] };
  const runner = await rig.create(busy.id, 'processors', { type: GENERATE, name: 'runner', config });
  const talker = await rig.create(talking.id, 'processors', { type: GENERATE, name: 'talker', config: { ...config, properties: { 'Custom Text': '#{word}' } } });
  const enabled = await rig.create(serving.id, 'controller-services', { type: 'test.Word', name: 'enabled one' });
  await rig.runStatus(enabled, 'ENABLED');
  const user = await rig.create(serving.id, 'processors', { type: 'test.Speak', name: 'user', config: { properties: { 'Word Service': enabled.id } } });
  for (const each of [runner, talker, user]) await rig.runStatus(each, 'RUNNING');
  const inside = await rig.source('x', laden.id);
  const port = await rig.create(full.id, 'input-ports', { name: 'the port' });
  await rig.connect(port, await rig.create(full.id, 'funnels', {}), {});
  await rig.connect(inside, await rig.create(laden.id, 'funnels', {}));
  await rig.once(inside);
  const source = await rig.create('root', 'processors', { type: GENERATE, name: 'the source' });
  const funnel = await rig.create('root', 'funnels', {});
  await rig.connect(source, funnel);
  await rig.connect(source, port);
  const disabled = await rig.create('root', 'processors', { type: GENERATE, name: 'disabled one', config });
  await rig.runStatus(disabled, 'DISABLED');
  const second = await rig.create(full.id, 'input-ports', { name: 'second' });
  const other = await rig.processor(UPDATE);
  return { rig, busy, laden, runner, full, serving, enabled, source, other, funnel, port, second, disabled, context, inside };
}

test('what must not be done now is refused with the name of what stands in the way and what to do', () =>
  RestRig.with(async (rig) => {
    const scene = await sceneOf(rig);
    link = (source, destination, relationships) => rig.send('POST', '/process-groups/root/connections', connection(source, destination, relationships));
    const wrong: string[] = [];
    for (const { what, send, status = 409, message } of conflicts) {
      const answer = await send(scene);
      if (answer.status !== status || !message.test(answer.text)) wrong.push(`${what}: ${answer.status} instead of ${status}: ${answer.text}`);
    }
    assert.deepEqual(wrong, []);
  }));

test('questions that make no sense are 400', () =>
  RestRig.with(async (rig) => {
    const cases: [string, string, unknown?][] = [
      ['GET', '/flow/history?offset=0'],
      ['GET', '/flow/history?offset=x&count=3'],
      ['GET', '/flow/history?offset=-1&count=3'],
      ['GET', '/flow/bulletin-board?limit=many'],
      ['GET', '/flow/bulletin-board?message=['],
      ['GET', '/provenance-events/none'],
      ['POST', '/provenance', { provenance: { request: { startDate: 'yesterday' } } }],
      ['POST', '/provenance', { provenance: { request: { minimumFileSize: 'big' } } }],
      ['POST', '/provenance', {}],
      ['POST', '/provenance/lineage', { lineage: { request: { lineageRequestType: 'ANCESTORS' } } }],
      ['POST', '/provenance/lineage', { lineage: { request: { lineageRequestType: 'FLOWFILE' } } }],
      ['POST', '/provenance-events/replays', {}],
      ['POST', '/controller/bulletin', { bulletin: {} }],
      ['PUT', '/controller/config', { component: { maxTimerDrivenThreadCount: 3 } }],
      ['DELETE', '/controller/history'],
      ['POST', '/processors/run-status-details/queries', { processorIds: 'all' }],
      ['POST', '/snippets', { snippet: {} }],
      ['POST', '/process-groups/root/copy', { processors: 'all' }],
      ['PUT', '/process-groups/root/paste', { copyResponse: {} }],
      ['POST', '/process-groups/root/process-groups/import', { revisionDTO: revision(0), flowSnapshot: {} }],
      ['POST', '/process-groups/root/process-groups/upload', new FormData()],
      ['GET', '/processors/%E0%A4%A'],
    ];
    const wrong: string[] = [];
    for (const [method, path, body] of cases) {
      const { status, text } = await rig.send(method, path, body);
      if (status !== 400 || text.length < 10) wrong.push(`${method} ${path} ${JSON.stringify(body) ?? ''}: ${status} ${text.slice(0, 200)}`);
    }
    assert.deepEqual(wrong, []);
  }));
