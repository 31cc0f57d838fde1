import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, GENERATE, revision } from '../rest-rig.ts';
import { AccessRig } from './access-rig.ts';

const ROLES = ['viewers', 'operators', 'editors', 'administrators'] as const;
const SCRIPT = 'dev.millrace.script.ExecuteScript';
const PUT_FILE = 'org.apache.nifi.processors.standard.PutFile';

/** Each act, and the least role that may do it; all above it may, all below are answered 403. */
const acts = (a: AccessRig): [least: (typeof ROLES)[number], what: string, act: (who: string) => Promise<Answer>][] => {
  const processor = `/processors/${a.secret.id}`;
  const root = `/process-groups/${a.rig.flow.root.id}`;
  const [queue] = [...a.rig.flow.root.descendants()].filter(({ kind, group }) => kind === 'CONNECTION' && group?.id === a.others.id);
  const make = (type: string) => (who: string) => a.create(who, a.others.id, 'processors', { type });
  const newUser = (who: string) => a.send(who, 'POST', '/tenants/users', { revision: revision(0), component: { identity: `made by ${who}` } });
  const newContext = (who: string) => a.send(who, 'POST', '/parameter-contexts', { revision: revision(0), component: { name: `of ${who}`, parameters: [] } });
  return [
    ['viewers', 'sees the flow', (who) => a.send(who, 'GET', '/flow/process-groups/root')],
    ['viewers', 'sees a configuration', (who) => a.send(who, 'GET', processor)],
    ['viewers', 'sees parameters', (who) => a.send(who, 'GET', `/parameter-contexts/${a.context.id}`)],
    ['viewers', 'sees the system', (who) => a.send(who, 'GET', '/system-diagnostics')],
    ['operators', 'starts', (who) => a.runStatus(who, processor, 'RUN_ONCE')],
    ['operators', 'lists a queue', (who) => a.send(who, 'POST', `/flowfile-queues/${queue!.id}/listing-requests`)],
    ['operators', 'empties a queue', (who) => a.send(who, 'POST', `/flowfile-queues/${queue!.id}/drop-requests`)],
    ['operators', 'searches provenance', (who) => a.send(who, 'POST', '/provenance', { provenance: { request: { maxResults: 10 } } })],
    ['editors', 'edits', (who) => a.edit(who, processor, { name: `by ${who}` })],
    ['editors', 'makes a processor', make(GENERATE)],
    ['editors', 'makes parameters', newContext],
    ['editors', 'edits the outermost group', (who) => a.edit(who, root, { comments: `by ${who}` })],
    ['administrators', 'makes a script', make(SCRIPT)],
    ['administrators', 'writes files', make(PUT_FILE)],
    ['administrators', 'makes users', newUser],
    ['administrators', 'sees users', (who) => a.send(who, 'GET', '/tenants/users')],
    ['administrators', 'sees policies', (who) => a.send(who, 'GET', '/policies/read/flow')],
    ['administrators', 'changes settings', (who) => a.edit(who, '/controller/config', { maxTimerDrivenThreadCount: 10 })],
  ];
};

test('the four ready roles: each may do what the one before may, and what is beyond it is refused', () =>
  AccessRig.with(async (a) => {
    await a.admitRoles(ROLES);
    const sink = (await a.create('admin', a.others.id, 'processors', { type: GENERATE })).json;
    const funnel = (await a.create('admin', a.others.id, 'funnels', {})).json;
    const end = (node: { id: string }, type: string) => ({ id: node.id, groupId: a.others.id, type });
    const connection = { source: end(sink, 'PROCESSOR'), destination: end(funnel, 'FUNNEL'), selectedRelationships: ['success'] };
    assert.equal((await a.create('admin', a.others.id, 'connections', connection)).status, 201);
    const filled = await a.create('admin', a.others.id, 'connections', { ...connection, source: end(a.secret, 'PROCESSOR') });
    assert.equal(filled.status, 201, filled.text);
    for (const [least, what, act] of acts(a)) {
      for (const [rank, role] of ROLES.entries()) {
        const { status, text } = await act(role);
        if (rank < ROLES.indexOf(least)) assert.equal(status, 403, `${role}: ${what}: ${text}`);
        else assert.ok(status < 300, `${role}: ${what}: ${status} ${text}`);
      }
    }
  }));
