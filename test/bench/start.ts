import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openMillrace } from '../../server/millrace.ts';
import { FlowBench } from './flow.ts';
import type { Result } from './main.ts';
import { ServerProcess } from './server.ts';

const IDLE_SECONDS = 10;

/** Process start to the first answer, with an empty flow and with one of 500 components; idle memory and CPU. */
export async function start(): Promise<Result[]> {
  const results: Result[] = [];
  for (const components of [0, 500]) {
    const directory = mkdtempSync(path.join(tmpdir(), 'millrace-start-'));
    try {
      if (components > 0) await fill(directory, components);
      results.push(await measure(directory, components));
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  return results;
}

async function measure(directory: string, components: number): Promise<Result> {
  const times: number[] = [];
  for (let i = 0; i < 4; i++) {
    const server = await ServerProcess.start(directory, '--no-example');
    times.push(server.readyAfter);
    await server.kill('SIGTERM');
  }
  const server = await ServerProcess.start(directory, '--no-example');
  await delay(2000);
  const before = server.cpuSeconds;
  await delay(IDLE_SECONDS * 1000);
  const idle = server.cpuSeconds - before;
  const memory = server.residentBytes;
  await server.kill('SIGTERM');
  times.sort((a, b) => a - b);
  return {
    bench: 'start',
    components,
    ready_ms: Math.round((times[1]! + times[2]!) / 2),
    idle_memory_mb: Math.round(memory / 1e6),
    idle_cpu_percent: Number(((100 * idle) / IDLE_SECONDS).toFixed(2)),
  };
}

/** Half processors that run and wait for input, half connections between them. */
async function fill(directory: string, components: number): Promise<void> {
  const { flow, close } = await openMillrace({ dataDirectory: directory, log: () => undefined });
  flow.start();
  flow.batch(() => {
    const bench = new FlowBench(flow, 'five hundred');
    const nodes = Array.from({ length: components / 2 }, (_, i) => bench.processor('org.apache.nifi.processors.attributes.UpdateAttribute', { step: `\${step:append('${i}')}` }));
    nodes.forEach((node, i) => bench.connect(node, nodes[(i + 1) % nodes.length]!, ['success']));
  });
  void flow.schedule(flow.root, 'RUNNING');
  await close();
}
