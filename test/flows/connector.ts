import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '../../processors/duckdb/database.ts';
import { DuckDB } from '../../processors/duckdb/duckdb.ts';
import type { FlowDefinition } from '../../server/engine/flow-definition/format.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import type { ProcessorNode } from '../../server/engine/processor-node.ts';
import { type Millrace, openMillrace } from '../../server/millrace.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

type Values = Readonly<Record<string, string>>;

const PATIENCE_MILLIS = 180_000;

/** A connector as it is shipped on a real data directory, in this process; `millrace` is another one after each restart. */
export class Connector {
  readonly directory = temporaryDirectory();
  #millrace!: Millrace;

  protected constructor() {}

  /** Imports a definition with values for its parameters, by context, and starts everything. */
  protected async begin(definition: FlowDefinition, parameters: Readonly<Record<string, Values>>): Promise<void> {
    await this.open();
    const { flow } = this.#millrace;
    flow.import(flow.root, { version: 0 }, definition);
    for (const [context, values] of Object.entries(parameters)) this.apply(context, values);
    await this.activate();
    await flow.schedule(this.group, 'RUNNING');
  }

  async open(): Promise<void> {
    this.#millrace = await openMillrace({ dataDirectory: this.directory, log: () => undefined });
    this.#millrace.flow.start();
  }

  close(): Promise<void> {
    return this.#millrace.close();
  }

  /** Ends the process, as it were, and starts it again. */
  async restart(): Promise<void> {
    await this.close();
    await this.open();
  }

  apply(context: string, values: Values): void {
    const { flow } = this.#millrace;
    const found = [...flow.parameterContexts.values()].find(({ name }) => name === context)!;
    flow.change(found, found.revision, () => found.apply({ parameters: Object.entries(values).map(([name, value]) => ({ name, value })) }));
  }

  protected async activate(): Promise<void> {
    await this.#millrace.flow.activateServices(this.group, 'ENABLED');
    await this.enabled();
  }

  protected enabled(): Promise<void> {
    return this.until(() => [...this.group.services.values()].every(({ isEnabled }) => isEnabled));
  }

  /** Sets parameters with everything stopped, as an update of parameters does, and starts again. */
  async set(context: string, values: Values): Promise<void> {
    const { flow } = this.#millrace;
    await flow.schedule(this.group, 'STOPPED');
    await flow.activateServices(this.group, 'DISABLED');
    this.apply(context, values);
    await this.activate();
    await flow.schedule(this.group, 'RUNNING');
  }

  async schedule(group: ProcessGroup, state: 'RUNNING' | 'STOPPED' | 'DISABLED'): Promise<void> {
    await this.#millrace.flow.schedule(group, state);
  }

  get group(): ProcessGroup {
    return [...this.#millrace.flow.root.groups.values()][0]!;
  }

  subgroup(name: string): ProcessGroup {
    return [...this.group.groups.values()].find((each) => each.name === name)!;
  }

  processor(name: string, group = this.group): ProcessorNode {
    return [...group.processors.values()].find((node) => node.name === name)!;
  }

  /** Lets a processor run once. */
  async once(node: ProcessorNode): Promise<void> {
    await node.stop();
    node.runOnce();
    await this.until(() => node.physicalState === 'STOPPED');
  }

  /** Waits until nothing of a group is queued and nothing works. */
  async settled(group = this.group): Promise<void> {
    await this.until(() => this.queued(group) === 0 && ![...group.processors.values()].some(({ activeThreadCount }) => activeThreadCount > 0));
  }

  queued(group = this.group): number {
    return [...group.connections.values()].reduce((sum, { queue }) => sum + queue.objectCount, 0);
  }

  /** The contents that wait in the queues of a group. */
  queuedContents(group: ProcessGroup): string[] {
    const { content } = this.#millrace.flow.runtime.journal;
    return [...group.connections.values()].flatMap(({ queue }) => [...queue.list()].map(({ committed }) => content.read(committed.content).toString('utf8')));
  }

  /** What the counters of this name come to. */
  counter(name: string): number {
    return [...this.#millrace.flow.runtime.journal.counters()].filter((each) => each.name === name).reduce((sum, { value }) => sum + value, 0);
  }

  get bulletins(): string {
    const found = this.#millrace.flow.bulletins.find();
    return found.map(({ message }) => message).join('\n');
  }

  async until(condition: () => boolean, patience = PATIENCE_MILLIS): Promise<void> {
    const deadline = performance.now() + patience;
    while (!condition()) {
      assert.ok(performance.now() < deadline, `nothing moves, ${this.queued()} FlowFiles are queued: ${this.bulletins}`);
      await delay(5);
    }
  }

  clearState(node: ProcessorNode): void {
    this.#millrace.flow.runtime.journal.setState(node.id, 'cluster', new Map());
  }

  /** Works with the data directory, which the connector lets go of meanwhile: a restart. */
  async aside<T>(work: () => Promise<T>): Promise<T> {
    await this.close();
    try {
      return await work();
    } finally {
      await this.open();
      await this.enabled();
    }
  }
}

/** Works with an embedded database of a data directory that no process has open. */
export async function withDatabase<T>(dataDirectory: string, file: string, work: (database: DuckDB) => Promise<T>): Promise<T> {
  mkdirSync(path.join(dataDirectory, 'databases'), { recursive: true });
  const options = { temporaryDirectory: dataDirectory, readOnly: false, memoryLimit: 128 * 1024 ** 2, threads: 1, directories: [] };
  const database = new DuckDB(await Database.open({ path: path.join(dataDirectory, 'databases', file), ...options }));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

export async function allRows(database: DuckDB, sql: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const batch of await database.query(sql)) rows.push(...batch);
  return rows;
}
