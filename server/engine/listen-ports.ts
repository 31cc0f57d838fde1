import type { ListenPort } from '../extension/property.ts';
import type { ControllerServiceNode } from './controller-service-node.ts';
import { FlowFileEvaluation } from './flowfile-evaluation.ts';
import type { ProcessorNode } from './processor-node.ts';
import { dependenciesMet } from './property-dependencies.ts';
import { declaredValue } from './property-values.ts';

/** A port at which a component is configured to listen, whether or not it runs. */
export interface ConfiguredPort extends ListenPort {
  /** What the property is called. */
  readonly name: string;
  readonly number: number;
}

/** The ports of a component; a text that gives no number has none. */
export function listenPortsOf({ definition, properties, propertyScope: scope }: ProcessorNode | ControllerServiceNode): ConfiguredPort[] {
  const listening = Object.values(definition?.properties ?? {}).filter((descriptor) => descriptor.listenPort && dependenciesMet(descriptor, properties, scope));
  return listening.flatMap((descriptor) => {
    try {
      const number = declaredValue(descriptor, properties, scope, new FlowFileEvaluation(scope));
      return typeof number === 'number' ? [{ ...descriptor.listenPort!, name: descriptor.displayName, number }] : [];
    } catch {
      return [];
    }
  });
}
