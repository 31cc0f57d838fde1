import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { FlowController } from '../server/engine/flow-controller.ts';
import { openMillrace } from '../server/millrace.ts';
import { FlowBench, standard } from './bench/flow.ts';
import { ServerProcess } from './bench/server.ts';

const KILLS = 50;
const UPDATE = 'org.apache.nifi.processors.attributes.UpdateAttribute';

/**
 * source -> number (state: the last number given) -> two ways, each: pass -> count (state: how many, their sum and the sum of
 * their squares) -> gone. Back pressure keeps some FlowFiles standing before each step.
 */
async function build(directory: string): Promise<void> {
  const { flow, close } = await openMillrace({ dataDirectory: directory, log: () => undefined });
  flow.start();
  const bench = new FlowBench(flow, 'accounts');
  const source = bench.processor(standard('GenerateFlowFile'), { 'File Size': '100 B', 'Batch Size': '20', 'Unique FlowFiles': 'true' }, { schedulingPeriod: '0 sec' });
  const number = bench.processor(
    UPDATE,
    { 'Store State': 'Store state locally', 'Stateful Variables Initial Value': '0', n: "${getStateValue('n'):plus(1)}" },
    { name: 'number', autoTerminatedRelationships: ['set state fail'] },
  );
  bench.connect(source, number, ['success'], { backPressureObjectThreshold: 500 });
  for (const way of ['left', 'right']) {
    const pass = bench.processor(UPDATE, { way }, { name: `pass ${way}` });
    const properties = { count: "${getStateValue('count'):plus(1)}", sum: "${getStateValue('sum'):plus(${n})}", squares: "${getStateValue('squares'):plus(${n:multiply(${n})})}" };
    const state = { 'Store State': 'Store state locally', 'Stateful Variables Initial Value': '0' };
    const count = bench.processor(
      UPDATE,
      { ...state, ...properties },
      { name: `count ${way}`, autoTerminatedRelationships: ['success', 'set state fail'], schedulingPeriod: way === 'left' ? '0 sec' : '7 ms' },
    );
    bench.connect(number, pass, ['success'], { backPressureObjectThreshold: 300, name: way });
    bench.connect(pass, count, ['success'], { backPressureObjectThreshold: 300, name: way });
  }
  await flow.schedule(flow.root, 'RUNNING');
  for (const { name, state } of bench.group.processors.values()) assert.equal(state, 'RUNNING', name);
  await close();
}

const sumTo = (n: bigint): bigint => (n * (n + 1n)) / 2n;
const squaresTo = (n: bigint): bigint => (n * (n + 1n) * (2n * n + 1n)) / 6n;

/** Every number that was ever given must be in exactly one queue of each way, or in that way's count. */
function account(flow: FlowController): { given: number; queued: number } {
  const group = [...flow.root.groups.values()][0]!;
  const state = (name: string, key: string): bigint => {
    const processor = [...group.processors.values()].find((each) => each.name === name)!;
    return BigInt(flow.runtime.journal.state(processor.id, 'local').entries.get(key) ?? '0');
  };
  const given = state('number', 'n');
  let queued = 0;
  for (const way of ['left', 'right']) {
    const waiting = [...group.connections.values()]
      .filter(({ name }) => name === way)
      .flatMap(({ queue }) => [...queue.list()].map(({ committed }) => BigInt(committed.getAttribute('n')!)));
    assert.equal(new Set(waiting).size, waiting.length, `${way}: a number is queued twice`);
    queued += waiting.length;
    const sum = (values: bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
    assert.equal(state(`count ${way}`, 'count') + BigInt(waiting.length), given, `${way}: FlowFiles counted and queued against ${given} given`);
    assert.equal(state(`count ${way}`, 'sum') + sum(waiting), sumTo(given), `${way}: sum of the numbers`);
    assert.equal(state(`count ${way}`, 'squares') + sum(waiting.map((n) => n * n)), squaresTo(given), `${way}: sum of the squares`);
  }
  return { given: Number(given), queued };
}

/** Looks at a copy, so that the next start has to recover from the kill by itself. */
async function accountOfCopy(directory: string): Promise<{ given: number; queued: number }> {
  const copy = mkdtempSync(path.join(tmpdir(), 'millrace-account-'));
  cpSync(directory, copy, { recursive: true });
  const { flow, close } = await openMillrace({ dataDirectory: copy, log: () => undefined });
  try {
    for (const { queue } of [...flow.root.groups.values()][0]!.connections.values())
      for (const record of queue.list()) assert.equal(flow.runtime.journal.content.read(record.committed.content).length, 100);
    return account(flow);
  } finally {
    await close();
    rmSync(copy, { recursive: true, force: true });
  }
}

test(`${KILLS} times kill -9 under load: every FlowFile is accounted for`, { timeout: 600_000 }, async (context) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-kill-'));
  await build(directory);
  let given = 0;
  let sawQueued = false;
  for (let kill = 0; kill < KILLS; kill++) {
    const server = await ServerProcess.start(directory, '--no-example');
    await delay(Math.random() * 300);
    await server.kill('SIGKILL');
    const after = await accountOfCopy(directory);
    assert.ok(after.given >= given, 'numbers that were given are given again');
    given = after.given;
    sawQueued ||= after.queued > 0;
  }
  assert.ok(given > KILLS && sawQueued, `there was no load: ${given} numbers in ${KILLS} runs`);
  context.diagnostic(`${given} numbers given in ${KILLS} runs, none lost, none twice`);
  rmSync(directory, { recursive: true, force: true });
});
