import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsOf, releaseLimits } from '../../../processors/hubspot/account-limits.ts';

test('who has the same token shares the limits, until the last one lets go', () => {
  const one = limitsOf('https://a', 'token', 4);
  assert.equal(limitsOf('https://a', 'token', 4), one);
  assert.notEqual(limitsOf('https://a', 'other', 4), one);
  releaseLimits('https://a', 'token');
  assert.equal(limitsOf('https://a', 'token', 4), one);
  for (const _ of [1, 2]) releaseLimits('https://a', 'token');
  assert.notEqual(limitsOf('https://a', 'token', 4), one);
});
