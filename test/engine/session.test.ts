import assert from 'node:assert/strict';
import { test } from 'node:test';
import { along, Rig } from '../rig.ts';

function line() {
  const rig = new Rig();
  const source = rig.runnable('source', ['success']);
  const middle = rig.runnable('middle', ['success', 'failure']);
  const sink = rig.runnable('sink', ['success']);
  const input = rig.connect(source, middle);
  const output = rig.connect(middle, sink);
  middle.autoTerminated = new Set(['failure']);
  return { rig, source, middle, sink, input, output };
}

test('a committed FlowFile moves on with its changes; older versions may be handed in', () => {
  const { rig, middle, input, output } = line();
  rig.fill(input, { content: 'hello', attributes: { a: '1' } });
  const session = rig.session(middle);
  const taken = session.get()!;
  session.putAttribute(taken, 'b', '2');
  session.write(taken, 'good bye');
  session.transfer(taken, 'success');
  assert.equal(input.objectCount, 1, 'taken FlowFiles stay counted until the commit');
  session.commit();
  assert.equal(input.objectCount, 0);
  assert.deepEqual([along(output, 'a'), along(output, 'b'), output.byteCount], [['1'], ['2'], 8]);
  const next = rig.session(output.consumer);
  assert.equal(next.read(next.get()!).toString(), 'good bye');
});

test('rollback restores attributes, content and the order of the queue', () => {
  const { rig, middle, input } = line();
  rig.fill(input, { content: 'x', attributes: { n: '0' } }, { attributes: { n: '1' } }, { attributes: { n: '2' } });
  const session = rig.session(middle);
  const [first] = session.getBatch(2);
  session.write(session.putAttribute(first!, 'n', 'changed'), 'changed');
  session.create(first!);
  session.rollback(false);
  assert.deepEqual(along(input, 'n'), ['0', '1', '2']);
  assert.deepEqual([input.objectCount, input.byteCount], [3, 1]);
});

test('a rollback with penalty holds the FlowFiles back for the penalty duration', () => {
  const { rig, middle, input } = line();
  rig.fill(input, {});
  const session = rig.session(middle);
  session.get();
  session.rollback(true);
  assert.equal(session.get(), null);
  assert.equal(input.firstPenaltyEnd, rig.clock.now() + 30_000);
});

test('a penalty of no duration is none: what was rolled back stays before the others', () => {
  const { rig, middle, input } = line();
  middle.settings = { ...middle.settings, penaltyDuration: 0 };
  rig.fill(input, ...['0', '1', '2'].map((n) => ({ attributes: { n } })));
  const session = rig.session(middle);
  session.getBatch(2);
  session.rollback(true);
  assert.deepEqual(along(input, 'n'), ['0', '1', '2']);
  session.requeue(session.penalize(session.get()!));
  session.commit();
  assert.deepEqual(along(input, 'n'), ['0', '1', '2']);
});

test('a forgotten FlowFile fails the commit and is named', () => {
  const { rig, middle, input } = line();
  rig.fill(input, { attributes: { filename: 'orders.csv' } });
  const session = rig.session(middle);
  session.get();
  assert.throws(() => session.commit(), /orders\.csv.*neither transferred nor removed by middle/);
});

test('a FlowFile of another session is refused', () => {
  const { rig, middle, input } = line();
  rig.fill(input, {});
  const taken = rig.session(middle).get()!;
  assert.throws(() => rig.session(middle).remove(taken), /does not belong to this session/);
});

test('an unknown relationship is refused by name', () => {
  const { rig, middle, input } = line();
  rig.fill(input, {});
  const session = rig.session(middle);
  assert.throws(() => session.transfer(session.get()!, 'sucess'), /'sucess' is not a relationship of middle/);
});

test('a relationship with two connections sends a clone down the second', () => {
  const { rig, middle, input, output } = line();
  const second = rig.connect(middle, rig.runnable('other', ['success']), 'success');
  rig.fill(input, { content: 'twin', attributes: { n: '7' } });
  const session = rig.session(middle);
  session.transfer(session.get()!, 'success');
  session.commit();
  assert.deepEqual([along(output, 'n'), along(second, 'n')], [['7'], ['7']]);
  assert.notEqual(along(output, 'uuid')[0], along(second, 'uuid')[0]);
  assert.equal(along(second, 'filename')[0], along(output, 'filename')[0]);
  assert.deepEqual(
    rig.events().map(({ type }) => type),
    ['CREATE', 'ROUTE', 'CLONE'],
  );
});

test('children inherit the attributes that all parents share, and the oldest lineage', async () => {
  const { rig, middle, input, output } = line();
  rig.fill(input, { attributes: { same: 's', n: '1' } });
  await rig.clock.advance(1000);
  rig.fill(input, { attributes: { same: 's', n: '2' } });
  const session = rig.session(middle);
  const parents = session.getBatch(2);
  session.transfer(session.create(parents), 'success');
  session.remove(parents);
  session.commit();
  const [child] = [...output.list()];
  assert.deepEqual([child!.committed.own.get('same'), child!.committed.own.get('n')], ['s', undefined]);
  assert.equal(child!.lineageStart, rig.clock.now() - 1000);
  const join = rig.events().find(({ type }) => type === 'JOIN')!;
  assert.deepEqual([join.parents.length, join.children], [2, [child!.id]]);
});

test('a part of a content is a clone that shares its bytes', () => {
  const { rig, middle, input, output } = line();
  rig.fill(input, { content: 'one,two' });
  const session = rig.session(middle);
  const whole = session.get()!;
  for (const [offset, length] of [
    [0, 3],
    [4, 3],
  ] as const)
    session.transfer(session.clone(whole, offset, length), 'success');
  assert.throws(() => session.clone(whole, 4, 4), RangeError);
  session.remove(whole);
  session.commit();
  const next = rig.session(output.consumer);
  assert.deepEqual(
    next.getBatch(9).map((part) => next.read(part).toString()),
    ['one', 'two'],
  );
  const forks = rig.events().filter(({ type }) => type === 'FORK');
  assert.deepEqual(
    forks.map(({ children }) => children.length),
    [2],
  );
});

test('long streams pass without standing in memory as a whole, and concatenate in order', async () => {
  const { rig, middle, input, output } = line();
  rig.fill(input, { content: 'a' }, { content: 'b' });
  const session = rig.session(middle);
  const parts = session.getBatch(2);
  const merged = await session.concatenate(session.create(parts), [parts[0]!, Buffer.from('+'), parts[1]!]);
  session.transfer(merged, 'success');
  session.remove(parts);
  session.commit();
  const next = rig.session(output.consumer);
  assert.equal(next.read(next.get()!).toString(), 'a+b');
});

test('state, counters and afterCommit belong to the session that made them', () => {
  const { rig, middle } = line();
  const acknowledged: string[] = [];
  const session = rig.session(middle);
  session.setState('local', { cursor: '5' });
  session.adjustCounter('rows', 3);
  session.afterCommit(() => acknowledged.push('stored'));
  assert.equal(session.getState('local').get('cursor'), '5');
  assert.equal(rig.session(middle).getState('local').get('cursor'), undefined);
  session.commit();
  assert.deepEqual(acknowledged, [], 'in memory is not stored');
  rig.journal.flush();
  assert.deepEqual(acknowledged, ['stored']);
  assert.equal(rig.store.state('middle', 'local').entries.get('cursor'), '5');
  assert.deepEqual(
    [...rig.store.counters()].map(({ name, value }) => [name, value]),
    [['rows', 3]],
  );
});

test('a retried relationship tries again with growing penalties, then lets go and forgets the count', async () => {
  const { rig, middle, input } = line();
  middle.autoTerminated = new Set();
  const failed = rig.connect(middle, rig.runnable('failed', ['success']), 'failure');
  middle.settings = { ...middle.settings, penaltyDuration: 1000, retry: { relationships: new Set(['failure']), count: 2, backoff: 'PENALIZE_FLOWFILE', maxBackoff: 60_000 } };
  rig.fill(input, { content: 'original', attributes: { a: '1' } });
  const waits: number[] = [];
  while (failed.isEmpty) {
    const session = rig.session(middle);
    const taken = session.get()!;
    session.transfer(session.clone(taken), 'success');
    session.transfer(session.write(session.putAttribute(taken, 'a', 'spoiled'), 'spoiled'), 'failure');
    session.commit();
    if (input.firstPenaltyEnd) waits.push(input.firstPenaltyEnd - rig.clock.now());
    await rig.clock.advance(waits.at(-1)!);
  }
  assert.deepEqual(waits.slice(0, 2), [1000, 2000]);
  assert.deepEqual(
    [...failed.list()].map(({ committed }) => [...committed.own.entries]),
    [[['a', 'spoiled']]],
  );
  assert.equal(rig.events().filter(({ type, relationship }) => type === 'DROP' && relationship === '').length, 2, 'clones of tries that did not count are dropped');
});

test('requeue puts a changed FlowFile back', () => {
  const { rig, middle, input } = line();
  rig.fill(input, { content: 'xx' });
  const session = rig.session(middle);
  session.requeue(session.putAttribute(session.get()!, 'seen', 'yes'));
  session.commit();
  assert.deepEqual([along(input, 'seen'), input.objectCount, input.byteCount], [['yes'], 1, 2]);
});

test('a terminated session gives everything back and refuses further use', () => {
  const { rig, middle, input } = line();
  rig.fill(input, {});
  const session = rig.session(middle);
  const taken = session.get()!;
  session.abandon();
  assert.equal(input.available, 1);
  assert.throws(() => session.transfer(taken, 'success'), /was terminated/);
});

test('getMatching takes what is chosen and keeps the order of the rest', () => {
  const { rig, middle, input } = line();
  rig.fill(input, ...['0', '1', '2', '3'].map((n) => ({ attributes: { n } })));
  const session = rig.session(middle);
  const taken = session.getMatching((flowFile) => (flowFile.getAttribute('n') === '3' ? 'stop' : Number(flowFile.getAttribute('n')) % 2 === 1 ? 'take' : 'skip'));
  assert.deepEqual(
    taken.map((flowFile) => flowFile.getAttribute('n')),
    ['1'],
  );
  assert.deepEqual(along(input, 'n'), ['0', '2', '3']);
});

test('expired FlowFiles are dropped on the way to the consumer', async () => {
  const { rig, middle, input } = line();
  rig.fill(input, { attributes: { n: 'old' } });
  input.expiration = 500;
  await rig.clock.advance(501);
  rig.fill(input, { attributes: { n: 'new' } });
  const session = rig.session(middle);
  assert.deepEqual(
    session.getBatch(5).map((flowFile) => flowFile.getAttribute('n')),
    ['new'],
  );
  session.rollback(false);
  assert.deepEqual(
    rig.events().map(({ type }) => type),
    ['CREATE', 'CREATE', 'EXPIRE'],
  );
});

test('the core attributes cannot be lost, and uuid cannot be changed', () => {
  const { rig, middle, input } = line();
  rig.fill(input, {});
  const session = rig.session(middle);
  const taken = session.get()!;
  const changed = session.removeAttributes(session.putAttributes(taken, { uuid: 'mine', __proto__x: 'y' }), ['filename', 'path']);
  assert.deepEqual([changed.getAttribute('uuid'), changed.getAttribute('path'), changed.getAttribute('filename')], [taken.uuid, './', taken.uuid]);
  assert.match(taken.uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('values that are no texts or numbers are refused where they come from, and nothing has happened', () => {
  const { rig, middle, input } = line();
  rig.fill(input, { attributes: { n: '1' } }, { attributes: { n: '2' } });
  const session = rig.session(middle);
  const [first] = session.getBatch(2);
  assert.throws(() => session.putAttribute(first!, 'count', 5 as unknown as string), /attribute count must be a text, not number/);
  assert.throws(() => session.putAttributes(first!, { count: null as unknown as string }), /attribute count must be a text, not null/);
  assert.throws(() => session.report('SEND', first!, undefined as unknown as string), /transit URI must be a text/);
  assert.throws(() => session.adjustCounter('rows', Number.NaN), /Counter rows of middle cannot change by NaN/);
  session.rollback(false);
  assert.deepEqual(along(input, 'n'), ['1', '2']);
  rig.journal.flush();
});

test('an afterCommit action that throws keeps none of the others', () => {
  const { rig, middle } = line();
  const ran: string[] = [];
  rig.journal.onActionFailure = ({ message }) => ran.push(message);
  const session = rig.session(middle);
  for (const name of ['a', 'b', 'c']) {
    session.afterCommit(() => {
      if (name === 'b') throw new Error('b failed');
      ran.push(name);
    });
  }
  session.commit();
  rig.journal.flush();
  assert.deepEqual(ran, ['a', 'b failed', 'c']);
});

test('requeued FlowFiles keep their order', () => {
  const { rig, middle, input } = line();
  rig.fill(input, ...['1', '2', '3', '4'].map((n) => ({ attributes: { n } })));
  const session = rig.session(middle);
  session.requeue(session.getBatch(3));
  session.commit();
  assert.deepEqual(along(input, 'n'), ['1', '2', '3', '4']);
});
