import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf, Throttle } from '../../server/extension/throttle.ts';
import { LoginRig, PASSWORD } from './login-rig.ts';

test('the fifth failure and each one after it doubles the wait, up to five minutes; an hour later all is forgotten', () => {
  let now = 0;
  const throttle = new Throttle(() => now);
  const waits: number[] = [];
  for (let n = 0; n < 16; n++) {
    throttle.fail(['user admin']);
    waits.push(throttle.wait(['user admin', 'address 10.0.0.1']) / 1000);
    now += throttle.wait(['user admin']);
    assert.equal(throttle.wait(['user admin']), 0);
  }
  assert.deepEqual(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  now += 3_600_000;
  throttle.fail(['user admin']);
  assert.equal(throttle.wait(['user admin']), 0);
});

test('memory is bounded: the oldest failures are forgotten first', () => {
  const throttle = new Throttle(() => 0);
  for (let n = 0; n < 5; n++) throttle.fail(['user old']);
  for (let n = 0; n < 5; n++) throttle.fail(['user admin']);
  for (let n = 0; n < 9_999; n++) throttle.fail([`user ${n}`]);
  assert.equal(throttle.size, 10_000);
  assert.deepEqual([throttle.wait(['user old']), throttle.wait(['user admin'])], [0, 1000]);
});

test('addresses of one network count as one', () => {
  const table: [string, string][] = [
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::7', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ];
  for (const [address, network] of table) assert.equal(networkOf(address), network);
});

test('many guesses at once are counted one after the other', async () => {
  const { login } = await LoginRig.make();
  const guess = (n: number) => login.enter({ username: 'admin', password: `guess number ${n}` }, `10.0.0.${n}`);
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => guess(n)));
  assert.deepEqual(answers, [...Array(5).fill('refused'), ...Array(15).fill({ retryAfter: 1 })]);
  assert.deepEqual(await login.enter({ username: 'admin', password: PASSWORD }, '10.0.1.1'), { retryAfter: 1 });
});

test('many right logins at once are all let in; more than a hundred are asked to wait', async () => {
  const { login } = await LoginRig.make();
  const answers = await Promise.all(
    Array.from({ length: 102 }, (_, n) =>
      n < 10 || n > 99 ? login.enter({ username: 'admin', password: PASSWORD }, '10.0.0.1') : login.enter({ username: `x${n}`, password: 'x'.repeat(2000) }, `10.0.0.${n}`),
    ),
  );
  assert.equal(answers.filter((answer) => answer !== 'refused' && 'token' in answer).length, 10);
  assert.deepEqual(answers.slice(100), [{ retryAfter: 1 }, { retryAfter: 1 }]);
});

test('a right password clears the count of the user, not of the address', async () => {
  const rig = await LoginRig.make();
  const tries = async (username: string, password: string, times: number): Promise<unknown[]> => {
    const answers = [];
    for (let n = 0; n < times; n++) answers.push(await rig.login.enter({ username, password }, '10.0.0.1'));
    return answers;
  };
  assert.deepEqual(await tries('admin', 'wrong', 4), Array(4).fill('refused'));
  assert.equal((await tries('admin', PASSWORD, 1)).filter((answer) => answer !== 'refused').length, 1);
  assert.equal(rig.throttle.wait(['user admin']), 0);
  assert.deepEqual(await tries('jane', 'wrong', 2), ['refused', { retryAfter: 1 }]);
});
