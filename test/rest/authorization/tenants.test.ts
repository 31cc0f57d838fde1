import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { mock, test } from 'node:test';
import { type Json, revision } from '../rest-rig.ts';
import { AccessRig, only } from './access-rig.ts';

test('users and groups are made, found, changed and removed, on the newest revision', () =>
  AccessRig.with(async (a) => {
    const user = await a.ok('admin', 'POST', '/tenants/users', { revision: revision(0), component: { identity: 'CN=Zoë Jones, OU=Sales' } });
    assert.deepEqual([user.component.identity, user.component.userGroups, user.revision.version, user.permissions.canWrite], ['CN=Zoë Jones, OU=Sales', [], 1, true]);
    const group = await a.ok('admin', 'POST', '/tenants/user-groups', { revision: revision(0), component: { identity: 'sales', users: [{ id: user.id }] } });
    assert.deepEqual(
      group.component.users.map(({ component }: Json) => component.identity),
      ['CN=Zoë Jones, OU=Sales'],
    );
    assert.deepEqual(
      (await a.get('admin', `/tenants/users/${user.id}`)).component.userGroups.map(({ id }: Json) => id),
      [group.id],
    );
    const found = await a.get('admin', '/tenants/search-results?q=ZO%C3%8B');
    assert.deepEqual([found.users.map(({ id }: Json) => id), found.userGroups], [[user.id], []]);
    const rename = (version: number) => a.send('admin', 'PUT', `/tenants/users/${user.id}`, { revision: { version }, component: { id: user.id, identity: 'zoe' } });
    assert.equal((await rename(1)).json.component.identity, 'zoe');
    assert.match((await rename(1)).text, /not the most up-to-date revision/);
    assert.equal((await a.send('admin', 'DELETE', `/tenants/user-groups/${group.id}?version=9`)).status, 400);
    assert.equal((await a.send('admin', 'DELETE', `/tenants/user-groups/${group.id}?version=1`)).status, 200);
    assert.deepEqual((await a.get('admin', `/tenants/users/${user.id}`)).component.userGroups, []);
    assert.equal((await a.send('admin', 'GET', `/tenants/user-groups/${group.id}`)).status, 404);
  }));

test('names that would mislead, and bodies that make no sense, are refused', () =>
  AccessRig.with(async (a) => {
    const make = (identity: unknown) => a.send('admin', 'POST', '/tenants/users', { revision: revision(0), component: { identity } });
    const table: [unknown, number, RegExp][] = [
      ['', 400, /identity of the user must be specified/],
      [null, 400, /must be specified/],
      [' admin', 400, /no space at its ends/],
      ['admin\u0000', 400, /none of them invisible/],
      ['ad\u202emin', 400, /none of them invisible/],
      ['a\u2028b', 400, /none of them invisible/],
      ['x'.repeat(65_536), 400, /1 to 100 characters/],
      ['anonymous', 400, /nobody has logged in/],
      ['admin', 409, /'admin' already/],
      ['Zoe\u0308', 201, /Zo/],
      ['Zo\u00eb', 409, /already/],
      [{ $gt: '' }, 400, /must be string/],
    ];
    for (const [identity, status, message] of table) {
      const answer = await make(identity);
      assert.equal(answer.status, status, JSON.stringify(identity)?.slice(0, 40));
      assert.match(answer.text, message);
      assert.ok(answer.text.length < 2000);
    }
    const bad: [string, object, number][] = [
      ['/tenants/users', { revision: revision(1), component: { identity: 'new' } }, 400],
      ['/tenants/users', { revision: revision(0), component: { id: 'mine', identity: 'new' } }, 400],
      ['/tenants/users', { component: { identity: 'new' } }, 400],
      ['/tenants/user-groups', { revision: revision(0), component: { identity: 'g', users: [{ id: 'nobody' }] } }, 400],
      ['/tenants/user-groups', { revision: revision(0), component: { identity: 'admin' } }, 409],
      ['/policies', { revision: revision(0), component: { action: 'read', resource: '/everything' } }, 400],
      ['/policies', { revision: revision(0), component: { action: 'read', resource: '/data/data/process-groups/x' } }, 400],
      ['/policies', { revision: revision(0), component: { action: 'read', resource: `/process-groups/${'x'.repeat(65_536)}` } }, 400],
      ['/policies', { revision: revision(0), component: { action: 'own', resource: '/system' } }, 400],
      ['/policies', { revision: revision(0), component: { action: 'read', resource: '/flow' } }, 409],
      ['/policies', { revision: revision(0), component: { action: 'write', resource: '/system', users: [{ id: 'nobody' }] } }, 400],
      ['/policies', { revision: revision(0), component: { action: 'write', resource: '/system', users: [null] } }, 400],
      ['/tenants/user-groups', { revision: revision(0), component: { identity: 'g', users: [null] } }, 400],
      ['/parameter-contexts', { revision: revision(0), component: { name: 'c', inheritedParameterContexts: [null] } }, 400],
    ];
    for (const [url, body, status] of bad) assert.equal((await a.send('admin', 'POST', url, body)).status, status, JSON.stringify(body).slice(0, 120));
    assert.equal((await a.send('admin', 'GET', '/policies/own/flow')).status, 400);
  }));

test('a policy is found where it is, or where it is inherited from, and replaces what it would inherit', () =>
  AccessRig.with(async (a) => {
    const root = a.rig.flow.root.id;
    const found = (resource: string, action = 'read') => a.get('admin', `/policies/${action}${resource}`);
    assert.equal((await found(`/processors/${a.secret.id}`)).component.resource, `/process-groups/${root}`);
    assert.equal((await found(`/processors/${a.source.id}`)).component.resource, `/process-groups/${a.ours.id}`);
    assert.equal((await found(`/data/processors/${a.source.id}`)).component.resource, `/data/process-groups/${a.ours.id}`);
    assert.equal((await found(`/parameter-contexts/${a.context.id}`)).component.resource, '/parameter-contexts');
    assert.equal((await a.send('admin', 'GET', `/policies/read/operation/processors/${a.source.id}`)).status, 404);
    const inherited = await found(`/process-groups/${a.ours.id}`);
    assert.deepEqual(inherited.component.users.map(({ component }: Json) => component.identity).sort(), ['admin', 'editor', 'operator', 'reader']);
    assert.equal(inherited.component.componentReference.component.name, 'ours');
    await a.allow('read', `/processors/${a.source.id}`, 'viewer');
    const read = (who: string) => a.send(who, 'GET', `/processors/${a.source.id}`);
    assert.deepEqual(await a.statuses(read), only(200, 'viewer'), 'the nearest policy decides alone');
    const own = await found(`/processors/${a.source.id}`);
    await a.ok('admin', 'DELETE', `/policies/${own.id}?version=${own.revision.version}`);
    assert.deepEqual(await a.statuses(read), only(200, 'admin', 'reader', 'operator', 'editor'), 'without it, the parent decides');
    const group = await a.ok('admin', 'POST', '/tenants/user-groups', { revision: revision(0), component: { identity: 'watchers', users: [{ id: a.idOf('viewer') }] } });
    await a.ok('admin', 'POST', '/policies', { revision: revision(0), component: { action: 'read', resource: `/processors/${a.source.id}`, userGroups: [{ id: group.id }] } });
    assert.deepEqual(await a.statuses(read), only(200, 'viewer'), 'by the group');
    await a.ok('admin', 'PUT', `/tenants/user-groups/${group.id}`, { revision: group.revision, component: { id: group.id, users: [] } });
    assert.deepEqual(await a.statuses(read), only(200), 'at once not any more');
  }));

test('rights follow a component into another group', () =>
  AccessRig.with(async (a) => {
    const moved = (await a.create('admin', a.ours.id, 'processors', { type: 'test.Speak' })).json;
    assert.equal((await a.edit('editor', `/processors/${moved.id}`, { name: 'mine' })).status, 200);
    const { snippet } = await a.ok('admin', 'POST', '/snippets', { snippet: { parentGroupId: a.ours.id, processors: { [moved.id]: moved.revision } } });
    await a.ok('admin', 'PUT', `/snippets/${snippet.id}`, { snippet: { id: snippet.id, parentGroupId: a.others.id } });
    assert.equal((await a.edit('editor', `/processors/${moved.id}`, { name: 'still mine' })).status, 403);
  }));

test('the last who may administer cannot be taken away', () =>
  AccessRig.with(async (a) => {
    const admin = await a.get('admin', `/tenants/users/${a.idOf('admin')}`);
    const policy = await a.get('admin', '/policies/write/tenants');
    const attempts: [string, string, unknown?][] = [
      ['DELETE', `/tenants/users/${admin.id}?version=${admin.revision.version}`],
      ['DELETE', `/policies/${policy.id}?version=${policy.revision.version}`],
      ['PUT', `/policies/${policy.id}`, { revision: policy.revision, component: { id: policy.id, users: [] } }],
      // Reader has no password: nobody could log in.
      ['PUT', `/policies/${policy.id}`, { revision: policy.revision, component: { id: policy.id, users: [{ id: a.idOf('reader') }] } }],
    ];
    for (const [method, url, body] of attempts) {
      const answer = await a.send('admin', method, url, body);
      assert.deepEqual([answer.status, /Nobody who can log in/.test(answer.text)], [409, true], `${method} ${url}`);
    }
    assert.equal((await a.get('admin', '/policies/write/tenants')).revision.version, policy.revision.version, 'nothing was changed');
    await a.door.users.setPassword('reader', 'correct horse battery');
    await a.allow('write', '/policies', 'admin', 'reader');
    await a.allow('write', '/tenants', 'admin', 'reader');
    a.tokens.set('reader', await a.door.tokens.issue(a.door.users.find('reader')!));
    assert.equal((await a.send('reader', 'DELETE', `/tenants/users/${admin.id}?version=${admin.revision.version}`)).status, 200);
    assert.equal((await a.send('admin', 'GET', '/flow/about')).status, 401, 'who is removed is out at once');
  }));

test('nobody lifts themselves up', () =>
  AccessRig.with(async (a) => {
    const me = { id: a.idOf('editor') };
    const grant = (action: string, resource: string) => ({ revision: revision(0), component: { action, resource, users: [me] } });
    const { ours, source } = a;
    const policy = await a.get('admin', `/policies/read/process-groups/${ours.id}`);
    const attempts: [string, string, unknown?][] = [
      ['POST', '/policies', grant('write', '/restricted-components')],
      ['POST', '/policies', grant('write', '/policies')],
      ['POST', '/policies', grant('write', `/process-groups/${a.others.id}`)],
      ['POST', '/policies', grant('write', `/processors/${source.id}`)],
      ['POST', '/policies', grant('read', `/provenance-data/process-groups/${ours.id}`)],
      ['POST', '/policies', grant('write', `/policies/process-groups/${ours.id}`)],
      ['GET', `/policies/${policy.id}`],
      ['GET', `/policies/read/process-groups/${ours.id}`],
      ['PUT', `/policies/${policy.id}`, { revision: policy.revision, component: { id: policy.id, users: [me] } }],
      ['DELETE', `/policies/${policy.id}?version=${policy.revision.version}`],
      ['POST', '/tenants/users', { revision: revision(0), component: { identity: 'accomplice' } }],
      ['PUT', `/tenants/users/${me.id}`, { revision: revision(1), component: { id: me.id, identity: 'admin2' } }],
      ['DELETE', `/tenants/users/${a.idOf('admin')}?version=1`],
      ['POST', '/tenants/user-groups', { revision: revision(0), component: { identity: 'gang', users: [me] } }],
      ['GET', '/tenants/users'],
      ['GET', '/resources'],
    ];
    for (const [method, url, body] of attempts) assert.equal((await a.send('editor', method, url, body)).status, 403, `${method} ${url} ${JSON.stringify(body ?? '')}`);

    // Who may write the policies of one group may write those, and what they are about, and no others.
    await a.allow('write', `/policies/process-groups/${ours.id}`, 'editor');
    assert.equal((await a.send('editor', 'POST', '/policies', grant('read', `/provenance-data/process-groups/${ours.id}`))).status, 201);
    assert.equal((await a.send('editor', 'POST', '/policies', grant('write', `/processors/${source.id}`))).status, 201, 'of what is in it too');
    for (const resource of ['/system', '/policies', `/process-groups/${a.others.id}`, `/policies/process-groups/${ours.id}`])
      assert.equal((await a.send('editor', 'POST', '/policies', grant('read', resource))).status, 403, resource);
  }));

test('a token dies with its user, and does not rise with another of that name', () =>
  AccessRig.with(async (a) => {
    const viewer = await a.get('admin', `/tenants/users/${a.idOf('viewer')}`);
    assert.equal((await a.send('viewer', 'GET', '/flow/about')).status, 200);
    await a.ok('admin', 'DELETE', `/tenants/users/${viewer.id}?version=${viewer.revision.version}`);
    assert.equal((await a.send('viewer', 'GET', '/flow/about')).status, 401);
    await a.ok('admin', 'POST', '/tenants/users', { revision: revision(0), component: { identity: 'viewer' } });
    assert.equal((await a.send('viewer', 'GET', '/flow/about')).status, 401);
    a.tokens.set('viewer', await a.door.tokens.issue(a.door.users.find('viewer')!));
    assert.equal((await a.send('viewer', 'GET', '/flow/about')).status, 403, 'the new one has no rights of the old one');
  }));

test('a user without a password cannot log in, and is refused as slowly as the others', () =>
  AccessRig.with(async (a) => {
    const logIn = (username: string, password: string) =>
      a.rig.send('POST', '/access/token', new URLSearchParams({ username, password }).toString(), { 'Content-Type': 'application/x-www-form-urlencoded' });
    await logIn('no such user', 'the hash for nobody is made once');
    const hash = mock.method(crypto, 'scrypt');
    syncBuiltinESMExports();
    try {
      for (const name of ['viewer', 'no such user', 'admin']) assert.equal((await logIn(name, 'null')).status, 400, name);
      assert.equal(hash.mock.callCount(), 3, 'each costs a hash');
    } finally {
      hash.mock.restore();
      syncBuiltinESMExports();
    }
  }));

test('the header decides, and what is done is done in the name of who is in it', () =>
  AccessRig.with(async (a) => {
    const cookie = { Cookie: `Authorization-Bearer=${a.tokens.get('admin')}` };
    assert.equal((await a.send('viewer', 'GET', '/tenants/users', undefined, cookie)).status, 403);
    assert.equal((await a.rig.send('GET', '/tenants/users', undefined, cookie)).status, 200);
    const large = 'x'.repeat(3_000_000);
    const body = { revision: revision(0), component: { label: large } };
    assert.equal((await a.send('stranger', 'POST', '/process-groups/root/labels', body)).status, 401, 'before the body is read');
    assert.equal((await a.send('admin', 'POST', '/process-groups/root/labels', body)).status, 413);
    for (const odd of ['{"revision":[],"component":[]}', '{"component":{"source":"x","destination":[{}]}}', '[]', 'null', '"text"', '{"__proto__":{"component":{}}}']) {
      const answer = await a.send('editor', 'POST', `/process-groups/${a.ours.id}/connections`, odd, { 'Content-Type': 'application/json' });
      assert.ok([400, 403].includes(answer.status), `${odd}: ${answer.status} ${answer.text}`);
    }
    const deep = `{"revision":{"version":1},"copyResponse":${'['.repeat(500_000)}${']'.repeat(500_000)}}`;
    const pasted = await a.send('editor', 'PUT', `/process-groups/${a.ours.id}/paste`, deep, { 'Content-Type': 'application/json' });
    assert.equal(pasted.status, 400, pasted.text);
    assert.equal((await a.send('editor', 'POST', '/provenance-events/replays', { eventId: 'x' })).status, 400);
    assert.equal((await a.send('editor', 'POST', '/provenance-events/replays', { eventId: 1e9 })).status, 404);
  }));
