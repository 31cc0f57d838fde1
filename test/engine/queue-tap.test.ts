import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowFileRecord } from '../../server/engine/flowfile-record.ts';
import { FlowFileQueue } from '../../server/engine/queue.ts';
import { MOST_PASSED, QueueTap } from '../../server/engine/queue-tap.ts';
import { ManualClock } from '../manual-clock.ts';

const ids = { uuidOf: (id: number) => `uuid-${id}`, idOf: () => undefined };

function emptyQueue(): FlowFileQueue {
  const runnable = { ready: true } as never;
  return new FlowFileQueue('queue', 1, runnable, runnable);
}

test('a tap keeps the latest, newest first, and goes away when nobody looks', async () => {
  const clock = new ManualClock();
  const queue = emptyQueue();
  const add = (id: number) => queue.add(new FlowFileRecord(id, ids, 0, 0));
  add(1);
  assert.equal(queue.tap, undefined);
  const tap = QueueTap.on(queue, clock);
  assert.deepEqual(
    tap.after(0).map(({ flowFile }) => flowFile.id),
    [1],
  );
  for (let id = 2; id <= MOST_PASSED + 3; id++) add(id);
  assert.equal(tap.sequence, MOST_PASSED + 3);
  assert.equal(tap.after(0).length, MOST_PASSED);
  assert.deepEqual(
    tap.after(MOST_PASSED + 1).map(({ flowFile }) => flowFile.id),
    [MOST_PASSED + 3, MOST_PASSED + 2],
  );
  await clock.advance(9000);
  assert.equal(QueueTap.on(queue, clock), tap);
  await clock.advance(9000);
  assert.equal(queue.tap, tap, 'somebody looked meanwhile');
  await clock.advance(2000);
  assert.equal(queue.tap, undefined);
});
