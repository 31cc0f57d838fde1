import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { places } from '../../server/config.ts';
import { systemClock } from '../../server/engine/clock.ts';
import type { ComponentTypes } from '../../server/engine/component-types.ts';
import { FlowController } from '../../server/engine/flow-controller.ts';
import { ProcessorNode } from '../../server/engine/processor-node.ts';
import { defineControllerService, serviceContract } from '../../server/extension/service.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { defineFlowRegistryClient } from '../../server/extension/flow-registry-client.ts';
import { property } from '../../server/extension/property.ts';
import { defineReportingTask } from '../../server/extension/reporting-task.ts';
import { loadComponentTypes } from '../../server/registry.ts';
import { MemoryContentRepository, MemoryStore } from '../../server/repository/memory.ts';
import { createApp } from '../../server/rest/app.ts';
import { attachLive, type Live } from '../../server/rest/live.ts';
import type { RestServices } from '../../server/rest/services.ts';
import { temporaryDirectory, TypeTable } from '../runner.ts';

export const GENERATE = 'org.apache.nifi.processors.standard.GenerateFlowFile';
export const UPDATE = 'org.apache.nifi.processors.attributes.UpdateAttribute';
export const LOG_MESSAGE = 'org.apache.nifi.processors.standard.LogMessage';

const word = serviceContract<{ word: string }>('test.WordProvider');

const Speak = defineProcessor({
  description: 'Speaks a word',
  tags: ['test'],
  input: 'allowed',
  properties: { service: property.service('Word Service', 'Where the word comes from', word), secret: property.text('Secret', 'A secret', { sensitive: true }) },
  relationships: {},
  onTrigger: (_session, context) => context.yield(),
  verify: async () => [{ name: 'Speak', outcome: 'SUCCESSFUL', explanation: 'It spoke', preview: [{ word: 'hello' }] }],
});

const Hang = defineProcessor({ description: 'Never ends', tags: ['test'], input: 'forbidden', properties: {}, relationships: {}, onTrigger: () => new Promise(() => undefined) });

const Word = defineControllerService({
  description: 'Has a word',
  tags: ['test'],
  properties: { word: property.text('Word', 'The word', { default: 'hello' }) },
  provides: [word],
  onEnabled: ({ properties }) => properties,
});

const Registry = defineFlowRegistryClient({
  description: 'Keeps nothing',
  tags: ['test'],
  properties: {
    url: property.text('URL', 'Where it is', { required: true }),
    password: property.text('Password', 'A secret', { sensitive: true }),
    service: property.service('Word Service', 'Where the word comes from', word),
  },
  supportsBranching: true,
  details: '# Nothing',
  open: ({ properties }) => properties.url,
  verify: async ({ properties }) => [{ name: 'Reach', outcome: 'SUCCESSFUL', explanation: `Reached ${properties.url}` }],
});

const Task = defineReportingTask({
  description: 'Reports nothing',
  tags: ['test'],
  properties: { service: property.service('Word Service', 'Where the word comes from', word), secret: property.text('Secret', 'A secret', { sensitive: true }) },
  onTrigger: () => undefined,
});

/** The installed types and a few for tests. */
async function types(): Promise<ComponentTypes> {
  const installed = await loadComponentTypes(places.processors, '0.0.0');
  const own = new TypeTable();
  own.addProcessor('Speak', Speak as never);
  own.addProcessor('Hang', Hang as never);
  own.addService('Word', Word as never);
  own.addType('Registry', Registry as never);
  own.addType('Task', Task as never);
  return {
    find: (kind, type) => installed.find(kind, type) ?? own.find(kind, type),
    all: (kind) => [...installed.all(kind), ...own.all(kind)],
  };
}

// Shapes differ by operation; tests look at what they are about.
// biome-ignore lint/suspicious/noExplicitAny: the answers of an API are data.
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

/** A real server on a real flow with everything in memory. */
export class RestRig {
  readonly flow: FlowController;
  readonly log: string[] = [];
  readonly server: Server;
  readonly services: RestServices;
  readonly live: Live;

  private constructor(flow: FlowController, server: Server, others: Partial<RestServices>) {
    this.flow = flow;
    this.server = server;
    this.services = {
      flow,
      about: { version: '0.0.0' },
      clock: systemClock,
      log: ({ message }) => void this.log.push(message),
      loopbackOnly: true,
      storage: () => ({ totalBytes: 1000, freeBytes: 600 }),
      ...others,
    };
    server.on('request', createApp(this.services));
    this.live = attachLive(server, this.services);
  }

  /** Runs `use` and releases everything afterwards. `others`: services besides those that every test needs. */
  static async with(use: (rig: RestRig) => Promise<void>, others: Partial<RestServices> = {}): Promise<void> {
    const store = new MemoryStore();
    const flow = FlowController.open({
      clock: systemClock,
      store,
      content: new MemoryContentRepository(),
      provenance: store,
      types: await types(),
      environment: new Map(),
      secrets: { encrypt: (text) => `enc{${text}}`, decrypt: (text) => text.slice(4, -1) },
      componentDirectory: path.join(temporaryDirectory(), 'files'),
      assetDirectory: path.join(temporaryDirectory(), 'assets'),
      timeZone: 'UTC',
    });
    flow.start();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const rig = new RestRig(flow, server, others);
    try {
      await use(rig);
    } finally {
      rig.live.close();
      server.close();
      server.closeAllConnections();
      const stopped = flow.stop();
      for (const component of flow.root.descendants()) if (component instanceof ProcessorNode && component.physicalState === 'STOPPING') component.terminate();
      await stopped;
    }
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const json = body !== undefined && typeof body !== 'string' && !(body instanceof FormData);
    const response = await fetch(this.origin + (url.startsWith('/api/') ? url : `/nifi-api${url}`), {
      method,
      headers: { ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(body) : (body as string | FormData | undefined),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : undefined };
  }

  /** As `send`; throws where the status is not in the two hundreds. */
  async ok(method: string, url: string, body?: unknown): Promise<Json> {
    const answer = await this.send(method, url, body);
    if (answer.status >= 300) throw new Error(`${method} ${url} -> ${answer.status} ${answer.text} ${this.log.join('\n')}`);
    return answer.json;
  }

  get(url: string): Promise<Json> {
    return this.ok('GET', url);
  }

  /** Makes a component of a group, such as `create('root', 'processors', { type })`. */
  create(group: string, kind: string, component: object): Promise<Json> {
    return this.ok('POST', `/process-groups/${group}/${kind}`, { revision: revision(0), component });
  }

  processor(type: string, config: object = {}, group = 'root'): Promise<Json> {
    return this.create(group, 'processors', { type, config });
  }

  /** A source that makes one FlowFile each time it is run. */
  source(text: string, group = 'root'): Promise<Json> {
    return this.processor(GENERATE, { properties: { 'Custom Text': text }, schedulingPeriod: '1 day' }, group);
  }

  connect(source: Json, destination: Json, component: object = { selectedRelationships: ['success'] }): Promise<Json> {
    const end = (entity: Json) => ({ id: entity.id, groupId: entity.component.parentGroupId, type: typeOf(entity) });
    return this.create(source.component.parentGroupId, 'connections', { source: end(source), destination: end(destination), ...component });
  }

  /** An edit on the present revision. */
  async edit(entity: Json, component: object): Promise<Answer> {
    const { resource, version } = await this.#present(entity);
    return this.send('PUT', resource, { revision: revision(version), component: { id: entity.id, ...component } });
  }

  async runStatus(entity: Json, state: string): Promise<Answer> {
    const { resource, version } = await this.#present(entity);
    return this.send('PUT', `${resource}/run-status`, { revision: revision(version), state });
  }

  async remove(entity: Json): Promise<Answer> {
    const { resource, version } = await this.#present(entity);
    return this.send('DELETE', `${resource}?version=${version}&clientId=test`);
  }

  async once(entity: Json): Promise<void> {
    await this.runStatus(entity, 'RUN_ONCE');
    await until(async () => (await this.fresh(entity)).component.physicalState === 'STOPPED');
  }

  async fresh(entity: Json): Promise<Json> {
    return this.get(resourceOf(entity));
  }

  async queued(connection: Json): Promise<number> {
    return (await this.get(`/flow/connections/${connection.id}/status`)).connectionStatus.aggregateSnapshot.flowFilesQueued;
  }

  async #present(entity: Json): Promise<{ resource: string; version: number }> {
    const resource = resourceOf(entity);
    return { resource, version: (await this.get(resource)).revision.version };
  }
}

export function revision(version: number, clientId = 'test') {
  return { version, clientId };
}

function resourceOf(entity: Json): string {
  return new URL(entity.uri).pathname.replace('/nifi-api', '');
}

function typeOf(entity: Json): string {
  return { processors: 'PROCESSOR', funnels: 'FUNNEL', 'input-ports': 'INPUT_PORT', 'output-ports': 'OUTPUT_PORT' }[resourceOf(entity).split('/')[1]!]!;
}

/** Waits until something is so. */
export async function until(isSo: () => Promise<boolean> | boolean, patience = 5000): Promise<void> {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${isSo} did not come true in ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
