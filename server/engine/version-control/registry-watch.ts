import { messageOf } from '../../extension/errors.ts';
import type { FlowRegistry } from '../../extension/flow-registry.ts';
import type { FlowController } from '../flow-controller.ts';
import type { FlowDefinition } from '../flow-definition/format.ts';
import type { ProcessGroup } from '../process-group.ts';
import { withNested } from './nested.ts';
import { storeSnapshot } from './snapshots.ts';
import type { VersionControl } from './version-control.ts';

/** How often registries are asked for newer versions, milliseconds (NiFi's too). */
const PERIOD = 60_000;

/** Looks for newer versions of what groups follow. */
export class RegistryWatch {
  readonly #flow: FlowController;
  #cancel = (): void => undefined;

  constructor(flow: FlowController) {
    this.#flow = flow;
  }

  start(): void {
    this.#cancel();
    const groups = [...this.#flow.root.tree()].filter(({ versionControl }) => versionControl);
    let stopped = false;
    let cancelTimer = (): void => undefined;
    this.#cancel = () => {
      stopped = true;
      cancelTimer();
    };
    const next = (): void => {
      if (!stopped) cancelTimer = this.#flow.runtime.clock.after(PERIOD, () => this.start());
    };
    if (groups.length === 0) next();
    else void this.look(groups).then(next);
  }

  stop(): void {
    this.#cancel();
  }

  /** Never rejects: what is wrong becomes the groups' state. */
  async look(groups: readonly ProcessGroup[]): Promise<void> {
    for (const group of groups) {
      const control = group.versionControl;
      if (control) await this.#lookFor(group, control);
    }
  }

  async #lookFor(group: ProcessGroup, control: VersionControl): Promise<void> {
    const { latest, failure } = control;
    try {
      const client = this.#flow.controllerLevel('FLOW_REGISTRY_CLIENT', control.coordinates.registryId);
      await client.use((registry) => this.#ask(registry, group, control));
      control.failure = undefined;
    } catch (thrown) {
      control.failure = messageOf(thrown);
    }
    if (control.latest !== latest || control.failure !== failure) this.#flow.runtime.changed(group);
  }

  async #ask(registry: FlowRegistry, group: ProcessGroup, control: VersionControl): Promise<void> {
    const { branch = registry.defaultBranch, bucketId: bucket, flowId: flow, version } = control.coordinates;
    const location = { branch, bucket, flow };
    const [newest] = await registry.versions(location);
    if (!newest) throw new Error(`The flow ${flow} is not in the bucket ${bucket} on the branch ${branch} of ${registry.storageLocation} any more.`);
    control.latest = newest.version;
    if (control.snapshot) return;
    const { definition } = await registry.read(location, version);
    control.snapshot = await withNested(definition as unknown as FlowDefinition, registry);
    this.#flow.batch(() => storeSnapshot(this.#flow.runtime, group));
  }
}
