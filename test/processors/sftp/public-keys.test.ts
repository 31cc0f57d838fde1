import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import { parsePublicKeys } from '../../../processors/sftp/public-keys.ts';

const text = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part as string);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );

const blob = Buffer.from('what SSH wants signed');
const number = (bytes: Buffer): Buffer => (bytes[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);

/** What a FIDO device answers (OpenSSH's PROTOCOL.u2f), made with node:crypto. */
function signature(key: KeyObject, flags: number, application: string): Buffer {
  const tail = Buffer.from([flags, 0, 0, 0, 7]);
  const data = Buffer.concat([createHash('sha256').update(application).digest(), tail, createHash('sha256').update(blob).digest()]);
  if (key.asymmetricKeyType === 'ed25519') return Buffer.concat([sign(null, data, key), tail]);
  const pair = sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' });
  return Buffer.concat([text(number(pair.subarray(0, 32)), number(pair.subarray(32))), tail]);
}

const ED25519 = 'sk-ssh-ed25519@openssh.com';
const NISTP256 = 'sk-ecdsa-sha2-nistp256@openssh.com';

for (const type of [ED25519, NISTP256])
  test(`${type}: only its own signature with a touch counts`, () => {
    const pair = type === ED25519 ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = pair.publicKey.export({ format: 'jwk' });
    const point = (part?: string): Buffer => Buffer.from(part ?? '', 'base64url');
    const wire = type === ED25519 ? text(type, point(x), 'ssh:') : text(type, 'nistp256', Buffer.concat([Buffer.from([4]), point(x), point(y)]), 'ssh:');
    const [key] = parsePublicKeys(`${type} ${wire.toString('base64')} ann@example`);
    const verify = (signed: Buffer, of = blob): boolean => key!.verify({ blob: of, signature: signed, hash: undefined });
    assert.equal(key!.comment, 'ann@example');
    // The numbers of ECDSA have leading zeros now and then.
    for (let round = 0; round < 50; round++) assert.ok(verify(signature(pair.privateKey, 1, 'ssh:')));
    const good = signature(pair.privateKey, 1, 'ssh:');
    const counted = Buffer.from(good);
    counted[counted.length - 1]! ^= 1;
    assert.ok(!verify(good, Buffer.from('another session')));
    assert.ok(!verify(counted));
    assert.ok(!verify(signature(pair.privateKey, 0, 'ssh:')), 'nobody touched it');
    assert.ok(!verify(signature(pair.privateKey, 1, 'https://example.org')));
    for (const length of [0, 4, 5, 20]) assert.ok(!verify(good.subarray(0, length)));
  });

test('what is no key that may be used is refused with its line', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({ format: 'jwk' });
  const rsa = text('ssh-rsa', Buffer.from(weak.e!, 'base64url'), number(Buffer.from(weak.n!, 'base64url')));
  const cases: readonly (readonly [string, RegExp])[] = [
    ['', /no public key/],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nabc', /private key/],
    ['# a comment\nssh-dss AAAA', /Line 2 .*ssh-dss/],
    ['from="10.0.0.1" ssh-ed25519 AAAA', /options and certificates/],
    ['ssh-ed25519 ????', /not base64/],
    [`ssh-ed25519 ${rsa.toString('base64')}`, /another type/],
    [`ssh-ed25519 ${text('ssh-ed25519', 'short').toString('base64')}`, /damaged/],
    [`${ED25519} ${text(ED25519, Buffer.alloc(32)).toString('base64')}`, /damaged/],
    [`ssh-rsa ${rsa.toString('base64')}`, /at least 2048 bits/],
  ];
  for (const [line, reason] of cases) assert.throws(() => parsePublicKeys(line), reason, line);
});
