import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openMillrace } from '../../server/millrace.ts';
import { FlowBench, standard } from './flow.ts';
import type { Result } from './main.ts';
import { ServerProcess } from './server.ts';

const FLOWFILES = 200_000;

interface Status {
  readonly controllerStatus: { readonly flowFilesQueued: number };
}

const queued = async (server: ServerProcess): Promise<number> => (await server.get<Status>('/flow/status')).controllerStatus.flowFilesQueued;

/** 200,000 queued FlowFiles, kill -9, time until all are visible again. */
export async function recover(): Promise<Result[]> {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-recover-'));
  try {
    await prepare(directory);
    const first = await ServerProcess.start(directory, '--no-example');
    while ((await queued(first)) < FLOWFILES) await delay(100);
    await first.kill('SIGKILL');
    const second = await ServerProcess.start(directory, '--no-example');
    const found = await queued(second);
    const result = { bench: 'recover', flowfiles: found, visible_after_ms: Math.round(second.readyAfter), memory_mb: Math.round(second.residentBytes / 1e6) };
    await second.kill('SIGTERM');
    if (found < FLOWFILES) throw new Error(`only ${found} of ${FLOWFILES} FlowFiles came back`);
    return [result];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A source that fills one queue up to the threshold, with attributes of its own on each FlowFile. */
async function prepare(directory: string): Promise<void> {
  const { flow, close } = await openMillrace({ dataDirectory: directory, log: () => undefined });
  flow.start();
  const bench = new FlowBench(flow);
  const source = bench.processor(standard('GenerateFlowFile'), { 'File Size': '100 B', 'Batch Size': '100' }, { schedulingPeriod: '0 sec' });
  const update = bench.processor('org.apache.nifi.processors.attributes.UpdateAttribute', { number: '${filename}', kind: 'recover' });
  const sink = bench.processor(standard('LogMessage'), {}, { autoTerminatedRelationships: ['success'] });
  bench.connect(source, update, ['success']);
  bench.connect(update, sink, ['success'], { backPressureObjectThreshold: FLOWFILES });
  flow.batch(() => {
    source.start();
    update.start();
  });
  await close();
}
