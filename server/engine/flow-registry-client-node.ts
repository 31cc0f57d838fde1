import type { FlowRegistry } from '../extension/flow-registry.ts';
import type { Bundle } from './component-types.ts';
import { ConfiguredComponent } from './configured-component.ts';
import { ConflictError } from './errors.ts';
import type { Runtime } from './runtime.ts';

/** A flow registry client: where versions of process groups are kept. Whoever needs the registry opens it for each piece of work. */
export class FlowRegistryClientNode extends ConfiguredComponent<'flow-registry-client'> {
  readonly kind = 'FLOW_REGISTRY_CLIENT';
  readonly state = 'ENABLED';
  readonly isActive = false;

  constructor(runtime: Runtime, id: string, type: string, bundle: Bundle) {
    super(runtime, id, null, 'flow-registry-client', type, bundle);
  }

  checkModifiable(): void {}

  checkRemovable(): void {}

  letGo(): Promise<void> {
    return Promise.resolve();
  }

  /** What speaks to the registry; whoever opens it closes it. Throws ConflictError where the configuration is not valid. */
  async open(signal: AbortSignal): Promise<FlowRegistry> {
    if (!this.isValid) throw new ConflictError(`Flow registry client ${this.label} is not valid: ${this.validationErrors.join('; ')}`);
    return this.definition!.open(this.makeContext(signal));
  }

  /** Opens the registry for one piece of work. Throws ConflictError where the configuration is not valid, RegistryError as the registry does. */
  async use<T>(work: (registry: FlowRegistry) => Promise<T>): Promise<T> {
    const registry = await this.open(new AbortController().signal);
    try {
      return await work(registry);
    } finally {
      await registry.close();
    }
  }
}
