import type { ComponentTypes, ControllerServiceType, ProcessorType } from '../server/engine/component-types.ts';
import type { ProcessorDefinition } from '../server/extension/processor.ts';
import type { ControllerServiceDefinition } from '../server/extension/service.ts';

const bundle = { group: 'test', artifact: 'test', version: '1' };

/** The types that a test puts on the canvas. */
export class TypeTable implements ComponentTypes {
  readonly #processors = new Map<string, ProcessorType>();
  readonly #services = new Map<string, ControllerServiceType>();

  addProcessor(name: string, definition: ProcessorDefinition): string {
    const type = `test.${name}`;
    this.#processors.set(type, { type, bundle, definition });
    return type;
  }

  addService(name: string, definition: ControllerServiceDefinition): string {
    const type = `test.${name}`;
    this.#services.set(type, { type, bundle, definition });
    return type;
  }

  processor(type: string): ProcessorType | undefined {
    return this.#processors.get(type);
  }

  controllerService(type: string): ControllerServiceType | undefined {
    return this.#services.get(type);
  }

  processors(): Iterable<ProcessorType> {
    return this.#processors.values();
  }

  controllerServices(): Iterable<ControllerServiceType> {
    return this.#services.values();
  }
}
