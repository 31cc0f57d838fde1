import path from 'node:path';
import type { StateScope, VerificationStep } from '../server/extension/component.ts';
import type { ProcessorDefinition } from '../server/extension/processor.ts';
import type { PropertyMap } from '../server/extension/property.ts';
import type { Bulletin } from '../server/engine/bulletins.ts';
import type { Connection } from '../server/engine/connection.ts';
import { FlowController } from '../server/engine/flow-controller.ts';
import type { FlowFileRecord } from '../server/engine/flowfile-record.ts';
import type { ProcessorEdit } from '../server/engine/processor-config.ts';
import type { ProcessorNode } from '../server/engine/processor-node.ts';
import { reasonNotToTrigger } from '../server/engine/reason-not-to-trigger.ts';
import { Session } from '../server/engine/session.ts';
import { verifyComponent } from '../server/engine/verification.ts';
import { MemoryContentRepository, MemoryStore } from '../server/repository/memory.ts';
import { ManualClock } from './manual-clock.ts';
import { type Output, outputOf, SOURCE, type Told, toldBy } from './runner-output.ts';
import { RunnerServices, type Services } from './runner-services.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { TypeTable } from './type-table.ts';

export interface RunnerOptions {
  /** Texts by property name, dynamic properties too. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly services?: Services;
  /** Parameters that texts refer to. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Further settings, such as `penaltyDuration`. */
  readonly config?: ProcessorEdit;
  /** Whether something leads into the processor; by default unless its input is forbidden. */
  readonly incoming?: boolean;
  readonly state?: Readonly<Record<string, string>>;
}

export type { Output, Told } from './runner-output.ts';
export type { RealService, Services } from './runner-services.ts';
export { temporaryDirectory } from './temporary-directory.ts';
export { TypeTable } from './type-table.ts';

const created = { version: 0 };
/** A processor that neither ends nor fails within this real time has hung, milliseconds. */
const PATIENCE = 180_000;

/** Runs one processor on the real engine with everything in memory and time standing still: see Runner. */
export function runner<P extends PropertyMap, R extends string, C>(definition: ProcessorDefinition<P, R, C>, options: RunnerOptions = {}): Runner<R> {
  return new Runner<R>(definition as unknown as ProcessorDefinition, options);
}

/**
 * One processor between a queue that the test fills and a queue for each relationship.
 *
 *     const run = runner(MyProcessor, { properties: { 'File Filter': '.*' } });
 *     run.enqueue('content', { filename: 'a.txt' });
 *     await run.run();
 *     assert.deepEqual(run.out('success').map(({ content }) => content), ['CONTENT']);
 */
export class Runner<R extends string = string> {
  readonly clock = new ManualClock(Date.now());
  readonly flow: FlowController;
  readonly node: ProcessorNode;
  /** A folder of its own, where the processor's `dataDirectory` is. */
  readonly directory = temporaryDirectory();
  readonly #store = new MemoryStore();
  readonly #types = new TypeTable();
  readonly #outputs = new Map<string, Connection>();
  readonly #input: Connection | undefined;
  readonly #services: RunnerServices;
  /** Triggers that the processor may still have. */
  #budget = 0;
  #triggers = 0;

  constructor(definition: ProcessorDefinition, options: RunnerOptions) {
    const type = this.#types.addProcessor('Processor', this.#counted(definition));
    const source = this.#types.addProcessor('Source', SOURCE);
    this.flow = this.#open(options.environment ?? {});
    this.#bindParameters(options.parameters ?? {});
    const { root } = this.flow;
    this.#services = new RunnerServices(this.flow, this.#types);
    const properties = { ...options.properties, ...this.#services.add(options.services ?? {}, definition) };
    this.node = this.flow.createProcessor(root, created, { type, schedulingPeriod: '0 sec', ...options.config, properties });
    if (options.state) this.setState(options.state);
    if (options.incoming ?? definition.input !== 'forbidden') {
      const from = this.flow.createProcessor(root, created, { type: source });
      this.#input = this.#connect(from.id, this.node.id, 'success');
    }
    for (const relationship of Object.keys(this.node.relationships)) {
      if (!this.node.config.autoTerminatedRelationships.includes(relationship))
        this.#outputs.set(relationship, this.#connect(this.node.id, this.flow.createFunnel(root, created).id, relationship));
    }
    this.flow.start();
  }

  // ---- what goes in

  /** Puts a FlowFile into the incoming queue. */
  enqueue(content: string | Uint8Array = '', attributes: Readonly<Record<string, string>> = {}): this {
    const { queue } = this.#input!;
    const session = new Session(queue.producer, this.flow.runtime.journal, this.clock);
    const flowFile = session.putAttributes(session.create(), attributes);
    session.transfer(content.length > 0 ? session.write(flowFile, content) : flowFile, 'success');
    session.commit();
    return this;
  }

  setState(state: Readonly<Record<string, string>>, scope = this.#scope): void {
    this.flow.runtime.journal.setState(this.node.id, scope, new Map(Object.entries(state)));
  }

  // ---- running

  /** What keeps the processor from running, in NiFi's words. Enables services first. */
  async validate(): Promise<readonly string[]> {
    await this.#services.enable((condition) => this.#until(condition));
    return this.node.validationErrors;
  }

  /**
   * Starts the processor, lets it be triggered so many times at most, and stops it unless `start` was called. Ends earlier where
   * nothing is left to do: no input, a yield, a penalty.
   */
  async run(times = 1): Promise<this> {
    const stop = this.node.physicalState === 'STOPPED';
    if (stop) await this.start();
    this.#budget = times;
    await this.#spend();
    this.#budget = 0;
    if (stop) await this.stop();
    return this;
  }

  /** Starts the processor; it is triggered by `run` only, and keeps its client until `stop`. */
  async start(): Promise<this> {
    const problems = await this.validate();
    if (problems.length > 0) throw new Error(`The processor is not valid: ${problems.join('; ')}`);
    this.node.start();
    await this.#until(
      () => this.node.physicalState === 'RUNNING' || this.node.runnable.work !== null || this.bulletins.some(({ message }) => message.startsWith('Failed to start')),
    );
    if (this.node.physicalState !== 'RUNNING') {
      await this.node.stop();
      throw new Error(this.bulletins.at(-1)!.message);
    }
    return this;
  }

  async stop(): Promise<void> {
    const stopped = this.node.stop();
    await this.#until(() => this.node.physicalState === 'STOPPED');
    await stopped;
  }

  /** Lets time pass. */
  async advance(millis: number): Promise<void> {
    await this.clock.advance(millis);
  }

  /** "Test connection". */
  async verify(attributes?: Readonly<Record<string, string>>): Promise<readonly VerificationStep[]> {
    await this.#services.enable((condition) => this.#until(condition));
    return verifyComponent(this.node, {}, attributes);
  }

  // ---- what comes out

  /** What was transferred to a relationship so far, in order. */
  out(relationship: R): Output[] {
    return [...this.#outputs.get(relationship)!.queue.list()].sort((a, b) => a.position - b.position).map((record) => this.#output(record));
  }

  /** How many FlowFiles went to each relationship, those without any left out. */
  get counts(): Partial<Record<R, number>> {
    const counts = [...this.#outputs].map(([name, { queue }]) => [name, queue.objectCount] as const);
    return Object.fromEntries(counts.filter(([, count]) => count > 0)) as Partial<Record<R, number>>;
  }

  /** FlowFiles that wait in the incoming queue. */
  get queued(): Output[] {
    return [...(this.#input?.queue.list() ?? [])].map((record) => this.#output(record));
  }

  /** How often onTrigger was called. */
  get triggers(): number {
    return this.#triggers;
  }

  get counters(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.flow.runtime.journal.counters()].filter(({ componentId }) => componentId === this.node.id).map(({ name, value }) => [name, value]));
  }

  state(scope = this.#scope): Readonly<Record<string, string>> {
    return Object.fromEntries(this.flow.runtime.journal.state(this.node.id, scope).entries);
  }

  /** Of the processor and its services, oldest first. */
  get bulletins(): Bulletin[] {
    return this.flow.bulletins.find();
  }

  /** Until when the processor has asked to be left alone, milliseconds from now; 0 where it has not. */
  get yielded(): number {
    return Math.max(0, this.node.runnable.yieldUntil - this.clock.now());
  }

  /** The processor's events, in order. */
  get provenance(): Told[] {
    this.flow.runtime.journal.flush();
    return toldBy(this.#store, this.node.runnable.key, this.flow.runtime.journal.ids);
  }

  /** Forgets what came out so far. */
  clear(): void {
    for (const connection of this.#outputs.values()) connection.dropAll();
  }

  /** Stops everything, services too. */
  async close(): Promise<void> {
    await this.flow.stop();
  }

  // ---- inside

  get #scope(): StateScope {
    return this.node.definition?.stateful?.scope ?? 'local';
  }

  #open(environment: Readonly<Record<string, string>>): FlowController {
    return FlowController.open({
      clock: this.clock,
      store: this.#store,
      content: new MemoryContentRepository(),
      provenance: this.#store,
      types: this.#types,
      secrets: { encrypt: (text) => Buffer.from(text).toString('base64'), decrypt: (text) => Buffer.from(text, 'base64').toString() },
      componentDirectory: this.directory,
      assetDirectory: path.join(this.directory, 'assets'),
      environment: new Map(Object.entries(environment)),
    });
  }

  /** The definition, triggered only while the budget lasts. */
  #counted(definition: ProcessorDefinition): ProcessorDefinition {
    return {
      ...definition,
      onTrigger: (session, context) => {
        if (this.#budget <= 0) return;
        this.#budget--;
        this.#triggers++;
        return definition.onTrigger(session, context);
      },
    };
  }

  #bindParameters(parameters: Readonly<Record<string, string>>): void {
    const names = Object.keys(parameters);
    if (names.length === 0) return;
    const context = this.flow.createParameterContext(created, { name: 'parameters', parameters: names.map((name) => ({ name, value: parameters[name]! })) });
    this.flow.change(this.flow.root, this.flow.root.revision, (root) => root.configure({ parameterContext: context }));
  }

  #connect(source: string, destination: string, relationship: string): Connection {
    const free = { backPressureObjectThreshold: 0, backPressureDataSizeThreshold: '0 B' };
    return this.flow.createConnection(this.flow.root, created, { source, destination, selectedRelationships: [relationship], ...free });
  }

  #output(record: FlowFileRecord): Output {
    return outputOf(record, this.flow.runtime.journal.content, this.clock.now());
  }

  /** Until the budget is spent and every task has ended, or nothing moves any more. */
  async #spend(): Promise<void> {
    const { runnable } = this.node;
    this.flow.runtime.scheduler.wake(runnable);
    for (const deadline = performance.now() + PATIENCE; ; this.#checkPatience(deadline)) {
      await this.clock.settle();
      if (runnable.activeTasks > 0) continue;
      if (this.#budget <= 0) return;
      const reason = reasonNotToTrigger(runnable, this.clock.now());
      if (!reason) continue;
      // A source that found nothing to do is asked again after a moment.
      const moment = reason.because === 'yielding' ? reason.until - this.clock.now() : Number.POSITIVE_INFINITY;
      if (moment > 10) return;
      await this.clock.advance(moment);
    }
  }

  async #until(condition: () => boolean): Promise<void> {
    for (const deadline = performance.now() + PATIENCE; !condition(); this.#checkPatience(deadline)) await this.clock.settle();
  }

  #checkPatience(deadline: number): void {
    if (performance.now() > deadline) throw new Error(`The processor hangs: it is ${this.node.physicalState} with ${this.node.activeThreadCount} tasks`);
  }
}
