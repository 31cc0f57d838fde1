import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { mock, test } from 'node:test';
import { checkPassword, generatePassword, hashPassword, isPassword } from '../../server/security/passwords.ts';

test('a password is stored as scrypt with its cost and a salt of its own', async () => {
  const [one, other] = [await hashPassword('correct horse battery'), await hashPassword('correct horse battery')];
  assert.match(one, /^\$scrypt\$ln=15,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(one, other);
  assert.doesNotMatch(one, /horse/);
  // The same from Python: hashlib.scrypt(b'correct horse battery', salt=bytes(range(16)), n=32768, r=8, p=1, maxmem=2**26, dklen=32)
  const foreign = `$scrypt$ln=15,r=8,p=1$${Buffer.from([...Array(16).keys()])
    .toString('base64')
    .replaceAll('=', '')}$xy6UCICz8Vv/P6JqOkkUD4DOmhxN0tXSe6sQAUBxupQ`;
  assert.equal(await isPassword('correct horse battery', foreign), true);
});

test('only the password itself is right, however it was typed', async () => {
  const stored = await hashPassword('Größe über alles');
  const table: [string, boolean][] = [
    ['Größe über alles', true],
    ['Größe über alles'.normalize('NFD'), true],
    ['größe über alles', false],
    ['Größe über alles ', false],
    ['', false],
    ['x'.repeat(100_000), false],
  ];
  for (const [password, right] of table) assert.equal(await isPassword(password, stored), right, password.slice(0, 20));
  await assert.rejects(isPassword('x', 'plain text'), /set-password/);
});

test('hashes are compared in constant time', async () => {
  const stored = await hashPassword('correct horse battery');
  const compare = mock.method(crypto, 'timingSafeEqual');
  syncBuiltinESMExports();
  try {
    await isPassword('wrong horse battery', stored);
    assert.equal(compare.mock.callCount(), 1);
  } finally {
    compare.mock.restore();
    syncBuiltinESMExports();
  }
});

test('what is easily guessed is refused with what to do', () => {
  const table: [string, RegExp][] = [
    ['', /0 characters.*at least 12/],
    ['eleven char', /11 characters.*at least 12/],
    ['😀'.repeat(11), /11 characters/],
    ['x'.repeat(1025), /at most 1024/],
    ['Administrator', /the user's name/],
  ];
  for (const [password, message] of table) assert.throws(() => checkPassword('administrator', password), message);
  for (const password of ['twelve chars', '😀'.repeat(1024), generatePassword()]) checkPassword('administrator', password);
});

test('generated passwords have 120 bits in letters that nobody mistakes', () => {
  const made = new Set(Array.from({ length: 100 }, generatePassword));
  assert.equal(made.size, 100);
  for (const password of made) assert.match(password, /^[0-9a-hjkmnp-tv-z]{24}$/);
});
