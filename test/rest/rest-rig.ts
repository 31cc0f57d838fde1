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
import type { FlowRegistry } from '../../server/extension/flow-registry.ts';
import { defineFlowRegistryClient } from '../../server/extension/flow-registry-client.ts';
import { property } from '../../server/extension/property.ts';
import { defineReportingTask } from '../../server/extension/reporting-task.ts';
import { loadComponentTypes } from '../../server/registry.ts';
import { MemoryContentRepository, MemoryStore } from '../../server/repository/memory.ts';
import { createApp } from '../../server/rest/app.ts';
import { attachLive, type Live } from '../../server/rest/live.ts';
import type { RestServices } from '../../server/rest/services.ts';
import { ApiClient } from '../api-client.ts';
import { temporaryDirectory, TypeTable } from '../runner.ts';

export { type Answer, GENERATE, type Json, LOG_MESSAGE, revision, UPDATE, until } from '../api-client.ts';

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
  open: ({ properties }) => ({ storageLocation: properties.url }) as FlowRegistry,
  verify: async ({ properties }) => [{ name: 'Reach', outcome: 'SUCCESSFUL', explanation: `Reached ${properties.url}` }],
});

const Task = defineReportingTask({
  description: 'Counts its reports',
  tags: ['test'],
  stateful: { scope: 'local', description: 'How many there were' },
  properties: { service: property.service('Word Service', 'Where the word comes from', word), secret: property.text('Secret', 'A secret', { sensitive: true }) },
  onTrigger: ({ getState, setState }) => setState(new Map([['reports', String(Number(getState().get('reports') ?? 0) + 1)]])),
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

/** A real server on a real flow with everything in memory. */
export class RestRig extends ApiClient {
  readonly flow: FlowController;
  readonly server: Server;
  readonly services: RestServices;
  readonly live: Live;

  private constructor(flow: FlowController, server: Server, others: Partial<RestServices>) {
    super();
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
  static async with(use: (rig: RestRig) => Promise<void>, others: Partial<RestServices> | ((flow: FlowController) => Promise<Partial<RestServices>>) = {}): Promise<void> {
    const store = new MemoryStore();
    const flow = FlowController.open({
      clock: systemClock,
      store,
      content: new MemoryContentRepository(),
      provenance: store,
      types: await types(),
      environment: new Map([['millrace.flows', places.flows]]),
      secrets: { encrypt: (text) => `enc{${text}}`, decrypt: (text) => text.slice(4, -1) },
      componentDirectory: path.join(temporaryDirectory(), 'files'),
      assetDirectory: path.join(temporaryDirectory(), 'assets'),
      timeZone: 'UTC',
    });
    flow.start();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const rig = new RestRig(flow, server, typeof others === 'function' ? await others(flow) : others);
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
}
