import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProcessError } from '../../server/extension/errors.ts';
import { reasonNotToTrigger } from '../../server/engine/reason-not-to-trigger.ts';
import type { Runnable } from '../../server/engine/runnable.ts';
import { along, Rig } from '../rig.ts';

function passOn(rig: Rig, name: string, batch = 1): Runnable {
  return rig.runnable(name, ['success'], {}, (session) => session.transfer(session.getBatch(batch), 'success'));
}

test('data wakes each step, and nothing is polled once it has gone through', async () => {
  const rig = new Rig();
  const source = rig.source();
  const middle = passOn(rig, 'middle');
  const sink = rig.runnable('sink', ['success']);
  rig.connect(source, middle);
  const end = rig.connect(middle, sink);
  rig.scheduler.start(middle);
  rig.scheduler.start(source);
  await rig.clock.settle();
  assert.deepEqual(along(end, 'n'), ['0']);
  assert.equal(middle.statistics.sinceStart().tasks, 1);
  await rig.clock.advance(2000);
  assert.deepEqual(along(end, 'n'), ['0', '1', '2']);
  assert.equal(middle.statistics.sinceStart().tasks, 3);
});

test('back pressure holds the producer and room wakes it', async () => {
  const rig = new Rig();
  const source = rig.source('source', 0);
  const sink = rig.runnable('sink', ['success'], {}, (session) => session.remove(session.getBatch(2)));
  const queue = rig.connect(source, sink);
  queue.objectThreshold = 5;
  rig.scheduler.start(source);
  await rig.clock.settle();
  assert.equal(queue.objectCount, 5);
  rig.scheduler.runOnce(sink);
  await rig.clock.settle();
  assert.deepEqual([queue.objectCount, sink.state], [5, 'stopped']);
});

test('the reasons not to trigger', async () => {
  const rig = new Rig();
  const source = rig.source('source', 0);
  const node = passOn(rig, 'node');
  const input = rig.connect(source, node);
  const output = rig.connect(node, rig.runnable('sink', ['success']));
  const now = rig.clock.now();
  const reason = () => reasonNotToTrigger(node, now)?.because ?? null;
  const table: [string | null, () => void][] = [
    ['not running', () => undefined],
    ['no input', () => (node.state = 'running')],
    [null, () => rig.fill(input, {})],
    ['yielding', () => (node.yieldUntil = now + 1)],
    ['not yet time', () => Object.assign(node, { yieldUntil: 0, nextRun: now + 1, settings: { ...node.settings, schedule: { strategy: 'timer', period: 1000 } } })],
    ['concurrent tasks reached', () => Object.assign(node, { nextRun: 0, activeTasks: 1 })],
    ['back pressure', () => Object.assign(node, { activeTasks: 0 }) && rig.fill(output, ...Array.from({ length: 3 }, () => ({}))) === undefined && (output.objectThreshold = 3)],
    [null, () => (output.objectThreshold = 0)],
    ['back pressure', () => rig.fill(output, { content: 'abc' }) === undefined && (output.byteThreshold = 3)],
    [null, () => (output.byteThreshold = 4)],
    ['back pressure', () => (output.byteThreshold = 3) && undefined],
    ['back pressure', () => Object.assign(node, { settings: { ...node.settings, triggerWhenAnyDestinationAvailable: true } })],
    [null, () => rig.connect(node, rig.runnable('other', []), 'other')],
  ];
  for (const [expected, change] of table) {
    change();
    assert.equal(reason(), expected);
  }
});

test('whoever stands further downstream goes first, and waiting makes up for rank', async () => {
  const rig = new Rig();
  const order: string[] = [];
  const source = rig.source('source', 0);
  const steps = ['a', 'b', 'c'].map((name) =>
    rig.runnable(name, ['success'], {}, (session) => {
      order.push(name);
      session.transfer(session.getBatch(10), 'success');
    }),
  );
  const queues = [source, ...steps].slice(0, -1).map((from, i) => rig.connect(from, steps[i]!));
  steps[2]!.autoTerminated = new Set(['success']);
  for (const queue of queues) rig.fill(queue, {});
  for (const step of steps) rig.scheduler.start(step);
  await rig.clock.settle();
  assert.deepEqual(order.slice(0, 3), ['c', 'b', 'c']);
});

test('a throw rolls back, penalizes, yields and shows a bulletin', async () => {
  const rig = new Rig();
  let fails = 1;
  const node = rig.runnable('node', ['success'], { penaltyDuration: 5000, yieldDuration: 2000 }, (session) => {
    const taken = session.get()!;
    session.setState('local', { reached: 'yes' });
    if (fails-- > 0) throw new ProcessError('the warehouse is closed: try again later');
    session.remove(taken);
  });
  const queue = rig.connect(rig.source(), node);
  rig.fill(queue, {});
  rig.scheduler.start(node);
  await rig.clock.settle();
  assert.deepEqual(rig.bulletins, ['node: the warehouse is closed: try again later']);
  assert.equal(rig.journal.state('node', 'local').version, 0);
  await rig.clock.advance(4999);
  assert.equal(queue.objectCount, 1);
  await rig.clock.advance(1);
  assert.equal(queue.objectCount, 0);
});

test('an asynchronous processor runs as many tasks at once as it may', async () => {
  const rig = new Rig();
  const waiting: (() => void)[] = [];
  const node = rig.runnable('node', ['success'], { concurrentTasks: 3 }, async (session) => {
    const taken = session.get()!;
    await new Promise<void>((resolve) => waiting.push(resolve));
    session.remove(taken);
  });
  const queue = rig.connect(rig.source(), node);
  rig.fill(queue, {}, {}, {}, {}, {});
  rig.scheduler.start(node);
  await rig.clock.settle();
  assert.deepEqual([waiting.length, node.activeTasks, queue.objectCount], [3, 3, 5]);
  waiting.shift()!();
  await rig.clock.settle();
  assert.deepEqual([waiting.length, node.activeTasks, queue.objectCount], [3, 3, 4]);
});

test('stop waits for running tasks; terminate gives up on a hung one and takes its FlowFile back', async () => {
  const rig = new Rig();
  let late = (): void => undefined;
  const node = rig.runnable('node', ['success'], {}, async (session) => {
    const taken = session.get()!;
    await new Promise<void>((resolve) => (late = resolve));
    session.remove(taken);
  });
  const queue = rig.connect(rig.source(), node);
  rig.fill(queue, {});
  rig.scheduler.start(node);
  await rig.clock.settle();
  let stopped = false;
  void rig.scheduler.stop(node).then(() => (stopped = true));
  await rig.clock.settle();
  assert.deepEqual([stopped, node.state, queue.available], [false, 'stopping', 0]);
  rig.scheduler.terminate(node);
  await rig.clock.settle();
  assert.deepEqual([stopped, node.state, queue.available, node.terminatedTasks], [true, 'stopped', 1, 1]);
  late();
  await rig.clock.settle();
  assert.deepEqual([queue.objectCount, node.terminatedTasks], [1, 0]);
});

test('run once runs once; without input it stops at once', async () => {
  const rig = new Rig();
  const source = rig.source('source', 0);
  const node = passOn(rig, 'node');
  const queue = rig.connect(source, node);
  node.autoTerminated = new Set(['success']);
  rig.scheduler.runOnce(node);
  assert.equal(node.state, 'stopped');
  rig.scheduler.runOnce(source);
  await rig.clock.advance(5000);
  assert.deepEqual([queue.objectCount, source.state], [1, 'stopped']);
});

test('a source with nothing to do is asked again every 10 ms, one that yields after its yield duration', async () => {
  for (const [yields, tasks] of [
    [false, 101],
    [true, 1],
  ] as const) {
    const rig = new Rig();
    const source: Runnable = rig.runnable('source', ['success'], { needsInput: false, yieldDuration: 3_600_000 }, () => {
      if (yields) source.yieldAt(rig.clock.now());
    });
    rig.scheduler.start(source);
    await rig.clock.advance(1000);
    assert.equal(source.statistics.sinceStart().tasks, tasks);
  }
});

test('a cron schedule fires at its times only', async () => {
  const rig = new Rig();
  const hour = 3_600_000;
  const next = (after: number): number => (Math.floor(after / hour) + 1) * hour;
  const source = rig.runnable('source', ['success'], { needsInput: false, schedule: { strategy: 'cron', next } }, () => undefined);
  rig.scheduler.start(source);
  await rig.clock.advance(hour - 1);
  assert.equal(source.statistics.sinceStart().tasks, 0);
  await rig.clock.advance(2 * hour);
  assert.equal(source.statistics.sinceStart().tasks, 2);
});

test('a store that refuses holds the scheduler; when it takes again, everything goes on and nothing is lost', async () => {
  const rig = new Rig();
  const source = rig.source('source', 10);
  const queue = rig.connect(source, rig.runnable('sink', ['success']));
  const write = rig.store.write.bind(rig.store);
  let full = true;
  rig.store.write = (unit) => {
    if (full) throw new Error('disk full');
    write(unit);
  };
  const health: (string | null)[] = [];
  rig.journal.onHealthChange = (failure) => {
    health.push(failure?.message ?? null);
    if (!failure) rig.scheduler.wakeAll(rig.runnables);
  };
  rig.scheduler.start(source);
  await rig.clock.advance(10_000);
  assert.deepEqual(health, ['disk full']);
  const held = queue.objectCount;
  assert.ok(held <= 3, `${held} FlowFiles were made although nothing could be stored`);
  full = false;
  await rig.clock.advance(2000);
  rig.journal.flush();
  assert.deepEqual(health, ['disk full', null]);
  assert.ok(queue.objectCount > held);
  assert.equal([...rig.store.flowFiles()].length, queue.objectCount);
});

test('a run duration lets a processor keep its turn longer', async () => {
  const inARow = async (runDuration: number): Promise<number> => {
    const rig = new Rig();
    const order: string[] = [];
    for (const name of ['a', 'b']) {
      const node = rig.runnable(name, ['success'], { runDuration: name === 'a' ? runDuration : 0 }, (session) => {
        order.push(name);
        session.remove(session.getBatch(1));
      });
      rig.fill(rig.connect(rig.source(`source of ${name}`), node), ...Array.from({ length: 3000 }, () => ({})));
      rig.scheduler.start(node);
    }
    await rig.clock.settle();
    assert.equal(order.length, 6000);
    return order.indexOf('b') > 0 ? order.indexOf('b') : order.indexOf('a');
  };
  const [short, long] = [await inARow(0), await inARow(25)];
  assert.ok(long > 10 * short, `${short} triggers in a row without, ${long} with a run duration`);
});

test('a clock that is set back does not hold a timer for longer than its period', async () => {
  const rig = new Rig();
  const source = rig.source('source', 1000);
  const queue = rig.connect(source, rig.runnable('sink', ['success']));
  rig.scheduler.start(source);
  await rig.clock.advance(3500);
  const before = queue.objectCount;
  rig.clock.setBack(3_600_000);
  await rig.clock.advance(60_000);
  assert.ok(queue.objectCount > before + 25, `${queue.objectCount - before} runs in a minute`);
});

test('what was ready when the store failed goes on when it has recovered', async () => {
  const rig = new Rig();
  const source = rig.source('source', 1_000_000);
  const sink = rig.runnable('sink', ['success'], {}, (session) => session.remove(session.getBatch(1)));
  const queue = rig.connect(source, sink);
  const write = rig.store.write.bind(rig.store);
  let full = true;
  rig.store.write = (unit) => {
    if (full) throw new Error('disk full');
    write(unit);
  };
  rig.journal.onHealthChange = (failure) => failure ?? rig.scheduler.wakeAll(rig.runnables);
  rig.fill(queue, {}, {}, {});
  rig.scheduler.start(sink);
  assert.equal(sink.ready, true);
  assert.throws(() => rig.journal.flush(), /disk full/);
  full = false;
  await rig.clock.advance(5000);
  assert.equal(queue.objectCount, 0);
});
