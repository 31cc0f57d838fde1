import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { type TestContext, test } from 'node:test';
import { places } from '../../server/config.ts';

const main = path.join(places.project, 'dist', 'server', 'main.js');

/** Servers of the test under way, to be ended before their directories go. */
const running: ChildProcess[] = [];

function scratch(context: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-login-'));
  context.after(async () => {
    for (const child of running.splice(0)) await ended(child, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  return ((await exit) as [number | null])[0];
}

interface Started {
  readonly child: ChildProcess;
  readonly base: string;
  readonly output: string;
}

/** A real process with login, once it says where it is. */
async function started(directory: string, ...flags: string[]): Promise<Started> {
  const child = spawn(process.execPath, [main, 'start', '--no-example', '--port', '0', '--data', directory, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  for (;;) {
    const [, base] = /is at (https?:\/\/\S+)/.exec(output) ?? [];
    if (base) return { child, base, output };
    if (child.exitCode !== null) throw new Error(`The server did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function passwordIn(output: string): string | undefined {
  return /Log in as admin with the password (\S+) /.exec(output)?.[1];
}

function logIn(base: string, username: string, password: string): Promise<Response> {
  return fetch(`${base}/nifi-api/access/token`, { method: 'POST', body: new URLSearchParams({ username, password }) });
}

async function about(base: string, token?: string): Promise<number> {
  return (await fetch(`${base}/nifi-api/flow/about`, { headers: token ? { Authorization: `Bearer ${token}` } : {} })).status;
}

function setPassword(directory: string, name: string, input: string) {
  return spawnSync(process.execPath, [main, 'user', 'set-password', name, '--data', directory], { encoding: 'utf8', input, timeout: 20_000 });
}

test('the first start makes a user and tells its password once; a set one counts while the server runs', async (context) => {
  const directory = scratch(context);
  const first = await started(directory);
  const password = passwordIn(first.output)!;
  assert.equal(await about(first.base), 401);
  assert.ok([200, 404].includes((await fetch(`${first.base}/`)).status), 'the canvas itself is no secret');
  const token = await (await logIn(first.base, 'admin', password)).text();
  assert.equal(await about(first.base, token), 200);
  assert.equal(await ended(first.child, 'SIGTERM'), 0);
  for (const name of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) assert.ok(!readFileSync(path.join(name.parentPath, name.name)).includes(password), `${name.name} does not have the password`);
  }

  const second = await started(directory);
  assert.equal(passwordIn(second.output), undefined);
  assert.equal(await about(second.base, token), 200, 'tokens outlive a restart');
  const short = setPassword(directory, 'admin', 'too short\n');
  assert.deepEqual([short.status, short.stdout], [1, '']);
  assert.match(short.stderr, /^millrace: The password has 9 characters\. Give at least 12/);
  assert.match(setPassword(directory, 'admin', '').stderr, /no password on the standard input/);
  assert.equal(await about(second.base, token), 200);
  const changed = setPassword(directory, 'admin', 'correct horse battery\n');
  assert.equal(changed.status, 0, changed.stderr);
  assert.match(changed.stdout, /password of admin was changed/);
  assert.equal(await about(second.base, token), 401);
  assert.equal((await logIn(second.base, 'admin', password)).status, 400);
  assert.equal((await logIn(second.base, 'admin', 'correct horse battery')).status, 201);
  assert.match(setPassword(directory, 'jane', 'correct horse battery').stdout, /jane was made/);
  const jane = await logIn(second.base, 'jane', 'correct horse battery');
  assert.equal(jane.status, 201);
  assert.equal(await about(second.base, await jane.text()), 403, 'nobody has given her any rights');
  const list = spawnSync(process.execPath, [main, 'user', 'list', '--data', directory], { encoding: 'utf8', timeout: 20_000 });
  assert.equal(list.stdout, 'admin: in no group, has a password, administers\njane: in no group, has a password\n');
});

test('a password set before the first start is the only one', async (context) => {
  const directory = path.join(scratch(context), 'new');
  assert.match(setPassword(directory, 'jane', 'correct horse battery').stdout, /jane was made/);
  const { base, output } = await started(directory);
  assert.equal(passwordIn(output), undefined);
  const jane = await logIn(base, 'jane', 'correct horse battery');
  assert.equal(jane.status, 201);
  assert.equal(await about(base, await jane.text()), 200, 'the first user administers');
});

test('beyond loopback it answers under every name, and warns where nothing is encrypted', async (context) => {
  const { base, output } = await started(scratch(context), '--host', '0.0.0.0');
  assert.match(output, /WARN.*travel in clear to 0\.0\.0\.0.*--tls-key/);
  const answer = http.get(`${base}/nifi-api/flow/about`, { headers: { Host: 'millrace.example' } });
  assert.equal(((await once(answer, 'response')) as [http.IncomingMessage])[0].statusCode, 401);
});

/** A key and a certificate for 127.0.0.1, as files; undefined where there is no openssl. */
function certificate(directory: string): { key: string; cert: string } | undefined {
  const [key, cert] = [path.join(directory, 'key.pem'), path.join(directory, 'cert.pem')];
  const { status } = spawnSync('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
    '-keyout',
    key,
    '-out',
    cert,
  ]);
  return status === 0 ? { key, cert } : undefined;
}

test('it signs a certificate for itself, and keeps it', async (context) => {
  const directory = scratch(context);
  const first = await started(directory, '--tls-self-signed');
  const fingerprint = (output: string): string => /fingerprint is ([0-9A-F:]+)/.exec(output)![1]!;
  const file = path.join(directory, 'tls.pem');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  for (const host of ['127.0.0.1', 'localhost']) {
    const request = https.get(`https://${host}:${new URL(first.base).port}/nifi-api/flow/about`, { ca: readFileSync(file) });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    assert.equal(response.resume().statusCode, 401, host);
    assert.equal((response.socket as TLSSocket).getPeerCertificate().fingerprint256, fingerprint(first.output));
  }
  await ended(first.child, 'SIGTERM');
  const second = await started(directory, '--tls-self-signed');
  assert.equal(fingerprint(second.output), fingerprint(first.output));
});

test('with a key and a certificate it speaks HTTPS, and its cookies go nowhere else', async (context) => {
  const directory = scratch(context);
  const files = certificate(directory);
  if (!files) return context.skip('there is no openssl');
  const { base, output } = await started(path.join(directory, 'data'), '--tls-key', files.key, '--tls-cert', files.cert);
  assert.match(base, /^https:/);
  const send = async (method: string, route: string, headers: http.OutgoingHttpHeaders, body = ''): Promise<http.IncomingMessage> => {
    const request = https.request(`${base}/nifi-api${route}`, { method, headers, ca: readFileSync(files.cert) }).end(body);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    return response.resume();
  };
  const form = new URLSearchParams({ username: 'admin', password: passwordIn(output)! }).toString();
  const { statusCode, headers } = await send('POST', '/access/token', { 'Content-Type': 'application/x-www-form-urlencoded' }, form);
  assert.equal(statusCode, 201);
  const [session, proof] = headers['set-cookie'] as [string, string];
  assert.match(session, /^__Secure-Authorization-Bearer=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  assert.match(proof, /^__Secure-Request-Token=([^;]+); Path=\/; Secure; SameSite=Strict$/);
  const [Cookie] = session.split(';') as [string];
  assert.equal((await send('GET', '/flow/about', { Cookie })).statusCode, 200);
  assert.equal((await send('GET', '/flow/about', { Cookie: Cookie.replace('__Secure-', '') })).statusCode, 401);
  const [pair] = proof.split(';') as [string];
  assert.equal((await send('DELETE', '/access/logout', { Cookie: `${Cookie}; ${pair}`, 'Request-Token': pair.split('=')[1] })).statusCode, 200);
});

test('browsers are told to insist on TLS where it is spoken beyond this machine, and nowhere else', async (context) => {
  const directory = scratch(context);
  const headerOf = async (name: string, ...flags: string[]): Promise<string | undefined> => {
    const data = path.join(directory, name);
    const { base } = await started(data, ...flags);
    const address = base.replace('0.0.0.0', '127.0.0.1');
    const isTls = address.startsWith('https');
    const request = isTls ? https.get(address, { ca: readFileSync(path.join(data, 'tls.pem')) }) : http.get(address);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    return response.resume().headers['strict-transport-security'];
  };
  assert.equal(await headerOf('beyond', '--tls-self-signed', '--host', '0.0.0.0'), 'max-age=15768000');
  assert.equal(await headerOf('loopback', '--tls-self-signed'), undefined);
  assert.equal(await headerOf('plain', '--host', '0.0.0.0'), undefined);
});
