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

  /** What speaks to the registry: what the declaration's `open` returns. Throws ConflictError where the configuration is not valid. */
  async open(signal: AbortSignal): Promise<unknown> {
    if (!this.isValid) throw new ConflictError(`Flow registry client ${this.label} is not valid: ${this.validationErrors.join('; ')}`);
    return this.definition!.open(this.makeContext(signal));
  }
}
