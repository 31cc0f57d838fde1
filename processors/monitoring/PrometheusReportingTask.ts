import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { flowMetrics, PROMETHEUS_TYPE, prometheusText } from '../../server/extension/flow-metrics.ts';
import { property } from '../../server/extension/property.ts';
import { defineReportingTask } from '../../server/extension/reporting-task.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/** Whether a page of another site asks under a name of its own that leads here (DNS rebinding): on a loopback address only loopback names are meant. */
function isRebound({ headers, socket }: IncomingMessage): boolean {
  return /^(?:::ffff:)?127\.|^::1$/.test(socket.localAddress ?? '') && !LOOPBACK.test(headers.host ?? '');
}

/** Metrics as Prometheus reads them, at their address only. */
function answer(request: IncomingMessage, response: ServerResponse, metrics: () => string): void {
  const path = request.url?.split('?')[0];
  if (isRebound(request)) return void response.writeHead(403, { 'Content-Type': 'text/plain' }).end('The metrics are for this machine: ask for them at localhost.');
  if (path !== '/metrics' && path !== '/metrics/') return void response.writeHead(404, { 'Content-Type': 'text/plain' }).end('The metrics are at /metrics.');
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  try {
    const text = metrics();
    response.writeHead(200, { 'Content-Type': PROMETHEUS_TYPE }).end(request.method === 'HEAD' ? undefined : text);
  } catch {
    response.writeHead(500).end();
  }
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(`The metrics cannot be served on ${host}:${port} (${(cause as Error).message}). Stop what listens there, or choose another port.`, { cause });
  }
}

export default defineReportingTask({
  description: 'Serves the figures of the flow to Prometheus, at /metrics on a port of its own. They are counted anew whenever Prometheus asks, whatever the run schedule.',
  tags: ['reporting', 'prometheus', 'metrics', 'openmetrics', 'monitoring'],
  properties: {
    port: property.integer('Prometheus Metrics Endpoint Port', 'The port to serve the metrics on', { default: '9092', min: 1, max: 65_535, expressions: 'environment' }),
    host: property.text('Prometheus Metrics Endpoint Address', 'The address to listen on; 0.0.0.0 lets other machines read the metrics, without a login', {
      default: '127.0.0.1',
      expressions: 'environment',
    }),
    instance: property.text('Instance ID', 'The label `instance` of every metric', { default: '${hostname(true)}', expressions: 'environment' }),
    detail: property.choice(
      'Metrics Reporting Strategy',
      'How much to tell',
      { root: 'Root Process Group', groups: 'All Process Groups', components: 'All Components' },
      { default: 'components' },
    ),
  },
  async onScheduled({ properties, flow }) {
    const { createServer } = await import('node:http');
    const server = createServer((request, response) => answer(request, response, () => prometheusText(flowMetrics(flow.status(), properties.detail, properties.instance))));
    await listening(server, properties.port, properties.host);
    server.unref();
    return server;
  },
  onTrigger: () => undefined,
  onStopped(server) {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  },
});
