import path from 'node:path';
import type { ProcessorDefinition } from '../server/extension/processor.ts';
import { defineProcessor } from '../server/extension/processor.ts';
import { property } from '../server/extension/property.ts';
import { defineControllerService, serviceContract } from '../server/extension/service.ts';
import type { Component } from '../server/engine/component.ts';
import type { Connectable } from '../server/engine/connectable.ts';
import type { Connection, ConnectionEdit } from '../server/engine/connection.ts';
import type { ControllerServiceNode } from '../server/engine/controller-service-node.ts';
import { FlowController } from '../server/engine/flow-controller.ts';
import type { FlowEvent } from '../server/engine/flow-runtime.ts';
import type { ProcessGroup } from '../server/engine/process-group.ts';
import type { ProcessorEdit } from '../server/engine/processor-config.ts';
import type { ProcessorNode } from '../server/engine/processor-node.ts';
import { MemoryContentRepository, MemoryStore } from '../server/repository/memory.ts';
import { ManualClock } from './manual-clock.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { TypeTable } from './type-table.ts';

const word = serviceContract<{ word: string }>('test.WordProvider');

/** What the test processors did, in order. */
export const calls: string[] = [];

const Make = defineProcessor({
  description: 'Makes FlowFiles',
  tags: [],
  input: 'forbidden',
  properties: {
    text: property.text('Text', 'The content', { default: 'x', expressions: 'environment' }),
    batch: property.integer('Batch', 'How many', { default: '1' }),
  },
  dynamicProperties: { description: 'An attribute', name: 'name', value: 'value', expressions: 'environment' },
  relationships: { success: 'All' },
  onTrigger(session, { properties, dynamic }) {
    for (let i = 0; i < properties.batch; i++) {
      const attributes = Object.fromEntries([...dynamic].map(([name, value]) => [name, value()]));
      session.transfer(session.write(session.putAttributes(session.create(), attributes), properties.text), 'success');
    }
  },
});

const Pass = defineProcessor({
  description: 'Passes FlowFiles on',
  tags: [],
  input: 'required',
  properties: {
    secret: property.text('Secret', 'A secret', { sensitive: true }),
    mode: property.choice('Mode', 'How', { plain: 'Plain', fancy: 'Fancy' }, { default: 'plain' }),
    fancy: property.integer('Fancy Number', 'Only when fancy', { required: true, dependsOn: { Mode: ['fancy'] } }),
  },
  dynamicProperties: { description: 'An attribute', name: 'name', value: 'value', expressions: 'flowfile' },
  relationships: { success: 'All' },
  onTrigger(session, { dynamic }) {
    for (const flowFile of session.getBatch(100)) {
      session.transfer(session.putAttributes(flowFile, Object.fromEntries([...dynamic].map(([name, value]) => [name, value(flowFile)]))), 'success');
    }
  },
});

/** Its life is told in `calls`; properties let a test hold it up. */
const Live = defineProcessor({
  description: 'Tells of its life',
  tags: [],
  input: 'allowed',
  properties: { service: property.service('Service', 'A service', word), fail: property.boolean('Fail To Start', 'Whether it throws', { default: 'false' }) },
  relationships: {},
  onScheduled({ properties, name, signal }) {
    calls.push(`${name} scheduled`);
    if (properties.fail) throw new Error('no luck');
    return { word: properties.service?.word, signal };
  },
  async onTrigger(session, { client, name, signal }) {
    calls.push(`${name} triggered ${client.word}`);
    session.remove(session.getBatch(10));
    if (name === 'hang') await new Promise(() => undefined);
    if (name === 'waits') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  },
  onStopped: (client) => void calls.push(`stopped ${client.signal.aborted}`),
});

const Route = defineProcessor({
  description: 'Routes',
  tags: [],
  input: 'required',
  properties: {},
  dynamicProperties: { description: 'A rule', name: 'name', value: 'rule', expressions: 'flowfile', expressionType: 'boolean', relationships: true },
  relationships: { unmatched: 'No rule' },
  onTrigger: (session) => {
    const flowFile = session.get();
    if (flowFile) session.transfer(flowFile, 'unmatched');
  },
});

const Word = defineControllerService({
  description: 'Has a word',
  tags: [],
  properties: {
    word: property.text('Word', 'The word', { required: true }),
    base: property.service('Base', 'Another one', word),
    fail: property.boolean('Fail', 'Whether it throws', { default: 'false' }),
  },
  provides: [word],
  async onEnabled({ properties, name }) {
    calls.push(`${name} enabled`);
    if (properties.fail) throw new Error('no luck');
    return { word: properties.base ? `${properties.base.word} ${properties.word}` : properties.word };
  },
  onDisabled: () => void calls.push('service disabled'),
});

const created = { version: 0 };

/** A flow in memory with time standing still; `reopen` is a restart on what was stored. */
export class FlowRig {
  readonly clock = new ManualClock();
  readonly store = new MemoryStore();
  readonly content = new MemoryContentRepository();
  readonly types = new TypeTable();
  readonly log: string[] = [];
  readonly events: FlowEvent[] = [];
  readonly directory = temporaryDirectory();
  flow: FlowController;

  constructor() {
    const processors = { Make, Pass, Live, Route };
    for (const [name, definition] of Object.entries(processors)) this.types.addProcessor(name, definition as unknown as ProcessorDefinition);
    this.types.addService('Word', Word as never);
    calls.length = 0;
    this.flow = this.#open();
    this.flow.start();
  }

  #open(types = this.types): FlowController {
    const flow = FlowController.open({
      clock: this.clock,
      store: this.store,
      content: this.content,
      provenance: this.store,
      types,
      secrets: { encrypt: (text) => `enc{${Buffer.from(text).toString('base64')}}`, decrypt: (text) => Buffer.from(text.slice(4, -1), 'base64').toString() },
      componentDirectory: path.join(this.directory, 'files'),
      assetDirectory: path.join(this.directory, 'assets'),
      environment: new Map([['HOME_TOWN', 'Uster']]),
      log: ({ level, message }) => void this.log.push(`${level} ${message}`),
    });
    flow.subscribe((event) => void this.events.push(event));
    return flow;
  }

  /** As after a kill: nothing was told to stop. */
  reopen(types?: TypeTable): FlowController {
    this.flow = this.#open(types);
    return this.flow;
  }

  get root(): ProcessGroup {
    return this.flow.root;
  }

  processor(type: string, edit: ProcessorEdit = {}, group = this.root): ProcessorNode {
    return this.flow.createProcessor(group, created, { type: `test.${type}`, ...edit });
  }

  /** Makes one FlowFile a day unless told otherwise. */
  source(edit: ProcessorEdit = {}, group = this.root): ProcessorNode {
    return this.processor('Make', { schedulingPeriod: '1 day', ...edit }, group);
  }

  service(properties: Record<string, string>, name = 'word', group: ProcessGroup = this.root): ControllerServiceNode {
    return this.flow.createService(group, created, { type: 'test.Word', name, properties });
  }

  connect(source: Connectable, destination: Connectable, edit: ConnectionEdit = {}, group = this.root): Connection {
    const selectedRelationships = source.kind === 'PROCESSOR' ? ['success'] : [];
    return this.flow.createConnection(group, created, { source: source.id, destination: destination.id, selectedRelationships, ...edit });
  }

  funnel(group = this.root) {
    return this.flow.createFunnel(group, created);
  }

  group(name = 'inner', parent = this.root): ProcessGroup {
    return this.flow.createGroup(parent, created, { name });
  }

  /** An edit on the present revision. */
  edit<N extends Component, T>(node: N, edit: (node: N) => T): T {
    return this.flow.change(node, { version: node.revision.version, clientId: 'test' }, edit);
  }

  remove(node: Component): void {
    this.flow.remove(node, { version: node.revision.version });
  }

  settle(): Promise<void> {
    return this.clock.settle();
  }

  /** Runs a source once. */
  async once(node: ProcessorNode): Promise<void> {
    node.runOnce();
    await this.settle();
  }
}

/** The content of what is queued, as texts. */
export function contents(connection: Connection, rig: FlowRig): string[] {
  return connection.list(1000).map(({ committed }) => rig.content.read(committed.content).toString());
}
