import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { Database } from '../../../processors/duckdb/database.ts';
import { DuckDB } from '../../../processors/duckdb/duckdb.ts';
import { earlier, LateRows, windowStart } from '../../../processors/warehouse/late-rows.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import { SentRows } from '../../../processors/warehouse/sent-rows.ts';
import { type Runner, runner, temporaryDirectory } from '../../runner.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const BEGIN = Date.parse('2026-03-01T00:00:00Z');

async function withChanges(work: (changes: DuckDB) => Promise<void>): Promise<void> {
  const duckdb = new DuckDB(await Database.open({ path: ':memory:', temporaryDirectory: tmpdir(), readOnly: false, memoryLimit: 128 * 1024 ** 2, threads: 2, directories: [] }));
  try {
    await duckdb.execute('CREATE TABLE changes (id VARCHAR, stamp TIMESTAMP)');
    await work(duckdb);
  } finally {
    await duckdb.close();
  }
}

const follow = (warehouse: DuckDB, properties: Record<string, string> = {}): Runner<'success'> =>
  runner(QueryWarehouse, {
    properties: { 'SQL Query': 'SELECT * FROM changes WHERE stamp >= :last_sync ORDER BY stamp', 'Watermark Column': 'stamp', 'Late Rows Window': '2 hours', ...properties },
    services: { Warehouse: warehouse },
  });

const plain = (warehouse: DuckDB): Runner<'success'> =>
  runner(QueryWarehouse, {
    properties: { 'SQL Query': 'SELECT * FROM changes WHERE stamp >= :last_sync ORDER BY stamp', 'Watermark Column': 'stamp' },
    services: { Warehouse: warehouse },
  });

interface Change {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const insert = (warehouse: DuckDB, rows: readonly Change[]): Promise<number> =>
  warehouse.execute(`INSERT INTO changes VALUES ${rows.map(({ id, at }) => `('${id}', TIMESTAMP '${new Date(at).toISOString().slice(0, -1)}')`).join(', ')}`);

/** One run; the ids that it sent, in order. */
async function sentBy(run: Runner<'success'>): Promise<string[]> {
  run.clear();
  await run.advance(2 * SECOND);
  await run.run();
  return run.out('success').flatMap(({ content }) => (JSON.parse(content) as Change[]).map(({ id }) => id));
}

/** The same numbers for the same seed (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 4294967296) * below);
  };
}

/** Rows of one turn: new ones, late ones inside and outside of the window, and exact copies. `reached` is the highest watermark sent. */
function changesOf(turn: number, reached: number | undefined, draw: (below: number) => number): { rows: Change[]; due: string[] } {
  const rows: Change[] = [];
  const due: string[] = [];
  for (let index = draw(8); index >= 0; index--) {
    const lateness = draw(4) === 0 ? draw(3 * HOUR) : -draw(HOUR / 2);
    const at = (reached ?? BEGIN) - lateness;
    const copies = draw(6) === 0 ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      rows.push({ id: `${turn}-${index}`, at });
      if (reached === undefined || at >= reached - 2 * HOUR - SECOND) due.push(`${turn}-${index}`);
    }
  }
  return { rows, due };
}

test('rows that appear behind the watermark at random are sent once, also where a run is lost or the processor starts again', () =>
  withChanges(async (changes) => {
    for (let seed = 1; seed <= 12; seed++) {
      await changes.execute('DELETE FROM changes');
      const draw = random(seed);
      const run = follow(changes, { 'Records Per FlowFile': String(1 + draw(5)) });
      let [reached, waiting] = [undefined as number | undefined, [] as string[]];
      for (let turn = 0; turn < 20; turn++) {
        const { rows, due } = changesOf(turn, reached, draw);
        await insert(changes, rows);
        waiting.push(...due);
        const before = run.state();
        const sent = await sentBy(run);
        // A kill between the file of fingerprints and the store: what was sent is not there, nor is the state.
        if (draw(4) === 0) {
          run.setState(before);
          continue;
        }
        assert.deepEqual(sent.sort(), waiting.sort(), `seed ${seed}, turn ${turn}`);
        waiting = [];
        reached = Date.parse(`${run.state().last_sync}Z`);
      }
    }
  }));

test('a window that is set later begins where the processor stands, and one that is taken away sends nothing twice', () =>
  withChanges(async (changes) => {
    await insert(changes, [
      { id: 'a', at: BEGIN },
      { id: 'b', at: BEGIN + HOUR },
    ]);
    const run = follow(changes);
    const without = plain(changes);
    assert.deepEqual(await sentBy(without), ['a', 'b']);
    run.setState(without.state());
    await insert(changes, [
      { id: 'c', at: BEGIN + HOUR },
      { id: 'd', at: BEGIN + HOUR / 2 },
    ]);
    assert.deepEqual(await sentBy(run), ['c'], 'what stood behind the watermark before the window was set is not known');
    await insert(changes, [{ id: 'e', at: BEGIN + 2 * HOUR }]);
    assert.deepEqual(await sentBy(run), ['e']);
    await insert(changes, [{ id: 'f', at: BEGIN + HOUR }]);
    assert.deepEqual(await sentBy(run), ['f']);
    without.setState(run.state());
    assert.deepEqual(await sentBy(without), []);
  }));

test('a dry run with a window leaves everything to the next one', () =>
  withChanges(async (changes) => {
    await insert(changes, [{ id: 'a', at: BEGIN }]);
    const dry = follow(changes, { 'Dry Run': 'true' });
    assert.deepEqual([await sentBy(dry), await sentBy(dry)], [['a'], ['a']]);
  }));

test('a window over numbers is refused with what to do, and nothing is sent', () =>
  withChanges(async (changes) => {
    await insert(changes, [{ id: 'a', at: BEGIN }]);
    const run = follow(changes, { 'SQL Query': 'SELECT id, 7 AS stamp FROM changes WHERE 7 >= CAST(:last_sync AS INTEGER)', 'Initial Last Sync': '1' });
    assert.deepEqual(await sentBy(run), []);
    assert.match(run.bulletins[0]!.message, /stamp has numbers: name a column with a time in Watermark Column/);
    assert.deepEqual(run.state(), {});
  }));

test('the file of fingerprints stays within its bound: the window begins later, and no new row is lost for it', () => {
  const directory = temporaryDirectory();
  const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => ({ id: from + index, at: new Date(BEGIN + (from + index) * SECOND).toISOString() }));
  const turn = (state: ReadonlyMap<string, string>, batch: ReturnType<typeof rows>) => {
    const sent = new SentRows(directory, 'x', 100);
    sent.begin(Number(state.get('sync run') ?? 0));
    const start = windowStart(state, HOUR, sent);
    const marks = new LateRows('at', state, HOUR, sent, start);
    const fresh = marks.fresh(batch.filter(({ at }) => start === undefined || at >= start));
    const after = new Map(Object.entries(marks.state() ?? Object.fromEntries(state)));
    sent.commit();
    sent.close();
    return { start, fresh, after, overflowed: marks.overflowed };
  };
  const first = turn(new Map(), rows(0, 250));
  assert.deepEqual([first.fresh.length, first.overflowed], [250, true]);
  const second = turn(first.after, rows(0, 300));
  assert.equal(second.start, new Date(BEGIN + 150 * SECOND).toISOString());
  assert.deepEqual(second.fresh, rows(250, 50));
});

test('a watermark some time earlier is written as it was', () => {
  for (const [mark, millis, expected] of [
    ['2026-03-01', 2 * HOUR, '2026-02-28'],
    ['2026-03-01T01:00:00', 2 * HOUR, '2026-02-28T23:00:00'],
    ['2026-03-01 01:00:00.123456789Z', 1500, '2026-03-01 00:59:58.123456789Z'],
    ['2026-03-01T01:00:00.5+01:00', HOUR, '2026-03-01T00:00:00.5+01:00'],
    ['2026-03-01T01:00', 30 * SECOND, '2026-03-01T00:59'],
    ['yesterday', HOUR, undefined],
    ['2026-13-77T00:00:00', HOUR, undefined],
  ] as const)
    assert.equal(earlier(mark, millis), expected, mark);
});
