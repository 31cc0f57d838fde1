import assert from 'node:assert/strict';
import { test } from 'node:test';
import VerifyContentMAC from '../../../processors/cipher/VerifyContentMAC.ts';
import { runner } from '../../runner.ts';

/** RFC 4231, test case 2. */
const SHA256 = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
const SHA512 = '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737';
const CONTENT = 'what do ya want for nothing?';

async function verify(properties: Record<string, string>, code: string) {
  const run = runner(VerifyContentMAC, {
    properties: {
      'Message Authentication Code Algorithm': 'HmacSHA256',
      'Message Authentication Code': `\${code}`,
      'Secret Key Encoding': 'UTF8',
      'Secret Key': 'Jefe',
      ...properties,
    },
  });
  run.enqueue(CONTENT, { filename: 'f', code });
  await run.run();
  return { counts: run.counts, attributes: (run.out('success')[0] ?? run.out('failure')[0])!.attributes, reason: run.bulletins.map(({ message }) => message).join() };
}

test('VerifyContentMAC: the codes of RFC 4231, in both encodings', async () => {
  const table: [Record<string, string>, string][] = [
    [{}, SHA256],
    [{}, SHA256.toUpperCase()],
    [{ 'Message Authentication Code Algorithm': 'HmacSHA512' }, SHA512],
    [{ 'Message Authentication Code Encoding': 'BASE64' }, Buffer.from(SHA256, 'hex').toString('base64')],
    [{ 'Secret Key Encoding': 'HEXADECIMAL', 'Secret Key': '4a656665' }, SHA256],
    [{ 'Secret Key Encoding': 'BASE64', 'Secret Key': 'SmVmZQ==' }, SHA256],
  ];
  for (const [properties, code] of table) {
    const { counts, attributes } = await verify(properties, code);
    assert.deepEqual(counts, { success: 1 }, JSON.stringify(properties));
    assert.equal(attributes['mac.calculated'], properties['Message Authentication Code Encoding'] ? code : code.toLowerCase());
    assert.equal(attributes['mac.algorithm'], properties['Message Authentication Code Algorithm'] ?? 'HmacSHA256');
  }
});

test('VerifyContentMAC: wrong and unreadable codes fail with a reason', async () => {
  const wrong = await verify({ 'Secret Key': 'other' }, SHA256);
  assert.deepEqual([wrong.counts, wrong.attributes['mac.encoding']], [{ failure: 1 }, 'HEXADECIMAL']);
  assert.match(wrong.reason, /it was changed, or the keys differ/);
  assert.deepEqual((await verify({}, SHA256.slice(2))).counts, { failure: 1 });
  assert.match((await verify({}, 'xyz')).reason, /'xyz' is not a valid HEXADECIMAL value/);
  assert.match(
    (
      await runner(VerifyContentMAC, { properties: { 'Message Authentication Code Algorithm': 'HmacSHA256', 'Message Authentication Code': 'a', 'Secret Key': 'abc' } }).validate()
    ).join(),
    /Secret Key is not a valid HEXADECIMAL/,
  );
});
