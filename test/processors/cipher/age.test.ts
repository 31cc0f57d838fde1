import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import DecryptContentAge from '../../../processors/cipher/DecryptContentAge.ts';
import EncryptContentAge from '../../../processors/cipher/EncryptContentAge.ts';
import { type Runner, runner } from '../../runner.ts';

/** Made by age-keygen and age 1.2.1, the reference implementation. */
const PRIVATE = 'AGE-SECRET-KEY-1FH8G5WRH348VTJ9EAHF68D3TGAXAMXGDMGR4TDSCQFJ6A3PD06QQXNRA6T';
const PUBLIC = 'age1z49xghd76c0xktn27esnz85xvzllc8ahysaj3uacklhzfguje52syxmx5n';
const LETTER = 'Grüße aus Zürich\n';
const BINARY = Buffer.from(
  'YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBmdkxZR0FndUdXeTJMc1d3YkgxUUNzY01GRHllZDUwNkRvMFcrVlR0aFJ3CmIzWjRCYThBWmk0ZC9RWXpEaFVzb3JTRTRKQzJCd3AzUXIxdWRWNzVlVVEKLS0tIEIyU0dHU2dBejFsVFNLZnhMaVdEU25nNkYrMlJKZUtBVWFxd2ZPbkhJR3cKsX09V54u9qCKqQr61je6bksH6jAH3ecvNoHT4eOvlrnu4WBaKQ5DOW4Rd8vo7Evzx24cbw==',
  'base64',
);
const ARMORED = `-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSB3bzZaaUd2SXFUdGpFZUJm
VW5RcWl5OCsxbEVlRXlWeVNzT2pQT01uTTNzCitwSkJ4cldsUSt0VW9ySmQwd1Fy
K3hnZFQybWgrVDJHYUplMG15eG9Fd00KLS0tIHpRbC9TN2dsVktjbFFKdGlQc0dY
TUNkMVBaWlRWcjFoK3NRTE5BdUJ3QmsKMyZ3tMRvTkwaabwXRtpb+35VgBufC4GP
ePAKvxnjbYEjily9I8gd+OipYqP5/ndSS5N4Dw==
-----END AGE ENCRYPTED FILE-----
`;

const encrypt = { 'Public Key Recipients': `# a comment\n${PUBLIC}` };
const decrypt = { 'Private Key Identities': `# created: today\n${PRIVATE}\n` };

async function through(definition: unknown, content: string | Uint8Array, properties: Record<string, string>) {
  const run = runner(definition as typeof EncryptContentAge, { properties }) as Runner<'success' | 'failure'>;
  run.enqueue(content, { filename: 'letter.txt' });
  await run.run();
  const result = { success: run.out('success')[0], failure: run.out('failure')[0], reason: run.bulletins.map(({ message }) => message).join() };
  await run.close();
  return result;
}

test('DecryptContentAge reads what age wrote, binary and armored', async () => {
  for (const content of [BINARY, ARMORED, `\n${ARMORED.replaceAll('\n', '\r\n')}\n`]) {
    const { success, reason } = await through(DecryptContentAge, content, decrypt);
    assert.equal(success?.content, LETTER, reason);
  }
});

test('there and back, binary and armored, of every length around lines and chunks', async () => {
  for (const encoding of ['BINARY', 'ASCII']) {
    for (const length of [0, 1, 47, 48, 49, 65_535, 65_536, 65_537, 300_000]) {
      const content = randomBytes(length);
      const { success } = await through(EncryptContentAge, content, { ...encrypt, 'File Encoding': encoding });
      assert.equal(success!.content.startsWith('-----BEGIN AGE ENCRYPTED FILE-----\n'), encoding === 'ASCII');
      const back = await through(DecryptContentAge, success!.bytes, decrypt);
      assert.deepEqual(back.success?.bytes, content, `${length}: ${back.reason}`);
    }
  }
});

test('what is broken, changed or for others fails with a reason and its own content', async () => {
  const long = (await through(EncryptContentAge, 'x'.repeat(200_000), encrypt)).success!.bytes;
  const armored = (await through(EncryptContentAge, 'x'.repeat(200_000), { ...encrypt, 'File Encoding': 'ASCII' })).success!.content;
  const changed = Buffer.from(long);
  changed[150_000]! ^= 1;
  const table = [
    '',
    'hello',
    '-----BEGIN AGE ENCRYPTED FILE-----\n',
    randomBytes(1000),
    BINARY.subarray(0, 60),
    long.subarray(0, 100_000),
    changed,
    armored.slice(0, 100_000),
    armored.replace('\n-----END', '\nAAAA\n-----END'),
    `${ARMORED}more`,
    ARMORED.replace('\n', '\n\u0000'),
    'a'.repeat(100_000),
  ];
  for (const content of table) {
    const { success, failure, reason } = await through(DecryptContentAge, content, decrypt);
    assert.equal(success, undefined, String(content).slice(0, 80));
    assert.deepEqual(failure?.bytes, Buffer.from(content));
    assert.match(reason, /^letter\.txt cannot be decrypted: .{5}/);
  }
  const other = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';
  assert.match((await through(DecryptContentAge, BINARY, { 'Private Key Identities': other })).reason, /cannot be decrypted/);
});

test('keys come from files and URLs too; what holds none is refused', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'age-'));
  const server = createServer((request, response) => response.writeHead(request.url === '/key' ? 200 : 404).end(PUBLIC));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  const file = path.join(folder, 'key.txt');
  writeFileSync(file, PRIVATE);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = (place: string) => ({ 'Public Key Source': 'RESOURCES', 'Public Key Recipient Resources': place });
  const { success } = await through(EncryptContentAge, LETTER, source(`${url}/key`));
  assert.equal((await through(DecryptContentAge, success!.bytes, { 'Private Key Source': 'RESOURCES', 'Private Key Identity Resources': file })).success?.content, LETTER);
  await assert.rejects(through(EncryptContentAge, LETTER, source(`${url}/key, ${url}/other`)), /answered 404/);
  await assert.rejects(through(EncryptContentAge, LETTER, source(file)), /a line must begin with age1/);
  assert.match((await runner(EncryptContentAge, { properties: { 'Public Key Recipients': 'hello' } }).validate()).join(), /a line must begin with age1/);
  const steps = await runner(DecryptContentAge, { properties: decrypt }).verify();
  assert.deepEqual(steps.at(-1), { name: 'Verify Private Key Identities', outcome: 'SUCCESSFUL', explanation: 'Private Key Identities found: 1' });
});

const hasAge = spawnSync('age', ['--version']).status === 0;

test('age reads what is encrypted here', { skip: hasAge ? false : 'no age on this machine' }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'age-'));
  after(() => rmSync(folder, { recursive: true }));
  const key = path.join(folder, 'key.txt');
  writeFileSync(key, PRIVATE);
  for (const encoding of ['BINARY', 'ASCII']) {
    const content = randomBytes(200_000);
    const { success } = await through(EncryptContentAge, content, { ...encrypt, 'File Encoding': encoding });
    assert.deepEqual(spawnSync('age', ['--decrypt', '-i', key], { input: success!.bytes }).stdout, content);
  }
});
