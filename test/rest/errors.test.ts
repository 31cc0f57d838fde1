import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { GENERATE, type Json, RestRig, revision } from './rest-rig.ts';

const ghost = '00000000-0000-4000-8000-000000000000';

interface Case {
  readonly what: string;
  readonly send: (rig: RestRig, made: Record<'running' | 'invalid' | 'stopped' | 'queue' | 'service' | 'context' | 'heir', Json>) => Promise<{ status: number; text: string }>;
  readonly status: number;
  readonly message: RegExp;
}

const edit = (rig: RestRig, { id, revision: { version } }: Json, component: object) =>
  rig.send('PUT', `/processors/${id}`, { revision: revision(version), component: { id, ...component } });

const cases: Case[] = [
  { what: 'an unknown id', send: (rig) => rig.send('GET', `/processors/${ghost}`), status: 404, message: new RegExp(ghost) },
  { what: 'an unknown group', send: (rig) => rig.send('GET', `/flow/process-groups/${ghost}`), status: 404, message: new RegExp(ghost) },
  { what: 'an unknown path', send: (rig) => rig.send('GET', '/nothing/here'), status: 404, message: /There is no GET \/nifi-api\/nothing\/here/ },
  { what: 'something not offered', send: (rig) => rig.send('GET', `/remote-process-groups/${ghost}`), status: 501, message: /remote process group is not offered/ },
  {
    what: 'a stale revision',
    send: (rig, { stopped }) => rig.send('PUT', `/processors/${stopped.id}`, { revision: revision(0, 'other'), component: { id: stopped.id } }),
    status: 400,
    message: /not the most up-to-date revision/,
  },
  { what: 'no revision', send: (rig, { stopped }) => rig.send('PUT', `/processors/${stopped.id}`, { component: { id: stopped.id } }), status: 400, message: /revision/ },
  { what: 'a delete without a version', send: (rig, { stopped }) => rig.send('DELETE', `/processors/${stopped.id}`), status: 400, message: /revision/ },
  {
    what: 'a component without revision',
    send: (rig) => rig.send('POST', '/process-groups/root/processors', { component: { type: GENERATE } }),
    status: 400,
    message: /revision of 0/,
  },
  {
    what: 'a new component with revision 7',
    send: (rig) => rig.send('POST', '/process-groups/root/processors', { revision: revision(7), component: { type: GENERATE } }),
    status: 400,
    message: /revision of 0/,
  },
  {
    what: 'a new component with an id',
    send: (rig) => rig.send('POST', '/process-groups/root/processors', { revision: revision(0), component: { id: ghost, type: GENERATE } }),
    status: 400,
    message: /id cannot be specified/,
  },
  {
    what: 'an unknown type',
    send: (rig) => rig.send('POST', '/process-groups/root/processors', { revision: revision(0), component: { type: 'no.such.Type' } }),
    status: 400,
    message: /no\.such\.Type/,
  },
  {
    what: 'another id in the body',
    send: (rig, { stopped }) => rig.send('PUT', `/processors/${stopped.id}`, { revision: revision(1), component: { id: ghost } }),
    status: 400,
    message: /does not equal/,
  },
  {
    what: 'a wrong type in the body',
    send: (rig, { stopped }) => edit(rig, stopped, { config: { properties: 'none' } }),
    status: 400,
    message: /component\.config\.properties must be object/,
  },
  {
    what: 'a wrong word in the body',
    send: (rig, { stopped }) => rig.send('PUT', `/processors/${stopped.id}/run-status`, { revision: revision(1), state: 'DANCING' }),
    status: 400,
    message: /state must be one of RUNNING/,
  },
  {
    what: 'a missing field',
    send: (rig, { stopped }) => rig.send('PUT', `/processors/${stopped.id}/run-status`, { revision: revision(1) }),
    status: 400,
    message: /state must be specified/,
  },
  { what: 'no body', send: (rig, { stopped }) => rig.send('PUT', `/processors/${stopped.id}`), status: 400, message: /must have a JSON body/ },
  {
    what: 'a body that is not JSON',
    send: (rig, { stopped }) => rig.send('PUT', `/processors/${stopped.id}`, '{"a"', { 'Content-Type': 'application/json' }),
    status: 400,
    message: /JSON/,
  },
  {
    what: 'a body of another type',
    send: (rig, { stopped }) => rig.send('PUT', `/processors/${stopped.id}`, '<a/>', { 'Content-Type': 'text/xml' }),
    status: 415,
    message: /application\/json, not text\/xml/,
  },
  { what: 'a bad schedule', send: (rig, { stopped }) => edit(rig, stopped, { config: { schedulingPeriod: 'now and then' } }), status: 400, message: /now and then/ },
  {
    what: 'properties of a running processor',
    send: (rig, { running }) => edit(rig, running, { config: { properties: { 'Batch Size': '2' } } }),
    status: 400,
    message: /while the Processor is running/,
  },
  { what: 'the name of a running processor', send: (rig, { running }) => edit(rig, running, { name: 'new' }), status: 409, message: /Stop it first/ },
  { what: 'disabling a running processor', send: (rig, { running }) => rig.runStatus(running, 'DISABLED'), status: 409, message: /Stop it first/ },
  { what: 'removing a running processor', send: (rig, { running }) => rig.remove(running), status: 409, message: /is running\. Stop it first/ },
  { what: 'terminating a running processor', send: (rig, { running }) => rig.send('DELETE', `/processors/${running.id}/threads`), status: 409, message: /Stop it first/ },
  { what: 'running an invalid processor once', send: (rig, { invalid }) => rig.runStatus(invalid, 'RUN_ONCE'), status: 409, message: /not valid/ },
  { what: 'removing a connection with data', send: (rig, { queue }) => rig.remove(queue), status: 409, message: /holds 1 FlowFiles\. Empty it first/ },
  { what: 'changing an enabled service', send: (rig, { service }) => rig.edit(service, { name: 'new' }), status: 409, message: /Disable it first/ },
  { what: 'removing an enabled service', send: (rig, { service }) => rig.remove(service), status: 409, message: /Disable it first/ },
  {
    what: 'a parameter context of a known name',
    send: (rig, { context }) => rig.send('POST', '/parameter-contexts', { revision: revision(0), component: { name: context.component.name } }),
    status: 409,
    message: /Choose another name/,
  },
  { what: 'removing a context that another inherits', send: (rig, { context }) => rig.remove(context), status: 409, message: /inherits/ },
  {
    what: 'contexts that inherit in a circle',
    status: 409,
    message: /inherit/,
    send: (rig, { context, heir }) =>
      rig.send('POST', `/parameter-contexts/${context.id}/update-requests`, {
        id: context.id,
        revision: revision(1),
        component: { id: context.id, inheritedParameterContexts: [{ id: heir.id }] },
      }),
  },
  { what: 'the cluster of a server that is alone', send: (rig) => rig.send('GET', '/controller/cluster'), status: 404, message: /Only a node connected to a cluster/ },
  {
    what: 'service types of an API without its bundle',
    send: (rig) => rig.send('GET', '/flow/controller-service-types?serviceType=x'),
    status: 400,
    message: /serviceBundleGroup/,
  },
  {
    what: 'a login where there is none',
    send: (rig) => rig.send('POST', '/access/token', 'username=a', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    status: 409,
    message: /not supported/,
  },
];

test("refusals have NiFi's codes and say what to do", () =>
  RestRig.with(async (rig) => {
    const running = await rig.processor(GENERATE, { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] });
    await rig.runStatus(running, 'RUNNING');
    const source = await rig.source('x');
    const queue = await rig.connect(source, await rig.create('root', 'funnels', {}));
    await rig.once(source);
    const service = await rig.create('root', 'controller-services', { type: 'test.Word' });
    await rig.runStatus(service, 'ENABLED');
    const context = await rig.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name: 'base' } });
    const heir = await rig.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name: 'heir', inheritedParameterContexts: [{ id: context.id }] } });
    const made = { running: await rig.fresh(running), invalid: await rig.processor(GENERATE), stopped: await rig.processor(GENERATE), queue, service, context, heir };
    for (const { what, send, status, message } of cases) {
      const answer = await send(rig, made);
      assert.equal(answer.status, status, `${what}: ${answer.status} ${answer.text}`);
      assert.match(answer.text, message, what);
    }
  }));

test('an invalid processor may be started and waits', () =>
  RestRig.with(async (rig) => {
    const made = await rig.processor(GENERATE, { schedulingPeriod: '1 day' });
    const started = await rig.runStatus(made, 'RUNNING');
    assert.deepEqual([started.status, started.json.component.state, started.json.component.physicalState], [200, 'STOPPED', 'STARTING']);
  }));

test('what nobody foresaw is logged under an id and not told', () =>
  RestRig.with(async (rig) => {
    rig.flow.bulletins.find = () => {
      throw new TypeError('secret detail');
    };
    const answer = await rig.send('GET', '/flow/bulletin-board');
    assert.equal(answer.status, 500);
    assert.doesNotMatch(answer.text, /secret detail/);
    const [, id] = /under ([0-9a-f-]{36})/.exec(answer.text)!;
    assert.ok(rig.log.some((line) => line.includes(id!) && line.includes('secret detail')));
  }));

/** fetch does not let a caller choose Host. */
function rawStatus(rig: RestRig, method: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: rig.port, path: '/nifi-api/flow/about', method, headers }, (response) => resolve(response.resume().statusCode!))
      .on('error', reject)
      .end();
  });
}

test('without login only loopback names are answered, and pages of other sites cannot write', () =>
  RestRig.with(async (rig) => {
    const host = `127.0.0.1:${rig.port}`;
    assert.equal(await rawStatus(rig, 'GET', { Host: host }), 200);
    assert.equal(await rawStatus(rig, 'GET', { Host: `localhost:${rig.port}` }), 200);
    assert.equal(await rawStatus(rig, 'GET', { Host: 'evil.example' }), 403);
    assert.equal(await rawStatus(rig, 'GET', { Host: '127.0.0.1.evil.example' }), 403);
    assert.equal(await rawStatus(rig, 'POST', { Host: host, Origin: 'https://evil.example' }), 403);
    assert.equal(await rawStatus(rig, 'POST', { Host: host, Origin: 'null' }), 403);
    assert.equal(await rawStatus(rig, 'POST', { Host: host, Origin: `http://${host}` }), 404);
    assert.equal(await rawStatus(rig, 'POST', { Host: host, 'Sec-Fetch-Site': 'cross-site' }), 403);
  }));
