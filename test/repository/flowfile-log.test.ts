import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Attributes } from '../../server/engine/attributes.ts';
import { restoreFlowFiles } from '../../server/engine/recovery.ts';
import type { FlowFileQueue } from '../../server/engine/queue.ts';
import { defaultLimits, openRepositories } from '../../server/repository/open.ts';
import { rigOn } from '../repository.contract.ts';

const open = (directory: string) => openRepositories(directory, { ...defaultLimits, now: Date.now, warn: console.log });

/** What a process finds that starts after this one was killed now. */
function afterKill(directory: string): string[] {
  const copy = mkdtempSync(path.join(tmpdir(), 'millrace-killed-'));
  mkdirSync(path.join(copy, 'content'));
  for (const name of readdirSync(directory).filter((file) => file.startsWith('millrace.db'))) copyFileSync(path.join(directory, name), path.join(copy, name));
  const repositories = open(copy);
  const found = [...repositories.store.flowFiles()].map(({ id, queue, attributes }) => `${id}@${queue}:${[...Attributes.decode(attributes).entries].flat().join()}`);
  repositories.close();
  rmSync(copy, { recursive: true });
  return found;
}

const now = (queues: FlowFileQueue[]): string[] =>
  queues
    .flatMap((queue) => [...queue.list()].map((record) => ({ record, queue })))
    .sort((a, b) => a.record.position - b.record.position)
    .map(({ record, queue }) => `${record.id}@${queue.key}:${[...record.committed.own.entries].flat().join()}`);

test('at every moment of many turns and several folds, a kill leaves exactly what was stored', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-log-'));
  const repositories = open(directory);
  const { rig, sink, queue } = rigOn(repositories);
  const end = rig.runnable('end', ['success']);
  const second = rig.connect(sink, end);
  const filler = 'x'.repeat(1500);
  for (let turn = 0; turn < 120; turn++) {
    rig.fill(queue, ...Array.from({ length: 100 }, (_, i) => ({ attributes: { n: `${turn}.${i}`, filler } })));
    const session = rig.session(sink);
    for (const flowFile of session.getBatch(turn % 7 === 0 ? 400 : 60)) {
      if (turn % 3 === 0) session.putAttribute(flowFile, 'turn', String(turn));
      session.transfer(flowFile, 'success');
    }
    session.commit();
    const last = rig.session(end);
    last.remove(last.getBatch(turn % 5 === 0 ? 300 : 20));
    last.commit();
    rig.journal.flush();
    if (turn % 9 === 0) assert.deepEqual(afterKill(directory), now([queue, second]), `after turn ${turn}`);
  }
  const turns = repositories.database.prepare('select count(*) as turns from turn').get() as { turns: number };
  assert.ok(turns.turns < 100, `the log was never folded: ${turns.turns} turns`);
  repositories.close();
  assert.deepEqual(afterKill(directory), now([queue, second]), 'after a clean stop');
  rmSync(directory, { recursive: true });
});

test('a process that was killed again and again, in the middle of folds too, still has exactly what was stored', () => {
  let directory = mkdtempSync(path.join(tmpdir(), 'millrace-log-'));
  for (let life = 0; life < 6; life++) {
    const repositories = open(directory);
    const { rig, sink, queue } = rigOn(repositories);
    restoreFlowFiles(repositories.store, rig.journal, new Map([[queue.key, queue]]));
    for (let turn = 0; turn < 45; turn++) {
      rig.fill(queue, ...Array.from({ length: 60 }, (_, i) => ({ attributes: { n: `${life}.${turn}.${i}`, filler: 'y'.repeat(4000) } })));
      const session = rig.session(sink);
      for (const [i, flowFile] of session.getBatch(80).entries()) {
        if (i % 2 === 0) session.remove(flowFile);
        else session.requeue(session.putAttribute(flowFile, 'seen', `${life}.${turn}`));
      }
      session.commit();
      rig.journal.flush();
    }
    const copy = mkdtempSync(path.join(tmpdir(), 'millrace-log-'));
    mkdirSync(path.join(copy, 'content'));
    for (const name of readdirSync(directory).filter((file) => file.startsWith('millrace.db'))) copyFileSync(path.join(directory, name), path.join(copy, name));
    assert.deepEqual(afterKill(copy), now([queue]), `in life ${life}`);
    repositories.close();
    rmSync(directory, { recursive: true });
    directory = copy;
  }
  rmSync(directory, { recursive: true });
});
