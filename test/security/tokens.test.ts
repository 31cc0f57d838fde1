import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { TOKEN_SECONDS } from '../../server/security/tokens.ts';
import { LoginRig, PASSWORD } from './login-rig.ts';

test('a token says who, by whom and until when, and nothing else', async () => {
  const rig = await LoginRig.make();
  const token = await rig.tokens.issue(rig.users.find('admin')!);
  const [header, claims] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>) as [JWTPayload, JWTPayload];
  assert.deepEqual(header, { alg: 'HS256', typ: 'JWT' });
  const { jti, ...others } = claims;
  assert.match(jti!, /^[0-9a-f-]{36}$/);
  const expected = {
    preferred_username: 'admin',
    userId: rig.users.find('admin')!.id,
    passwordVersion: 1,
    iss: 'millrace',
    aud: 'millrace',
    sub: 'admin',
    iat: rig.seconds,
    exp: rig.seconds + TOKEN_SECONDS,
  };
  assert.deepEqual(others, expected);
  assert.equal((await rig.tokens.identify(token))?.identity, 'admin');
});

test('only tokens that this server made and that count still are read', async () => {
  const rig = await LoginRig.make();
  const good = await rig.tokens.issue(rig.users.find('admin')!);
  const claims = { sub: 'admin', userId: rig.users.find('admin')!.id, jti: 'x', iss: 'millrace', aud: 'millrace', passwordVersion: 1, iat: rig.seconds, exp: rig.seconds + 60 };
  const signed = (payload: JWTPayload, alg = 'HS256', key = rig.key): Promise<string> => new SignJWT(payload).setProtectedHeader({ alg }).sign(key);
  const [header, payload, signature] = good.split('.') as [string, string, string];
  const without = (name: keyof typeof claims): JWTPayload => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
  assert.equal((await rig.tokens.identify(await signed(claims)))?.identity, 'admin', 'what the table departs from');
  const table: [string, string][] = [
    ['empty', ''],
    ['garbled', 'a.b.c'],
    ['cut', good.slice(0, -1)],
    ['another payload', `${header}.${Buffer.from(JSON.stringify({ ...claims, sub: 'root' })).toString('base64url')}.${signature}`],
    ['no signature', `${header}.${payload}.`],
    ['alg none', new UnsecuredJWT(claims).encode()],
    ['alg none with a signature', `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.${signature}`],
    ['another algorithm', await signed(claims, 'HS512', createSecretKey(Buffer.alloc(64, 7)))],
    ['another key', await signed(claims, 'HS256', createSecretKey(Buffer.alloc(32, 8)))],
    ['expired', await signed({ ...claims, exp: rig.seconds })],
    ['another issuer', await signed({ ...claims, iss: 'nifi' })],
    ['for another audience', await signed({ ...claims, aud: 'nifi' })],
    ['never expires', await signed(without('exp'))],
    ['no id', await signed(without('jti'))],
    ['nobody', await signed(without('sub'))],
    ['an unknown user', await signed({ ...claims, sub: 'nobody' })],
    ['another password', await signed({ ...claims, passwordVersion: 2 })],
    ['no password', await signed(without('passwordVersion'))],
  ];
  for (const [what, token] of table) assert.equal(await rig.tokens.identify(token), undefined, what);
});

test('a token ends when it expires, when the password changes and when it is revoked', async () => {
  const rig = await LoginRig.make();
  const issue = (): Promise<string> => rig.tokens.issue(rig.users.find('admin')!);
  const [first, second] = [await issue(), await issue()];
  await rig.tokens.revoke(first);
  await rig.tokens.revoke(first);
  await rig.tokens.revoke('garbage');
  assert.deepEqual([await rig.tokens.identify(first), (await rig.tokens.identify(second))?.identity, rig.revoked], [undefined, 'admin', 1]);
  rig.now += (TOKEN_SECONDS - 1) * 1000;
  assert.equal((await rig.tokens.identify(second))?.identity, 'admin');
  rig.now += 1000;
  assert.equal(await rig.tokens.identify(second), undefined);
  const third = await issue();
  await rig.tokens.revoke(third);
  assert.equal(rig.revoked, 1, 'the first has expired and is forgotten');
  const fourth = await issue();
  await rig.users.setPassword('admin', `${PASSWORD}!`);
  assert.equal(await rig.tokens.identify(fourth), undefined);
});
