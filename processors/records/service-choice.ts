import { ProcessError, PropertyError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property } from '../../server/extension/property.ts';

/** What says which of several services a FlowFile is for. `attribute` is NiFi's default. */
export const serviceToUse = (attribute: string) =>
  property.text('Service to Use', 'The name of the property whose service is meant', { default: `\${${attribute}}`, expressions: 'flowfile' });

/** The services of dynamic properties, of which each FlowFile names one. Throws PropertyError where there are none. */
export class ServiceChoice<S> {
  readonly #services: ReadonlyMap<string, S>;
  readonly #named: (flowFile?: FlowFile) => string;
  readonly #name: string;

  constructor(services: ReadonlyMap<string, unknown>, named: (flowFile?: FlowFile) => string, name: string) {
    if (services.size === 0) throw new PropertyError(`${name} has no services to choose from: add a property for each.`);
    this.#services = services as ReadonlyMap<string, S>;
    this.#named = named;
    this.#name = name;
  }

  /** Throws ProcessError where the FlowFile names none. */
  of(flowFile: FlowFile): S {
    const wanted = this.#named(flowFile).trim();
    const found = this.#services.get(wanted);
    if (!found)
      throw new ProcessError(
        wanted === ''
          ? `${this.#name} does not know which service is meant: Service to Use is empty for this FlowFile.`
          : `${this.#name} has no service '${wanted}' (Service to Use). It has: ${[...this.#services.keys()].join(', ')}.`,
      );
    return found;
  }
}
