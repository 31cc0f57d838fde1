import type { ProvidedGroup, ProvidedParameter } from '../extension/parameter-provider.ts';
import { messageOf } from '../extension/errors.ts';
import type { Bundle } from './component-types.ts';
import { ConfiguredComponent, type ConfiguredEdit } from './configured-component.ts';
import { ConflictError } from './errors.ts';
import { isParameterName } from './parameter-context.ts';
import type { Runtime } from './runtime.ts';

/** How long a provider may take to read its source, milliseconds. */
const PATIENCE = 60_000;

/** A parameter provider: reads parameters from elsewhere when somebody asks for it, and holds them until they are applied to contexts. */
export class ParameterProviderNode extends ConfiguredComponent<'parameter-provider'> {
  readonly kind = 'PARAMETER_PROVIDER';
  readonly state = 'ENABLED';
  readonly isActive = false;
  #fetched: ReadonlyMap<string, ReadonlyMap<string, ProvidedParameter>> = new Map();

  constructor(runtime: Runtime, id: string, type: string, bundle: Bundle) {
    super(runtime, id, null, 'parameter-provider', type, bundle);
  }

  /** What was fetched with other properties counts no more. */
  override configure(edit: ConfiguredEdit): void {
    super.configure(edit);
    if (edit.properties) this.#fetched = new Map();
  }

  checkModifiable(): void {}

  checkRemovable(): void {}

  letGo(): Promise<void> {
    return Promise.resolve();
  }

  /** What was read last, by group and name; empty after a restart. Values are secrets: they stay inside. */
  get fetched(): ReadonlyMap<string, ReadonlyMap<string, ProvidedParameter>> {
    return this.#fetched;
  }

  /** Reads what there is now. Throws ConflictError where the configuration is not valid or the source cannot be read. */
  async fetch(): Promise<void> {
    if (!this.isValid) throw new ConflictError(`Cannot fetch parameters with ${this.label} because it is not valid: ${this.validationErrors.join('; ')}`);
    const abort = new AbortController();
    const cancel = this.runtime.clock.after(PATIENCE, () => abort.abort(new Error('reading the source took too long')));
    try {
      const reading = Promise.resolve(this.definition!.fetchParameters(this.makeContext(abort.signal)));
      this.#fetched = this.#collect(await Promise.race([reading, aborted(abort.signal)]));
    } catch (thrown) {
      throw new ConflictError(`Parameter provider ${this.label} could not fetch parameters: ${messageOf(thrown)}`, { cause: thrown });
    } finally {
      cancel();
    }
  }

  #collect(groups: readonly ProvidedGroup[]): Map<string, ReadonlyMap<string, ProvidedParameter>> {
    const collected = new Map<string, ReadonlyMap<string, ProvidedParameter>>();
    for (const { name, parameters } of groups) {
      if (collected.has(name)) throw new Error(`there are two groups named '${name}'`);
      const known = new Map<string, ProvidedParameter>();
      for (const parameter of parameters) {
        if (known.has(parameter.name)) throw new Error(`the group '${name}' has two parameters named '${parameter.name}'`);
        if (isParameterName(parameter.name)) known.set(parameter.name, parameter);
        else this.log.warn(`'${parameter.name}' of the group '${name}' cannot be the name of a parameter; it is left out.`);
      }
      collected.set(name, known);
    }
    return collected;
  }
}

/** Rejects when the signal fires, for providers that do not listen to it. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
}
