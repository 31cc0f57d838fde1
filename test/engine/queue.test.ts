import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prioritizers } from '../../server/engine/prioritizers.ts';
import { along, Rig } from '../rig.ts';

const type = (name: string): string => `org.apache.nifi.prioritizer.${name}Prioritizer`;

/** Priorities of FlowFiles in order of arrival, prioritizers, the order in which they leave. */
const table: [(string | undefined)[], string[], (string | undefined)[]][] = [
  [['3', '1', '2'], [], ['3', '1', '2']],
  [['3', '1', '2'], ['FirstInFirstOut'], ['3', '1', '2']],
  [['3', '1', '2'], ['NewestFlowFileFirst'], ['2', '1', '3']],
  [['3', '1', '2'], ['OldestFlowFileFirst'], ['3', '1', '2']],
  [['10', '9', undefined, 'b', '-1', 'a'], ['PriorityAttribute'], ['-1', '9', '10', 'a', 'b', undefined]],
  [
    ['1', '2', '1'],
    ['PriorityAttribute', 'NewestFlowFileFirst'],
    ['1', '1', '2'],
  ],
];

for (const [arriving, by, leaving] of table) {
  test(`${arriving.join()} by ${by.join() || 'nothing'}`, async () => {
    const rig = new Rig();
    const queue = rig.connect(rig.source(), rig.runnable('sink', ['success']));
    for (const priority of arriving) {
      rig.fill(queue, { attributes: priority === undefined ? {} : { priority } });
      await rig.clock.advance(1);
    }
    queue.prioritize(by.map((name) => prioritizers.get(type(name))!));
    assert.deepEqual(along(queue, 'priority'), leaving);
    const session = rig.session(queue.consumer);
    assert.deepEqual(
      session.getBatch(9).map((flowFile) => flowFile.getAttribute('priority')),
      leaving,
    );
    session.rollback(false);
    assert.deepEqual(along(queue, 'priority'), leaving, 'a rollback keeps the order');
  });
}

test('a long queue keeps its order through growth, removals and returns', () => {
  const rig = new Rig();
  const queue = rig.connect(rig.source(), rig.runnable('sink', ['success']));
  rig.fill(queue, ...Array.from({ length: 100 }, (_, n) => ({ attributes: { n: String(n) }, content: 'x' })));
  const session = rig.session(queue.consumer);
  session.remove(session.getBatch(10));
  session.commit();
  session.getBatch(5);
  rig.fill(queue, ...Array.from({ length: 50 }, (_, n) => ({ attributes: { n: String(100 + n) }, content: 'x' })));
  session.rollback(false);
  const removed = queue.remove((record) => Number(record.committed.getAttribute('n')) % 2 === 0);
  for (const record of removed) queue.settle(record);
  assert.deepEqual(
    along(queue, 'n'),
    Array.from({ length: 140 }, (_, i) => i + 10)
      .filter((n) => n % 2 === 1)
      .map(String),
  );
  assert.deepEqual([queue.objectCount, queue.byteCount], [70, 70]);
});
