import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Figure, Run } from '../../server/engine/run.ts';
import { apportioned } from '../../server/engine/run-shares.ts';
import { type Faults, RunWorld } from './run-world.ts';

const ROWS = 400;

/** Lets the world run until all is read and sent; kills it now and then. Returns how often. */
async function live(world: RunWorld, killRate: number): Promise<number> {
  let kills = 0;
  for (let step = 0; !world.isDone; step++) {
    assert.ok(step < 20_000, `it does not come to an end: ${world.cursor} rows were read`);
    await world.clock.advance(Math.floor(world.chance() * 15));
    if (world.chance() >= killRate) continue;
    world.kill();
    kills++;
  }
  return kills;
}

const sum = (runs: readonly Run[], figure: Figure): number => runs.reduce((total, { figures }) => total + figures[figure], 0);

/** The tracker's counts against the destination's own. */
function check(world: RunWorld, hint: string): Run[] {
  const runs = world.runs();
  const { accepted, rejected } = world.destination;
  assert.equal(sum(runs, 'rowsRead'), ROWS, `${hint}: rows read`);
  assert.equal(sum(runs, 'rowsSent') + sum(runs, 'rowsUnchanged'), accepted.size, `${hint}: rows that the destination has`);
  assert.equal(sum(runs, 'rowsRejected'), rejected.size, `${hint}: rows that it refused`);
  assert.equal(accepted.size + rejected.size, ROWS, `${hint}: all rows came`);
  for (const run of runs) assert.ok(run.ended !== null && run.outcome !== null, `${hint}: run ${run.id} goes on for ever`);
  const kept = runs.flatMap(({ id }) => world.rejectedRows(id)).sort((a, b) => a - b);
  assert.deepEqual(
    kept,
    [...rejected].sort((a, b) => a - b),
    `${hint}: rejected rows that are kept`,
  );
  return runs;
}

async function property(seeds: number, killRate: number, faults: Faults, each: (world: RunWorld, runs: Run[], kills: number, hint: string) => void): Promise<number> {
  let kills = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const world = new RunWorld(seed, ROWS, faults);
    const died = await live(world, killRate);
    kills += died;
    const hint = `seed ${seed}`;
    each(world, check(world, hint), died, hint);
  }
  return kills;
}

test('without faults every run counts its own rows, and everything is sent', async () => {
  await property(10, 0, { rate: 0, merges: false }, (world, runs, _, hint) => {
    assert.equal(sum(runs, 'rowsUnchanged'), 0, hint);
    assert.equal(sum(runs, 'requests'), world.destination.requests, hint);
    for (const { figures, errors } of runs) {
      assert.equal(figures.rowsSent + figures.rowsRejected, figures.rowsRead, hint);
      assert.deepEqual(errors, [], hint);
    }
  });
});

test('under faults, retries and splits each run counts its own rows exactly, and every request that was made', async () => {
  await property(40, 0, { rate: 0.15, merges: false }, (world, runs, _, hint) => {
    assert.equal(sum(runs, 'requests'), world.destination.requests, `${hint}: requests that were rolled back were made all the same`);
    for (const { id, figures } of runs) assert.equal(figures.rowsSent + figures.rowsUnchanged + figures.rowsRejected, figures.rowsRead, `${hint}: run ${id}`);
  });
});

test('under kills too, rows count exactly; of requests only those of the last moments before a kill may be missing', async () => {
  const kills = await property(40, 0.05, { rate: 0.15, merges: false }, (world, runs, died, hint) => {
    for (const { id, figures } of runs) assert.equal(figures.rowsSent + figures.rowsUnchanged + figures.rowsRejected, figures.rowsRead, `${hint}: run ${id}`);
    const requests = sum(runs, 'requests');
    assert.ok(requests <= world.destination.requests && (died > 0 || requests === world.destination.requests), hint);
  });
  assert.ok(kills > 100, `only ${kills} kills`);
});

test('merges of several runs count right all together, and each run comes to its end', async () => {
  const kills = await property(40, 0.05, { rate: 0.15, merges: true }, () => undefined);
  assert.ok(kills > 100, `only ${kills} kills`);
});

test('an amount is divided so that its parts add up to it', () => {
  assert.deepEqual(
    apportioned(7, [
      [1, 60],
      [2, 40],
    ]),
    [
      [1, 4],
      [2, 3],
    ],
  );
  for (let amount = 0; amount < 50; amount++) {
    const parts = apportioned(amount, [
      [1, 0.37],
      [2, 5],
      [3, 1.1],
    ]);
    assert.equal(
      parts.reduce((total, [, part]) => total + part, 0),
      amount,
    );
  }
});
