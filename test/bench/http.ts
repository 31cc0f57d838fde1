import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { FlowBench, standard, withMillrace } from './flow.ts';
import type { Result } from './main.ts';

const SECONDS = 5;
const CONCURRENT_TASKS = [1, 4, 32];

/** Takes what it is sent and answers 200 with a few bytes; says its port. */
const SERVER = `
require('node:http').createServer((request, response) => {
  request.on('data', () => {}).on('end', () => response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': '2' }).end('ok'));
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });`;

/** GenerateFlowFile (1 KB) -> InvokeHTTP, a POST to a server in a process of its own -> sink for request and answer, durable. */
export async function http(): Promise<Result[]> {
  const server = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  try {
    const url = `http://127.0.0.1:${await portOf(server)}/in`;
    const results: Result[] = [];
    for (const tasks of CONCURRENT_TASKS) results.push(await measure(url, tasks));
    return results;
  } finally {
    server.kill();
    await exited;
  }
}

async function portOf(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) return line;
  throw new Error('The server of the bench did not start');
}

async function measure(url: string, tasks: number): Promise<Result> {
  return withMillrace(async (flow) => {
    const bench = new FlowBench(flow);
    const source = bench.processor(standard('GenerateFlowFile'), { 'File Size': '1 KB', 'Batch Size': '10' }, { schedulingPeriod: '0 sec' });
    const invoke = bench.processor(
      standard('InvokeHTTP'),
      { 'HTTP Method': 'POST', 'HTTP URL': url },
      { concurrentlySchedulableTaskCount: tasks, autoTerminatedRelationships: ['Retry', 'No Retry', 'Failure'] },
    );
    const sink = bench.processor(standard('UpdateCounter'), { 'Counter Name': 'through' }, { autoTerminatedRelationships: ['success'] });
    bench.connect(source, invoke, ['success']);
    bench.connect(invoke, sink, ['Original', 'Response']);
    void flow.schedule(flow.root, 'RUNNING');
    await delay(1000);
    const through = (): number => bench.figures(sink).flowFilesIn / 2;
    const [before, cpu, started] = [through(), process.cpuUsage(), performance.now()];
    await delay(SECONDS * 1000);
    const { user, system } = process.cpuUsage(cpu);
    const count = through() - before;
    await flow.schedule(flow.root, 'STOPPED');
    return {
      bench: 'http',
      concurrent_tasks: tasks,
      requests_per_s: Math.round((count * 1000) / (performance.now() - started)),
      requests_per_cpu_s: Math.round((count * 1e6) / (user + system)),
    };
  });
}
