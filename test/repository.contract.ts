import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Attributes } from '../server/engine/attributes.ts';
import { type ContentRepository, type ProvenanceRepository, RUNS_KEPT, type Store } from '../server/engine/repositories.ts';
import { Run } from '../server/engine/run.ts';
import { RunScope } from '../server/engine/run-scope.ts';
import { Rig } from './rig.ts';

/** What a set of repositories is opened to. */
export interface OpenRepositories {
  readonly store: Store;
  readonly content: ContentRepository;
  readonly provenance: ProvenanceRepository;
  close(): void;
}

/** A rig on given repositories, with one queue between two runnables. */
export function rigOn(repositories: OpenRepositories) {
  const rig = new Rig(repositories);
  const source = rig.runnable('source', ['success']);
  const sink = rig.runnable('sink', ['success']);
  return { rig, source, sink, queue: rig.connect(source, sink) };
}

/** What every kind of repository must do. `reopen` where what was stored outlives a close. */
export function repositoryContract(name: string, open: () => OpenRepositories, reopen?: (before: OpenRepositories) => OpenRepositories): void {
  test(`${name}: keeps inserted, updated, moved and removed FlowFiles apart`, () => {
    const repositories = open();
    const { rig, queue, sink } = rigOn(repositories);
    const second = rig.connect(sink, rig.runnable('end', ['success']));
    rig.fill(queue, ...['0', '1', '2', '3'].map((n) => ({ content: `content ${n}`, attributes: { n } })));
    rig.journal.flush();
    const session = rig.session(sink);
    const [a, b, c] = session.getBatch(3);
    session.transfer(session.putAttribute(a!, 'seen', 'yes'), 'success');
    session.transfer(session.write(b!, 'new'), 'success');
    session.remove(c!);
    session.commit();
    rig.journal.flush();
    const stored = [...repositories.store.flowFiles()].map(({ queue: at, attributes, length }) => [at, [...Attributes.decode(attributes).entries].flat().join(), length]);
    assert.deepEqual(stored, [
      [queue.key, 'n,3', 9],
      [second.key, 'n,0,seen,yes', 9],
      [second.key, 'n,1', 3],
    ]);
    repositories.close();
  });

  test(`${name}: runs of syncs are kept, replaced, removed with their sync, and no more than so many`, () => {
    const repositories = open();
    const { store } = repositories;
    const { rig } = rigOn(repositories);
    const scope = new RunScope('sync');
    const begin = (name: string, of = scope) => rig.journal.runs.begin(of, { id: 'source', name }, 'MANUAL');
    const other = begin('other', new RunScope('another sync'));
    const run = begin('source');
    rig.journal.flush();
    assert.deepEqual(
      store.openRuns().map(({ id }) => id),
      [other.id, run.id],
    );
    rig.journal.runs.abandoned(run);
    rig.journal.flush();
    assert.deepEqual(
      store.openRuns().map(({ id }) => id),
      [other.id],
    );
    assert.equal(Run.restore(store.run(run.id)!).outcome, 'CANCELLED');
    for (let i = 0; i < RUNS_KEPT; i++) rig.journal.runs.abandoned(begin('source'));
    rig.journal.flush();
    assert.equal(store.run(run.id), undefined, 'the oldest makes room');
    assert.equal(store.runs('sync', 1000).length, RUNS_KEPT);
    const [newest, second] = store.runs('sync', 2);
    assert.deepEqual(store.runs('sync', 1, newest!.id), [second]);
    rig.journal.removeComponent('sync');
    rig.journal.flush();
    assert.deepEqual(store.runs('sync', 10), []);
    assert.equal(store.runs('another sync', 10).length, 1);
    repositories.close();
  });

  test(`${name}: what came and went within a turn leaves only provenance`, () => {
    const repositories = open();
    const { rig, queue, sink } = rigOn(repositories);
    rig.fill(queue, { content: 'short life' });
    const session = rig.session(sink);
    session.remove(session.get()!);
    session.commit();
    assert.deepEqual(
      rig.events().map(({ type }) => type),
      ['CREATE', 'DROP'],
    );
    assert.deepEqual([...repositories.store.flowFiles()], []);
    const [created] = rig.events();
    assert.equal(repositories.content.read(created!.content).toString(), 'short life');
    repositories.close();
  });

  test(`${name}: every stored version of a state can be gone back to, newest first`, () => {
    const repositories = open();
    const { rig, source } = rigOn(repositories);
    for (const cursor of ['1', '2', '3']) {
      const session = rig.session(source);
      session.setState('cluster', { cursor });
      session.commit();
      rig.journal.flush();
    }
    const history = rig.journal.stateHistory('source', 'cluster');
    assert.deepEqual(
      history.map(({ version, entries }) => [version, entries.get('cursor')]),
      [
        [3, '3'],
        [2, '2'],
        [1, '1'],
      ],
    );
    assert.deepEqual(rig.journal.stateHistory('source', 'local'), []);
    repositories.close();
  });

  test(`${name}: provenance is found by FlowFile, event and time`, () => {
    const repositories = open();
    const { rig, queue } = rigOn(repositories);
    for (let i = 0; i < 3; i++) {
      rig.fill(queue, {});
      rig.journal.flush();
    }
    const all = rig.events();
    assert.deepEqual(
      all.map(({ eventId }) => eventId),
      [1, 2, 3],
    );
    const { provenance } = repositories;
    assert.equal([...provenance.blocks({ flowFile: all[1]!.flowFile })].length, 1);
    assert.equal([...provenance.blocks({ event: 3 })][0]!.firstEventId, 3);
    assert.equal([...provenance.blocks({ toTime: all[0]!.time - 1 })].length, 0);
    repositories.close();
  });

  test(`${name}: components come and go whole, numbers stay`, () => {
    const repositories = open();
    const { rig } = rigOn(repositories);
    rig.journal.saveComponent({ id: 'a', kind: 'PROCESSOR', parentId: 'root', json: '{}' });
    rig.journal.saveComponent({ id: 'b', kind: 'LABEL', parentId: null, json: '{"x":1}' });
    rig.journal.flush();
    rig.journal.removeComponent('a');
    rig.journal.flush();
    assert.deepEqual(repositories.store.components(), [{ id: 'b', kind: 'LABEL', parentId: null, json: '{"x":1}' }]);
    const key = repositories.store.keyOf('a');
    assert.equal(repositories.store.idOf(key), 'a');
    assert.equal(repositories.store.keyOf('a'), key);
    repositories.close();
  });

  test(`${name}: content in parts, empty content and long streams`, async () => {
    const repositories = open();
    const { rig, queue, sink } = rigOn(repositories);
    const session = rig.session(queue.producer);
    const piece = Buffer.alloc(100_000, 'abc');
    const long = await session.writeStream(
      session.create(),
      (async function* () {
        for (let i = 0; i < 20; i++) yield piece;
      })(),
    );
    session.transfer([long, session.write(session.create(), '')], 'success');
    session.commit();
    rig.journal.flush();
    const next = rig.session(sink);
    const [first, second] = next.getBatch(2);
    assert.deepEqual([first!.size, second!.size, next.read(second!).length], [2_000_000, 0, 0]);
    let streamed = 0;
    for await (const chunk of next.readStream(next.clone(first!, 100_000, 1_500_000))) {
      assert.ok(Buffer.from(chunk as Uint8Array).length > 0);
      streamed += (chunk as Uint8Array).length;
    }
    assert.equal(streamed, 1_500_000);
    assert.deepEqual(next.read(next.clone(first!, 99_999, 2)), Buffer.from('aa'));
    repositories.close();
  });

  if (!reopen) return;
  test(`${name}: all of it is there after a restart, and numbers go on`, () => {
    const before = open();
    const first = rigOn(before);
    first.rig.fill(first.queue, { content: 'kept', attributes: { n: '0' } });
    const session = first.rig.session(first.source);
    session.setState('local', { cursor: '9' });
    session.adjustCounter('rows', 2);
    session.commit();
    first.rig.journal.flush();
    const [uuid] = [...first.queue.list()].map(({ committed }) => committed.uuid);
    const after = reopen(before);
    const second = rigOn(after);
    const [stored] = [...after.store.flowFiles()];
    assert.equal(second.queue.key, stored!.queue);
    assert.equal(second.rig.journal.ids.uuidOf(stored!.id), uuid);
    assert.equal(after.store.state('source', 'local').entries.get('cursor'), '9');
    assert.deepEqual(after.store.counters(), [{ componentId: 'source', name: 'rows', value: 2 }]);
    assert.ok(second.rig.journal.newFlowFileId() > stored!.id);
    assert.deepEqual(
      second.rig.events().map(({ eventId }) => eventId),
      [1],
    );
    second.rig.fill(second.queue, {});
    assert.deepEqual(
      second.rig.events().map(({ eventId }) => eventId),
      [1, 2],
    );
    after.close();
  });
}
