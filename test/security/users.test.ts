import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { openDatabase } from '../../server/repository/database.ts';
import { firstPassword, openLogin } from '../../server/security/login.ts';
import { isPassword } from '../../server/security/passwords.ts';
import { loadKey, secretsWith } from '../../server/security/secrets.ts';
import { openUserDatabase } from '../../server/security/users.ts';
import { LoginRig, PASSWORD } from './login-rig.ts';

function scratch(context: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-users-'));
  context.after(() => rmSync(directory, { recursive: true }));
  return directory;
}

test('a user is made, then gets another password', async () => {
  const { users } = await LoginRig.make();
  assert.equal(await users.setPassword('CN=Jane Doe, OU=Marketing', 'a first password'), 'created');
  const first = users.find('CN=Jane Doe, OU=Marketing')!;
  assert.equal(await users.setPassword('CN=Jane Doe, OU=Marketing', 'a second password'), 'changed');
  const second = users.find('CN=Jane Doe, OU=Marketing')!;
  assert.deepEqual([first.version, second.version], [1, 2]);
  assert.deepEqual([await isPassword('a first password', second.password!), await isPassword('a second password', second.password!)], [false, true]);
  assert.equal(await isPassword(PASSWORD, users.find('admin')!.password!), true);
  assert.equal(users.find('Admin'), undefined);
});

test('names that would mislead are refused', async () => {
  const { users } = await LoginRig.make();
  for (const name of ['', ' admin', 'admin ', 'ad\nmin', 'ad\u202emin', 'x'.repeat(101)]) await assert.rejects(users.setPassword(name, PASSWORD), /name of a user has 1 to 100/);
  await assert.rejects(users.setPassword('anonymous', PASSWORD), /nobody has logged in/);
  await assert.rejects(users.setPassword('jane', 'short'), /at least 12/);
  assert.equal(users.find('jane'), undefined);
});

test('the files of a login belong to their owner and outlive a restart', async (context) => {
  const directory = scratch(context);
  const file = path.join(directory, 'millrace.db');
  openDatabase(file).close();
  const secrets = secretsWith(loadKey(path.join(directory, 'secret.key'), undefined));
  const opened = openLogin(directory, secrets, Date.now);
  const password = (await firstPassword(opened.users, 'admin'))!;
  assert.equal(await firstPassword(opened.users, 'admin'), undefined, 'once');
  const admission = await opened.login.enter({ username: 'admin', password }, '127.0.0.1');
  assert.ok(admission !== 'refused' && 'token' in admission);
  for (const name of ['millrace.db', 'millrace.db-wal', 'token.key', 'secret.key']) assert.equal(statSync(path.join(directory, name)).mode & 0o777, 0o600, name);
  opened.close();
  const again = openLogin(directory, secrets, Date.now);
  assert.equal((await again.login.identify(admission.token))?.identity, 'admin');
  await again.login.leave(admission.token);
  again.close();
  const third = openLogin(directory, secrets, Date.now);
  assert.equal(await third.login.identify(admission.token), undefined, 'revoked before the restart');
  third.close();
  assert.throws(() => openLogin(directory, secretsWith(Buffer.alloc(32, 1)), Date.now), /another key/);
});

test('a password set by another process counts at once', async (context) => {
  const directory = scratch(context);
  openDatabase(path.join(directory, 'millrace.db')).close();
  const secrets = secretsWith(Buffer.alloc(32, 1));
  const [server, command] = [openLogin(directory, secrets, Date.now), openLogin(directory, secrets, Date.now)];
  await command.users.setPassword('jane', PASSWORD);
  const admission = await server.login.enter({ username: 'jane', password: PASSWORD }, '127.0.0.1');
  assert.ok(admission !== 'refused' && 'token' in admission);
  await command.users.setPassword('jane', 'another password');
  assert.equal(await server.login.identify(admission.token), undefined);
  server.close();
  command.close();
});

test('a database that knows no users is told apart from none', (context) => {
  const directory = scratch(context);
  const file = path.join(directory, 'old.db');
  assert.throws(() => openUserDatabase(file), /There is no database .*old\.db/);
  new Database(file).exec('create table meta (key text)').close();
  assert.throws(() => openUserDatabase(file), /older Millrace/);
});
