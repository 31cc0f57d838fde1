import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { places } from '../../server/config.ts';
import { openMillrace } from '../../server/millrace.ts';
import { loadTokenKey } from '../../server/security/tokens.ts';
import { loadKey, secretsWith } from '../../server/security/secrets.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const main = path.join(places.project, 'dist', 'server', 'main.js');
const until = path.join(path.dirname(fileURLToPath(import.meta.url)), 'rotate-until.ts');
const INVOKE = 'org.apache.nifi.processors.standard.InvokeHTTP';
const claim = { version: 0 };

const rotate = (data: string, env: Record<string, string> = {}) =>
  spawnSync(process.execPath, [main, 'key', 'rotate', '--data', data], { encoding: 'utf8', timeout: 60_000, env: { ...process.env, ...env } });

const open = (data: string, key?: string) => openMillrace({ dataDirectory: data, key, log: () => undefined });

/** A data directory with a parameter, two processors that have secrets, and a key of login tokens. */
async function filled(): Promise<{ data: string; tokenKey: Buffer }> {
  const data = path.join(temporaryDirectory(), 'data');
  const { flow, close } = await open(data);
  flow.createParameterContext(claim, { name: 'Shop', parameters: [{ name: 'key', sensitive: true, value: 'secret of the parameter' }] });
  for (const name of ['one', 'two']) flow.createProcessor(flow.root, claim, { type: INVOKE, name, properties: { 'Request Password': `secret of ${name}` } });
  await close();
  const key = loadTokenKey(path.join(data, 'token.key'), secretsOf(data));
  return { data, tokenKey: key.export() };
}

const secretsOf = (data: string) => secretsWith(loadKey(path.join(data, 'secret.key'), undefined));

/** Opens it and looks at every secret, the key of tokens among them. */
async function checkReadable(data: string, tokenKey: Buffer, key?: string): Promise<void> {
  const { flow, close } = await open(data, key);
  try {
    const contexts = [...flow.parameterContexts.values()];
    assert.equal(contexts[0]!.parameters.get('key')?.value, 'secret of the parameter');
    const secrets = [...flow.root.processors.values()].map(({ properties }) => properties.texts.get('Request Password'));
    assert.deepEqual(secrets.sort(), ['secret of one', 'secret of two']);
  } finally {
    await close();
  }
  const secrets = key === undefined ? secretsOf(data) : secretsWith(Buffer.from(key, 'hex'));
  assert.deepEqual(loadTokenKey(path.join(data, 'token.key'), secrets).export(), tokenKey);
}

test('a change of the key that is killed after any step is finished by the next one, and nothing is lost', async () => {
  const { data, tokenKey } = await filled();
  const oldKey = readFileSync(path.join(data, 'secret.key'), 'utf8');
  let killed = 0;
  for (let steps = 1; ; steps++) {
    const copy = path.join(temporaryDirectory(), 'data');
    cpSync(data, copy, { recursive: true });
    const { status, signal, stderr } = spawnSync(process.execPath, ['--import', 'tsx', until, copy, String(steps)], { encoding: 'utf8', timeout: 60_000 });
    if (status === 0) break;
    assert.equal(signal, 'SIGKILL', stderr);
    killed += 1;
    await assert.rejects(open(copy), /was interrupted\. Finish it with: millrace key rotate/);
    const finished = rotate(copy);
    assert.match(finished.stdout, /^3 sensitive values are encrypted with a new key/, finished.stderr);
    assert.notEqual(readFileSync(path.join(copy, 'secret.key'), 'utf8'), oldKey);
    assert.ok(!existsSync(path.join(copy, 'secret.key.next')));
    await checkReadable(copy, tokenKey);
  }
  assert.equal(killed, 6, 'the key, three components, all of them, the key of tokens');
});

test('the old key reads nothing any more, and files stay closed to others', async () => {
  const { data, tokenKey } = await filled();
  const old = secretsOf(data);
  assert.equal(rotate(data).status, 0);
  await checkReadable(data, tokenKey);
  for (const name of ['secret.key', 'token.key']) assert.equal(statSync(path.join(data, name)).mode & 0o777, 0o600);
  const stored = readdirSync(data)
    .filter((name) => name.startsWith('millrace.db'))
    .flatMap((name) => readFileSync(path.join(data, name), 'latin1').match(/aes256gcm:[A-Za-z0-9+/=]+/g) ?? []);
  assert.ok(stored.length >= 3);
  for (const value of stored) assert.throws(() => old.decrypt(value), /stored with another key/);
});

test('keys come from the environment or a command; a wrong one changes nothing', async () => {
  const { data, tokenKey } = await filled();
  const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];
  assert.match(rotate(data, { MILLRACE_NEW_KEY: first }).stdout, /3 sensitive values .*start Millrace with it from now on/);
  assert.ok(!existsSync(path.join(data, 'secret.key')));
  await checkReadable(data, tokenKey, first);

  const wrong = rotate(data, { MILLRACE_KEY: second, MILLRACE_NEW_KEY: 'c'.repeat(64) });
  assert.deepEqual([wrong.status, wrong.stdout], [1, '']);
  assert.match(wrong.stderr, /stored with another key/);
  assert.match(rotate(data, { MILLRACE_KEY: first }).stderr, /Give the next one as MILLRACE_NEW_KEY/);
  assert.match(rotate(data, { MILLRACE_KEY_COMMAND: 'echo secret-output; exit 3' }).stderr, /MILLRACE_KEY_COMMAND gave no key: it ended with 3/);
  assert.match(rotate(data, { MILLRACE_KEY: first, MILLRACE_KEY_COMMAND: 'true' }).stderr, /Leave one of them out/);
  await checkReadable(data, tokenKey, first);

  const commands = { MILLRACE_KEY_COMMAND: `printf %s ${first}`, MILLRACE_NEW_KEY_COMMAND: `printf %s ${second}` };
  assert.equal(rotate(data, commands).status, 0);
  await checkReadable(data, tokenKey, second);
});
