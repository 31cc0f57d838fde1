import type { ControllerServiceDefinition } from '../extension/service.ts';
import type { ProcessorDefinition } from '../extension/processor.ts';

/** Which package a type comes in. */
export interface Bundle {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** A type of component that can be put on the canvas. */
export interface ComponentType<D> {
  /** Full name, such as `org.apache.nifi.processors.standard.GenerateFlowFile`. */
  readonly type: string;
  readonly bundle: Bundle;
  readonly definition: D;
}

export type ProcessorType = ComponentType<ProcessorDefinition>;
export type ControllerServiceType = ComponentType<ControllerServiceDefinition>;

/** The types that this installation offers. */
export interface ComponentTypes {
  processor(type: string): ProcessorType | undefined;
  controllerService(type: string): ControllerServiceType | undefined;
  processors(): Iterable<ProcessorType>;
  controllerServices(): Iterable<ControllerServiceType>;
}

/** The last part of a full type name: `GenerateFlowFile`. */
export function simpleName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
