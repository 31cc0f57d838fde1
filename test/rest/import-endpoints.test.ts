import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { RestRig, until } from './rest-rig.ts';

function publicKey(comment: string): string {
  const der = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' });
  const part = (bytes: Buffer): Buffer[] => [Buffer.from([0, 0, 0, bytes.length]), bytes];
  return `ssh-ed25519 ${Buffer.concat([...part(Buffer.from('ssh-ed25519')), ...part(der.subarray(-32))]).toString('base64')} ${comment}`;
}

test('users of an SFTP endpoint are made, edited and removed on the revision that was read', () =>
  RestRig.with(async (rig) => {
    const service = rig.flow.createService(
      rig.flow.root,
      { version: 0 },
      { type: 'dev.millrace.sftp.SFTPServer', properties: { 'Listening Port': '0', 'Listening Address': '127.0.0.1' } },
    );
    const url = `/api/sftp/endpoints/${service.id}`;
    const ask = (method: string, path: string, body?: unknown) => rig.send(method, path, body);
    assert.equal((await ask('GET', `${url}/users`)).status, 409);
    service.enable();
    await until(() => service.isEnabled);

    const { endpoints } = (await ask('GET', '/api/sftp/endpoints')).json;
    assert.equal(endpoints[0].id, service.id);
    assert.deepEqual(
      endpoints[0].hostKeys.map(({ type }: { type: string }) => type),
      ['ssh-ed25519', 'ssh-rsa'],
    );
    assert.ok(!JSON.stringify(endpoints).includes('PRIVATE'));

    const first = { revision: { version: 0 }, component: { name: 'ann', keys: publicKey('laptop') } };
    const made = await ask('POST', `${url}/users`, first);
    assert.equal(made.status, 201);
    assert.equal(made.json.component.keys[0].comment, 'laptop');
    assert.equal((await ask('POST', `${url}/users`, first)).status, 409);
    for (const name of ['', '..', 'a/b', 'Ann', 'x'.repeat(33)])
      assert.equal((await ask('POST', `${url}/users`, { ...first, component: { ...first.component, name } })).status, 400, name);
    assert.equal((await ask('POST', `${url}/users`, { ...first, component: { name: 'bob', keys: 'nonsense' } })).status, 400);

    const edit = { revision: made.json.revision, component: { keys: publicKey('desk') } };
    const edited = await ask('PUT', `${url}/users/ann`, edit);
    assert.deepEqual([edited.status, edited.json.revision.version, edited.json.component.keys[0].comment], [200, 2, 'desk']);
    assert.equal((await ask('PUT', `${url}/users/ann`, edit)).status, 409);
    assert.equal((await ask('DELETE', `${url}/users/ann?version=1`)).status, 409);
    assert.equal((await ask('DELETE', `${url}/users/nobody?version=1`)).status, 404);
    assert.equal((await ask('DELETE', `${url}/users/ann?version=2`)).status, 200);
    assert.deepEqual((await ask('GET', `${url}/users`)).json, { users: [] });
    assert.deepEqual((await ask('GET', `${url}/imports`)).json, { imports: [] });
    assert.equal((await ask('GET', `${url}/imports/unknown/rejected-rows`)).status, 404);
    assert.equal((await ask('POST', `${url}/imports/unknown/repetitions`, {})).status, 404);
  }));
