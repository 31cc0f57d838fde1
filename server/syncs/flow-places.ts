import type { ControllerServiceNode } from '../engine/controller-service-node.ts';
import type { ParameterContext } from '../engine/parameter-context.ts';
import type { ProcessGroup } from '../engine/process-group.ts';
import type { ProcessorNode } from '../engine/processor-node.ts';
import { type Connector, identifierOf } from './catalogue.ts';
import type { FieldTarget } from './connector-description.ts';

/** What answers show instead of a sensitive value; a client that sends it back changes nothing. */
export const MASK = '********';

/** A parameter of the sync, and the context that it stands in. */
export interface ParameterPlace {
  readonly context: ParameterContext;
  readonly name: string;
}

/**
 * Finds in a sync's group what its connector's description speaks of. Components are known by their identifier in the definition:
 * a person may rename and move them on the canvas.
 */
export class FlowPlaces {
  readonly group: ProcessGroup;
  readonly #connector: Connector;

  constructor(group: ProcessGroup, connector: Connector) {
    this.group = group;
    this.#connector = connector;
  }

  /** Undefined where it was removed on the canvas. */
  processor(path: string): ProcessorNode | undefined {
    const identifier = identifierOf(this.#connector.definition, 'processors', path);
    return this.processors().find(({ versionedId }) => versionedId !== undefined && versionedId === identifier);
  }

  service(path: string): ControllerServiceNode | undefined {
    const identifier = identifierOf(this.#connector.definition, 'controllerServices', path);
    return this.services().find(({ versionedId }) => versionedId !== undefined && versionedId === identifier);
  }

  processors(): ProcessorNode[] {
    return [...this.group.tree()].flatMap((each) => [...each.processors.values()]);
  }

  services(): ControllerServiceNode[] {
    return [...this.group.tree()].flatMap((each) => [...each.services.values()]);
  }

  /** A parameter by name, wherever the group's contexts have it. */
  parameter(name: string): ParameterPlace | undefined {
    for (const { parameterContext } of this.group.tree()) {
      const found = parameterContext?.effective().get(name);
      if (found) return { context: found.context, name };
    }
    return undefined;
  }

  /** The component whose property the target names. */
  component(target: FieldTarget): ProcessorNode | ControllerServiceNode | undefined {
    if ('processor' in target) return this.processor(target.processor);
    return 'service' in target ? this.service(target.service) : undefined;
  }

  /** The present value of a field; null where it has none, the mask where it is secret. */
  value(target: FieldTarget): string | null {
    if ('parameter' in target) {
      const place = this.parameter(target.parameter);
      const parameter = place?.context.parameters.get(place.name);
      return parameter?.value === undefined ? null : parameter.sensitive ? MASK : parameter.value;
    }
    const properties = this.component(target)?.properties;
    const text = properties?.effective.get(target.property);
    if (text === undefined) return null;
    return properties!.descriptors().find(({ name }) => name === target.property)?.sensitive ? MASK : text;
  }
}
