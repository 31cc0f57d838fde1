import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { openMillrace } from '../server/millrace.ts';
import { FlowBench, standard } from './bench/flow.ts';
import { ServerProcess } from './bench/server.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'millrace-full-'));
const mount = (...args: string[]): boolean => spawnSync('mount', [...args, directory], { stdio: 'ignore' }).status === 0;
const isSmallDisk = process.platform === 'linux' && process.getuid?.() === 0 && mount('-t', 'tmpfs', '-o', 'size=24m', 'tmpfs');

async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await condition())) {
    assert.ok(performance.now() < end, `timed out waiting for ${what}`);
    await delay(50);
  }
}

/** source -> number (state: the last number given) -> a queue that nobody empties. */
async function build(): Promise<void> {
  const { flow, close } = await openMillrace({ dataDirectory: directory, log: () => undefined });
  flow.start();
  const bench = new FlowBench(flow);
  const source = bench.processor(standard('GenerateFlowFile'), { 'File Size': '2 KB', 'Batch Size': '10', 'Unique FlowFiles': 'true' }, { schedulingPeriod: '1 ms' });
  const properties = { 'Store State': 'Store state locally', 'Stateful Variables Initial Value': '0', n: "${getStateValue('n'):plus(1)}" };
  const number = bench.processor('org.apache.nifi.processors.attributes.UpdateAttribute', properties, { name: 'number', autoTerminatedRelationships: ['set state fail'] });
  const sink = bench.processor(standard('LogMessage'), {}, { autoTerminatedRelationships: ['success'] });
  bench.connect(source, number, ['success']);
  bench.connect(number, sink, ['success'], { backPressureObjectThreshold: 0, backPressureDataSizeThreshold: '0 B', name: 'standing' });
  source.start();
  number.start();
  await close();
}

interface Board {
  readonly bulletinBoard: { readonly bulletins: readonly { readonly bulletin?: { readonly message: string } }[] };
}

interface Status {
  readonly controllerStatus: { readonly flowFilesQueued: number };
}

const queued = async (server: ServerProcess): Promise<number> => (await server.get<Status>('/flow/status')).controllerStatus.flowFilesQueued;

test('a full disk holds the flow with a message, refuses edits, loses nothing, and goes on when there is room', {
  skip: !isSmallDisk && 'needs root, to mount a small disk',
  timeout: 120_000,
}, async (context) => {
  await build();
  const server = await ServerProcess.start(directory, '--no-example');
  context.after(async () => {
    await server.kill('SIGKILL');
    spawnSync('umount', [directory]);
    rmSync(directory, { recursive: true, force: true });
  });
  await until('the disk to be full', () => /Free some space/.test(server.output));
  const { bulletinBoard } = await server.get<Board>('/flow/bulletin-board');
  assert.match(bulletinBoard.bulletins.map(({ bulletin }) => bulletin?.message).join(), /Free some space/);
  const held = await queued(server);
  await delay(500);
  assert.equal(await queued(server), held, 'nothing is taken in while nothing can be stored');

  const root = (await server.get<{ id: string }>('/process-groups/root')).id;
  const body = JSON.stringify({ revision: { version: 0 }, component: { label: 'x'.repeat(100_000), position: { x: 0, y: 0 } } });
  const refused = await fetch(`${server.base}/nifi-api/process-groups/${root}/labels`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  assert.equal(refused.ok, false);
  assert.match(await refused.text(), /Free some space/);

  assert.ok(mount('-o', 'remount,size=256m'));
  await until('the flow to go on', async () => (await queued(server)) > held + 100);
  await server.kill('SIGKILL');
  const { flow, close } = await openMillrace({ dataDirectory: directory, log: () => undefined });
  const number = [...flow.runtime.components.values()].find(({ name }) => name === 'number')!;
  const given = Number(flow.runtime.journal.state(number.id, 'local').entries.get('n'));
  const standing = [...flow.runtime.components.values()].find(({ name }) => name === 'standing')!;
  const numbers = [...flow.connection(standing.id).queue.list()].map(({ committed }) => Number(committed.getAttribute('n')));
  assert.deepEqual(
    numbers,
    Array.from({ length: given }, (_, i) => i + 1),
  );
  await close();
});
