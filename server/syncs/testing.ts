import type { ControllerServiceNode } from '../engine/controller-service-node.ts';
import { ConflictError } from '../engine/errors.ts';
import type { ProcessorNode } from '../engine/processor-node.ts';
import { verifyComponent } from '../engine/verification.ts';
import { messageOf } from '../extension/errors.ts';
import type { Sync } from './sync.ts';
import type { Syncs } from './syncs.ts';
import { digestOf, testView } from './test-view.ts';
import type { TestStepView, TestView } from './views.ts';

/** How long connections may take to come about for a test, milliseconds. */
const ENABLE_PATIENCE = 30_000;
const LOOK_MILLIS = 20;

/** Tests of syncs: connections first, then what reads and writes. One at a time for a sync; what came of it is stored with the sync. */
export class SyncTests {
  readonly #syncs: Syncs;
  readonly #running = new Map<string, TestView>();

  constructor(syncs: Syncs) {
    this.#syncs = syncs;
  }

  /** The one that runs, else the latest. */
  of(sync: Sync): TestView | null {
    return this.#running.get(sync.id) ?? testView(sync);
  }

  /** Throws ConflictError where one runs already. */
  begin(sync: Sync): TestView {
    if (this.#running.has(sync.id)) throw new ConflictError(`${sync.label} is being tested already. Wait for the end of that test.`);
    const { clock } = this.#syncs.flow.runtime;
    const started = clock.now();
    const steps: TestStepView[] = [];
    const test: TestView = { started: new Date(started).toISOString(), ended: null, passed: null, current: true, steps };
    this.#running.set(sync.id, test);
    const digest = digestOf(sync);
    void this.#run(sync, steps)
      .catch((thrown: unknown) => void steps.push(step('Test', sync.name, 'FAILED', messageOf(thrown))))
      .then(() => {
        this.#running.delete(sync.id);
        if (this.#syncs.find(sync.id) !== sync) return;
        this.#syncs.amend(sync, { test: { started, ended: clock.now(), passed: steps.every(({ outcome }) => outcome !== 'FAILED'), steps, digest } });
      });
    return test;
  }

  async #run(sync: Sync, steps: TestStepView[]): Promise<void> {
    const services = sync.description.connections.map(({ service }) => sync.places.service(service)).filter((node) => node !== undefined);
    for (const service of services) await this.#verify(service, steps);
    const nodes = sync.streams.filter(({ enabled }) => enabled).flatMap(({ sources, destination }) => [...sources, ...(destination ? [destination] : [])]);
    if (steps.some(({ outcome }) => outcome === 'FAILED')) {
      for (const { name } of nodes) steps.push(step('Perform Verification', name, 'SKIPPED', 'A connection failed before.'));
      return;
    }
    const opened = services.filter(({ state }) => state === 'DISABLED');
    try {
      for (const service of opened) void service.enable();
      await this.#until(() => services.every((service) => service.isEnabled));
      for (const node of nodes) await this.#verify(node, steps);
    } finally {
      // What a draft does not use yet stays closed.
      if (!sync.record.active) await Promise.all(opened.map((service) => service.disable()));
    }
  }

  async #verify(node: ProcessorNode | ControllerServiceNode, steps: TestStepView[]): Promise<void> {
    if (node.isActive) {
      steps.push(step('Perform Verification', node.name, 'SKIPPED', 'It is at work, and not disturbed by a test.'));
      return;
    }
    for (const { name, outcome, explanation, preview } of await verifyComponent(node)) steps.push(step(name, node.name, outcome, explanation, preview));
  }

  #until(condition: () => boolean): Promise<void> {
    const { clock } = this.#syncs.flow.runtime;
    const deadline = clock.now() + ENABLE_PATIENCE;
    return new Promise((resolve) => {
      const look = (): void => void (condition() || clock.now() > deadline ? resolve() : clock.after(LOOK_MILLIS, look));
      look();
    });
  }
}

function step(name: string, component: string, outcome: TestStepView['outcome'], explanation: string, preview?: readonly object[]): TestStepView {
  return { name, component, outcome, explanation, preview: preview ? (preview as TestStepView['preview']) : null };
}
