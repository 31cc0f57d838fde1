import { type DefinitionKind, type Definitions, TypeCatalogue } from '../server/engine/component-types.ts';
import type { ProcessorDefinition } from '../server/extension/processor.ts';
import type { ControllerServiceDefinition } from '../server/extension/service.ts';

const bundle = { group: 'test', artifact: 'test', version: '1' };

/** The types that a test puts on the canvas. */
export class TypeTable extends TypeCatalogue {
  /** Of any kind; returns the full name. */
  addType(name: string, definition: Definitions[DefinitionKind]): string {
    const type = `test.${name}`;
    this.add({ type, bundle, definition });
    return type;
  }

  addProcessor(name: string, definition: ProcessorDefinition): string {
    return this.addType(name, definition);
  }

  addService(name: string, definition: ControllerServiceDefinition): string {
    return this.addType(name, definition);
  }
}
