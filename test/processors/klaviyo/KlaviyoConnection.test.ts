import assert from 'node:assert/strict';
import { test } from 'node:test';
import KlaviyoConnection from '../../../processors/klaviyo/KlaviyoConnection.ts';
import { KlaviyoClient } from '../../../processors/klaviyo/klaviyo-client.ts';
import { type KlaviyoEmulator, refusal } from '../../emulators/klaviyo.ts';
import { withKlaviyo } from './account.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const { signal } = new AbortController();

function verified(klaviyo: KlaviyoEmulator, key = 'pk_test', revision = '2026-07-15') {
  const context = { properties: { key, revision, url: klaviyo.url, timeout: 5000 }, signal, now: Date.now };
  return KlaviyoConnection.verify!(context as unknown as Parameters<NonNullable<typeof KlaviyoConnection.verify>>[0]);
}

test('Test connection names its steps and previews profiles; what the key may not is skipped', () =>
  withKlaviyo(async (klaviyo) => {
    klaviyo.define({ id: 'M1', name: 'Placed Order', integration: 'Shopify' });
    klaviyo.put('P1', NOON, { email: 'a@example.com' });
    klaviyo.fail('/metrics', refusal(403, 'permission_denied', 'Missing scope metrics:read'));
    const steps = await verified(klaviyo);
    assert.deepEqual(
      steps.map(({ name, outcome }) => [name, outcome]),
      [
        ['Read the account', 'SUCCESSFUL'],
        ['Read metrics', 'SKIPPED'],
        ['Read profiles', 'SUCCESSFUL'],
      ],
    );
    assert.match(steps[0]!.explanation, /belongs to Shop/);
    assert.match(steps[1]!.explanation, /metrics:read/);
    assert.deepEqual(steps[2]!.preview, [{ id: 'P1', email: 'a@example.com', updated: '2026-11-20T12:00:00+00:00' }]);
  }));

test('a wrong key fails the first step, and is in no message', () =>
  withKlaviyo(async (klaviyo) => {
    const steps = await verified(klaviyo, 'pk_secret');
    assert.deepEqual(
      steps.map(({ outcome }) => outcome),
      ['FAILED', 'SKIPPED', 'SKIPPED'],
    );
    assert.doesNotMatch(JSON.stringify(steps), /pk_secret/);
  }));

test('a page too many waits for its turn; the limits of a minute hold for all who use the key', () =>
  withKlaviyo(
    async (klaviyo) => {
      for (let index = 0; index < 450; index++) klaviyo.put(`P${String(index).padStart(3, '0')}`, NOON + index * 1000);
      const client = await KlaviyoClient.open({ url: klaviyo.url, key: 'pk_test', revision: '2026-07-15', timeout: 5000 });
      const ids: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await client.profiles({ from: NOON, to: NOON + 400_000, cursor }, [], signal);
        ids.push(...page.objects.map(({ id }) => id));
        if (page.next === undefined) break;
        cursor = page.next;
      }
      assert.deepEqual(
        ids,
        Array.from({ length: 400 }, (_, index) => `P${String(index).padStart(3, '0')}`),
      );
      await assert.rejects(client.profiles({ from: 0, to: NOON, cursor: 'nonsense' }, [], signal), { kind: 'cursor' });
      await client.close();
    },
    { profiles: { burst: 1, steady: 100 } },
  ));
