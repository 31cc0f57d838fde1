import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import DecryptContentPGP from '../../../processors/pgp/DecryptContentPGP.ts';
import EncryptContentPGP from '../../../processors/pgp/EncryptContentPGP.ts';
import { isPackaged } from '../../../processors/pgp/packaged.ts';
import SignContentPGP from '../../../processors/pgp/SignContentPGP.ts';
import StandardPGPPrivateKeyService from '../../../processors/pgp/StandardPGPPrivateKeyService.ts';
import StandardPGPPublicKeyService from '../../../processors/pgp/StandardPGPPublicKeyService.ts';
import VerifyContentPGP from '../../../processors/pgp/VerifyContentPGP.ts';
import { type RealService, runner } from '../../runner.ts';

const folder = path.join(import.meta.dirname, 'gnupg');
const vector = (name: string): string => readFileSync(path.join(folder, `${name}.asc`), 'utf8');
const LETTER = 'Grüße aus Zürich\n';
const IDS = { ada: '8A51B555E7A336B1', bob: '67792E76A29BB9C5' } as const;
type Person = keyof typeof IDS;

const service = (definition: unknown, properties: Record<string, string>): RealService => ({ definition: definition as RealService['definition'], properties });
const publicKeys = (...people: Person[]) =>
  service(StandardPGPPublicKeyService, { Keyring: vector(`${people[0]}.public`), ...(people[1] ? { 'Keyring File': path.join(folder, `${people[1]}.public.asc`) } : {}) });
const privateKeys = (person: Person, password = 'key password') =>
  service(StandardPGPPrivateKeyService, { 'Keyring File': path.join(folder, `${person}.private.asc`), 'Key Password': password });

/** What a processor makes of one content: where it went, and why it failed. */
async function through(definition: unknown, content: string | Uint8Array, options: { properties?: Record<string, string>; services?: Record<string, RealService> }) {
  const run = runner(definition as typeof EncryptContentPGP, options);
  run.enqueue(content, { filename: 'letter.txt' });
  await run.run();
  const [success, failure] = [run.out('success')[0], run.out('failure')[0]];
  await run.close();
  return { success, failure, reason: run.bulletins.map(({ message }) => message).join() };
}

test('DecryptContentPGP reads what GnuPG wrote: for keys, with passphrases, compressed, signed', async () => {
  const table: [string, object][] = [
    ['for-ada', { services: { 'Private Key Service': privateKeys('ada') } }],
    ['for-bob', { services: { 'Private Key Service': privateKeys('bob') } }],
    ['passphrase', { properties: { Passphrase: 'pass phrase' } }],
    ['passphrase-3des-bzip2', { properties: { Passphrase: 'pass phrase' } }],
    ['signed-by-bob-for-ada', { services: { 'Private Key Service': privateKeys('ada') }, properties: { Passphrase: 'another' } }],
  ];
  for (const [name, options] of table) {
    const { success, reason } = await through(DecryptContentPGP, vector(name), options);
    assert.equal(success?.content, LETTER, `${name}: ${reason}`);
    assert.equal(success?.attributes['pgp.literal.data.filename'], 'letter.txt');
    assert.match(success?.attributes['pgp.literal.data.modified'] ?? '', /^1\d{12}$/);
    assert.match(success?.attributes['pgp.symmetric.key.algorithm.block.cipher'] ?? '', name.includes('3des') ? /^DESede$/ : /^AES$/);
  }
});

test('DecryptContentPGP: what is broken, changed or for others fails with a reason and its own content', async () => {
  const ada = { services: { 'Private Key Service': privateKeys('ada') } };
  const passphrase = { properties: { Passphrase: 'pass phrase' } };
  const encrypted = (await through(EncryptContentPGP, 'x'.repeat(100_000), passphrase)).success!.bytes;
  const changed = Buffer.from(encrypted);
  changed[50_000]! ^= 1;
  const table: [string | Uint8Array, object][] = [
    ['', ada],
    ['hello', ada],
    [randomBytes(5000), ada],
    [Buffer.from([0xc1, 0xff]), ada],
    [vector('for-bob'), ada],
    [vector('signed-by-bob'), ada],
    [vector('for-ada').slice(0, 400), ada],
    [vector('passphrase'), { properties: { Passphrase: 'wrong' } }],
    [encrypted.subarray(0, 60_000), passphrase],
    [changed, passphrase],
  ];
  for (const [content, options] of table) {
    const { failure, success, reason } = await through(DecryptContentPGP, content, options);
    assert.equal(success, undefined);
    assert.deepEqual(failure?.bytes, Buffer.from(content));
    assert.match(reason, /^letter\.txt cannot be decrypted: .{5}/);
  }
});

test('EncryptContentPGP: each algorithm and encoding, for keys by name and id', async () => {
  for (const [algorithm, id] of [
    ['AES_128', '7'],
    ['AES_192', '8'],
    ['AES_256', '9'],
  ]) {
    for (const encoding of ['ASCII', 'BINARY']) {
      const search = {
        'Symmetric-Key Algorithm': algorithm!,
        'File Encoding': encoding,
        'Public Key Search': `\${literal('${algorithm === 'AES_192' ? IDS.bob : 'bob@example.org'}')}`,
      };
      const { success, reason } = await through(EncryptContentPGP, LETTER, { properties: search, services: { 'Public Key Service': publicKeys('ada', 'bob') } });
      assert.ok(success, reason);
      assert.equal(success.content.startsWith('-----BEGIN PGP MESSAGE-----'), encoding === 'ASCII');
      assert.deepEqual(
        ['pgp.symmetric.key.algorithm', 'pgp.symmetric.key.algorithm.id', 'pgp.file.encoding', 'pgp.compression.algorithm.id'].map((name) => success.attributes[name]),
        [algorithm, id, encoding, '0'],
      );
      const back = await through(DecryptContentPGP, success.bytes, { services: { 'Private Key Service': privateKeys('bob') } });
      assert.deepEqual([back.success?.content, back.success?.attributes['pgp.symmetric.key.algorithm.id']], [LETTER, id]);
    }
  }
  const unknown = await through(EncryptContentPGP, LETTER, { properties: { 'Public Key Search': 'eve' }, services: { 'Public Key Service': publicKeys('ada') } });
  assert.match(unknown.reason, /no key for 'eve'/);
  assert.equal(unknown.failure?.content, LETTER);
  assert.match((await runner(EncryptContentPGP).validate()).join(), /neither Passphrase nor Public Key Service/);
});

test('SignContentPGP and VerifyContentPGP: there and back, also through encryption, and what GnuPG signed', async () => {
  for (const person of ['ada', 'bob'] as const) {
    const keys = { services: { 'Private Key Service': privateKeys(person) }, properties: { 'Private Key ID': IDS[person], 'Hash Algorithm': 'SHA256' } };
    const { success, reason } = await through(SignContentPGP, LETTER, keys);
    assert.deepEqual([success?.attributes['pgp.signature.key.id'], success?.attributes['pgp.signature.hash.algorithm.id']], [IDS[person], person === 'ada' ? '8' : '10'], reason);
    assert.equal(success?.attributes['pgp.signature.algorithm'], person === 'ada' ? 'SHA256withRSA' : 'SHA512withEdDSA');
    assert.match(success!.attributes['pgp.signature.created']!, /^1\d{12}$/);
    const verified = await through(VerifyContentPGP, success!.bytes, { services: { 'Public Key Service': publicKeys(person) } });
    assert.deepEqual([verified.success?.content, verified.success?.attributes['pgp.signature.key.id']], [LETTER, IDS[person]], verified.reason);
    // Encrypting a signed message does not package it again, and decrypting it can leave it packaged.
    const sealed = await through(EncryptContentPGP, success!.bytes, { properties: { Passphrase: 'p' } });
    const opened = await through(DecryptContentPGP, sealed.success!.bytes, { properties: { Passphrase: 'p', 'Decryption Strategy': 'PACKAGED' } });
    assert.deepEqual(opened.success?.bytes, success!.bytes, opened.reason);
    const byGnuPG = await through(VerifyContentPGP, vector(`signed-by-${person}`), { services: { 'Public Key Service': publicKeys('ada', 'bob') } });
    assert.equal(byGnuPG.success?.content, LETTER, byGnuPG.reason);
  }
  const packaged = await through(DecryptContentPGP, vector('signed-by-bob-for-ada'), {
    services: { 'Private Key Service': privateKeys('ada') },
    properties: { 'Decryption Strategy': 'PACKAGED' },
  });
  const verified = await through(VerifyContentPGP, packaged.success!.bytes, { services: { 'Public Key Service': publicKeys('bob') } });
  assert.equal(verified.success?.content, LETTER, verified.reason);
});

test('VerifyContentPGP: changed, unsigned and unknown fail, with what the signature said', async () => {
  const keys = { services: { 'Private Key Service': privateKeys('bob') }, properties: { 'Private Key ID': IDS.bob } };
  const signed = (await through(SignContentPGP, 'x'.repeat(70_000), keys)).success!.bytes;
  const changed = Buffer.from(signed);
  changed[40_000]! ^= 1;
  const bob = { services: { 'Public Key Service': publicKeys('bob') } };
  for (const content of [changed, signed.subarray(0, 69_000), vector('signed-by-ada'), vector('passphrase'), 'hello', '']) {
    const { failure, reason } = await through(VerifyContentPGP, content, bob);
    assert.deepEqual(failure?.bytes, Buffer.from(content));
    assert.match(reason, /cannot be verified: .{5}/);
  }
  assert.equal((await through(VerifyContentPGP, vector('signed-by-ada'), bob)).failure?.attributes['pgp.signature.key.id'], IDS.ada);
  const unknown = await through(SignContentPGP, LETTER, { ...keys, properties: { 'Private Key ID': '0123456789ABCDEF' } });
  assert.match(unknown.reason, /no key with the id '0123456789ABCDEF'/);
});

test('key services refuse what holds no keys, and a wrong password', async () => {
  await assert.rejects(
    through(DecryptContentPGP, '', { services: { 'Private Key Service': privateKeys('ada', 'wrong') } }),
    /8A51B555E7A336B1 cannot be decrypted: check Key Password/,
  );
  const nothing = service(StandardPGPPublicKeyService, {});
  await assert.rejects(through(VerifyContentPGP, '', { services: { 'Public Key Service': nothing } }), /neither Keyring File nor Keyring is set/);
  const garbage = service(StandardPGPPublicKeyService, { Keyring: 'hello' });
  await assert.rejects(through(VerifyContentPGP, '', { services: { 'Public Key Service': garbage } }), /Misformed armored text/);
});

test('content is a message already only where its first packet is one', () => {
  for (const bytes of [
    [0x90, 13, 3, 0],
    [0xc4, 13, 3, 1],
    [0xa3, 1],
    [0xc8, 0xff, 0, 0, 1, 0, 2],
    [0xac, 30, 0x62],
    [0xcb, 0xc1, 0x10, 0x62],
  ])
    assert.ok(isPackaged(Buffer.from(bytes)), String(bytes));
  for (const bytes of [[], [0x41], [0xc4, 0x81], [0x90], [0xcb, 0x99, 0x61], [0xef, 0xbb, 0xbf], [0xff, 0xfe]]) assert.ok(!isPackaged(Buffer.from(bytes)), String(bytes));
});

const hasGnuPG = spawnSync('gpg', ['--version']).status === 0;

test('GnuPG reads what is encrypted and signed here', { skip: hasGnuPG ? false : 'no gpg on this machine' }, async () => {
  const home = mkdtempSync(path.join(tmpdir(), 'gnupg-'));
  after(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
    rmSync(home, { recursive: true, force: true });
  });
  const gpg = (input: string | Uint8Array, ...more: string[]) =>
    spawnSync('gpg', ['--homedir', home, '--batch', '--pinentry-mode', 'loopback', '--passphrase', 'key password', '--trust-model', 'always', ...more], { input });
  for (const name of ['ada.private', 'bob.private']) assert.equal(gpg(vector(name), '--import').status, 0);
  const content = randomBytes(300_000);
  for (const person of ['ada', 'bob'] as const) {
    for (const encoding of ['ASCII', 'BINARY']) {
      const services = { 'Public Key Service': publicKeys(person) };
      const encrypted = await through(EncryptContentPGP, content, { services, properties: { 'Public Key Search': person, 'File Encoding': encoding } });
      assert.deepEqual(gpg(encrypted.success!.bytes, '--decrypt').stdout, content);
      const keys = { 'Private Key ID': IDS[person], 'File Encoding': encoding };
      const signed = await through(SignContentPGP, content, { services: { 'Private Key Service': privateKeys(person) }, properties: keys });
      const opened = gpg(signed.success!.bytes, '--decrypt');
      assert.match(String(opened.stderr), /Good signature/);
      assert.deepEqual(opened.stdout, content);
      const detached = await through(SignContentPGP, content, {
        services: { 'Private Key Service': privateKeys(person) },
        properties: { ...keys, 'Signing Strategy': 'DETACHED' },
      });
      const file = path.join(home, 'detached.sig');
      writeFileSync(file, detached.success!.bytes);
      assert.match(String(gpg(content, '--verify', file, '-').stderr), /Good signature/);
    }
  }
});
