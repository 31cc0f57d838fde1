import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movementOf, type Samples, sample } from '../../ui/canvas/movement.ts';
import { connection } from './entities.ts';

const seen = (before: Samples, figures: Record<string, number>, now: number) => sample(before, [connection('c', 'a', 'b', { status: figures })], now);
const movement = (samples: Samples, now: number) => movementOf(samples.get('c'), now);

test('what is seen for the first time does not move: nobody knows when its figures came about', () => {
  assert.equal(movement(seen(new Map(), { flowFilesIn: 5, flowFilesOut: 5 }, 1000), 1000), 'recent');
  assert.equal(movement(seen(new Map(), {}, 1000), 1000), 'idle');
});

test('a growing sum moves, and goes on moving for a moment', () => {
  const first = seen(new Map(), { flowFilesIn: 5 }, 1000);
  const second = seen(first, { flowFilesIn: 6 }, 2000);
  assert.equal(movement(second, 2000), 'moving');
  const third = seen(second, { flowFilesIn: 6 }, 4000);
  assert.equal(movement(third, 4000), 'moving');
  assert.equal(movement(seen(third, { flowFilesIn: 6 }, 5000), 5000), 'recent');
});

test('a queue of another length moves; old figures falling out of the five minutes do not', () => {
  const first = seen(new Map(), { flowFilesIn: 9, flowFilesQueued: 4 }, 1000);
  assert.equal(movement(seen(first, { flowFilesIn: 9, flowFilesQueued: 3 }, 2000), 2000), 'moving');
  assert.equal(movement(seen(first, { flowFilesIn: 2, flowFilesQueued: 4 }, 2000), 2000), 'recent');
});
