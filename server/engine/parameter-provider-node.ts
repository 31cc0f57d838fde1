import type { ProvidedGroup } from '../extension/parameter-provider.ts';
import type { Bundle } from './component-types.ts';
import { ConfiguredComponent } from './configured-component.ts';
import { ConflictError } from './errors.ts';
import type { Runtime } from './runtime.ts';

/** A parameter provider: reads parameters from elsewhere when somebody asks for it. */
export class ParameterProviderNode extends ConfiguredComponent<'parameter-provider'> {
  readonly kind = 'PARAMETER_PROVIDER';
  readonly state = 'ENABLED';
  readonly isActive = false;

  constructor(runtime: Runtime, id: string, type: string, bundle: Bundle) {
    super(runtime, id, null, 'parameter-provider', type, bundle);
  }

  checkModifiable(): void {}

  checkRemovable(): void {}

  letGo(): Promise<void> {
    return Promise.resolve();
  }

  /** Reads what there is now. Throws ConflictError where the configuration is not valid, and what the type throws. */
  async read(signal: AbortSignal): Promise<ProvidedGroup[]> {
    if (!this.isValid) throw new ConflictError(`Parameter provider ${this.label} is not valid: ${this.validationErrors.join('; ')}`);
    return this.definition!.fetchParameters(this.makeContext(signal));
  }
}
