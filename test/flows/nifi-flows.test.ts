import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test, type TestContext } from 'node:test';
import { until } from '../api-client.ts';
import { type FlowRun, FlowServer } from './flow-run.ts';

/** Flow definitions exported from a real NiFi, with what they did there; not kept here. */
const folder = new URL('../../../shared/conformance/flows/', import.meta.url);

let server: FlowServer;
before(async () => {
  server = await FlowServer.start();
});
after(() => server.close());

async function withFlow(context: TestContext, name: string, work: (flow: FlowRun) => Promise<void>): Promise<void> {
  const file = new URL(`${name}.json`, folder);
  if (!existsSync(file)) return context.skip(`NiFi's export ${name}.json is not beside this checkout`);
  const flow = await server.upload(name, readFileSync(file, 'utf8'));
  await work(flow);
  await flow.stop();
}

test("NiFi's orders-to-files writes the same two files", (context) =>
  withFlow(context, 'orders-to-files', async (flow) => {
    await flow.setParameters({ 'out.dir': flow.path('out') });
    await flow.start();
    await flow.expect({
      'ADA-99.json': '{"id":1,"email":"ada@example.org","total":99.5,"ordered":"2025-01-03"}',
      'CYD-50.json': '{"id":3,"email":"cyd@example.org","total":50.0,"ordered":"2025-02-01"}',
    });
    await flow.isDone();
  }));

test("NiFi's split-and-merge splits and merges a hundred lines", (context) =>
  withFlow(context, 'split-and-merge', async (flow) => {
    await flow.start();
    const snapshot = async (name: string) => {
      const { id } = (await flow.processors()).find(({ component }) => component.name === name)!;
      return (await server.get(`/flow/processors/${id}/status`)).processorStatus.aggregateSnapshot;
    };
    await until(async () => (await snapshot('done')).flowFilesIn === 1);
    await flow.isDone();
    assert.equal(await flow.counter('lines'), 100);
    const [split, counted, done] = [await snapshot('one line each'), await snapshot('count'), await snapshot('done')];
    assert.deepEqual([split.flowFilesOut, split.bytesOut, counted.flowFilesOut, done.flowFilesIn, done.bytesIn], [100, 692, 100, 1, 891]);
  }));

test("NiFi's post-with-retry tries as often as there, and gives up", (context) =>
  withFlow(context, 'post-with-retry', async (flow) => {
    const tries = new Map<string, number>();
    const http = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      tries.set(body, (tries.get(body) ?? 0) + 1);
      response.writeHead(body === [...tries.keys()][0] ? 200 : 503).end();
    }).listen(0, '127.0.0.1');
    await until(() => http.listening);
    try {
      const processor = async (name: string) => (await flow.processors()).find(({ component }) => component.name === name)!;
      // The pauses of the export, half a minute each, are not what is to be seen here.
      for (const name of ['post', 'again']) await server.edit(await processor(name), { config: { penaltyDuration: '1 ms', maxBackoffPeriod: '2 ms' } });
      await server.edit(await processor('events'), { config: { schedulingPeriod: '1 day' } });
      await flow.setParameters({ url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/hook` });
      await flow.start();
      await until(async () => tries.size === 5 && (await flow.status()).flowFilesQueued === 0);
      const { retryCount } = (await processor('post')).component.config;
      assert.deepEqual(
        [...tries.values()].sort((a, b) => a - b),
        [1, ...new Array<number>(4).fill(3 * (retryCount + 1))],
      );
      assert.ok([...tries.keys()].every((body) => typeof (JSON.parse(body) as { uuid: unknown }).uuid === 'string'));
    } finally {
      http.close();
      http.closeAllConnections();
    }
  }));
