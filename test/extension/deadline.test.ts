import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Deadline } from '../../server/extension/deadline.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('time runs out also when garbage was collected meanwhile, and says that it was the time', async () => {
  const deadline = new Deadline(new AbortController().signal, 20);
  const keepsAlive = setInterval(collectGarbage, 5);
  await once(deadline.signal, 'abort');
  clearInterval(keepsAlive);
  assert.equal((deadline.signal.reason as Error).name, 'TimeoutError');
});

test('the caller cancels with its own reason, before and after the beginning', () => {
  const caller = new AbortController();
  const deadline = new Deadline(caller.signal);
  caller.abort('enough');
  assert.equal(deadline.signal.reason, 'enough');
  assert.equal(new Deadline(caller.signal).signal.reason, 'enough');
});

test('a closed deadline hears nobody', () => {
  const caller = new AbortController();
  const deadline = new Deadline(caller.signal, 1);
  deadline.close();
  caller.abort();
  assert.equal(deadline.signal.aborted, false);
});

test('whoever does the work may end it, with a reason of his own', () => {
  const deadline = new Deadline(new AbortController().signal, 60_000);
  deadline.stop('disabled');
  assert.equal(deadline.signal.reason, 'disabled');
  deadline.close();
});
