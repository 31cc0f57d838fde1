import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** What NiFi's canvas asks for each time it refreshes. */
const routes = (group: string): string[] => [`/flow/process-groups/${group}?uiOnly=true`, '/flow/status', '/flow/controller/bulletins', '/flow/cluster/summary'];

const [base, group, clients, every] = process.argv.slice(2) as [string, string, string, string];
const agent = new Agent({ keepAlive: true, maxSockets: Number(clients) });
let answers = 0;

async function ask(route: string): Promise<void> {
  const [response] = (await once(get(`${base}/nifi-api${route}`, { agent }), 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
  if (response.statusCode !== 200) throw new Error(`GET ${route}: ${response.statusCode}`);
  response.resume();
  await once(response, 'end');
  answers++;
}

/** One client: its turns begin somewhere in the period, as people open their pages at any time. */
async function poll(): Promise<never> {
  await delay(Math.random() * Number(every) * 1000);
  for (;;) {
    const begun = performance.now();
    for (const route of routes(group)) await ask(route);
    await delay(Math.max(0, Number(every) * 1000 - (performance.now() - begun)));
  }
}

process.on('message', () => process.send?.(answers));
for (const route of routes(group)) await ask(route);
answers = 0;
for (let n = 0; n < Number(clients); n++) void poll();
process.send?.('ready');
