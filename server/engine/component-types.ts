import type { FlowAnalysisRuleDefinition } from '../extension/flow-analysis-rule.ts';
import type { FlowRegistryClientDefinition } from '../extension/flow-registry-client.ts';
import type { ParameterProviderDefinition } from '../extension/parameter-provider.ts';
import type { ProcessorDefinition } from '../extension/processor.ts';
import type { ReportingTaskDefinition } from '../extension/reporting-task.ts';
import type { ControllerServiceDefinition } from '../extension/service.ts';

/** Which package a type comes in. */
export interface Bundle {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** A type of component that can be put on the canvas or beside it. */
export interface ComponentType<D> {
  /** Full name, such as `org.apache.nifi.processors.standard.GenerateFlowFile`. */
  readonly type: string;
  readonly bundle: Bundle;
  readonly definition: D;
}

/** The kinds of declarations, by their `kind`. A new kind is a line here and one in DEFINITION_KINDS. */
export interface Definitions {
  readonly processor: ProcessorDefinition;
  readonly 'controller-service': ControllerServiceDefinition;
  readonly 'reporting-task': ReportingTaskDefinition;
  readonly 'parameter-provider': ParameterProviderDefinition;
  readonly 'flow-analysis-rule': FlowAnalysisRuleDefinition;
  readonly 'flow-registry-client': FlowRegistryClientDefinition;
}

export type DefinitionKind = keyof Definitions;
export type TypeOf<K extends DefinitionKind> = ComponentType<Definitions[K]>;
export type ProcessorType = TypeOf<'processor'>;
export type ControllerServiceType = TypeOf<'controller-service'>;

/** Each kind, and what messages call it. */
export const DEFINITION_KINDS: Readonly<Record<DefinitionKind, string>> = {
  processor: 'processor',
  'controller-service': 'controller service',
  'reporting-task': 'reporting task',
  'parameter-provider': 'parameter provider',
  'flow-analysis-rule': 'flow analysis rule',
  'flow-registry-client': 'flow registry client',
};

/** The types that this installation offers. */
export interface ComponentTypes {
  /** By full type name. */
  find<K extends DefinitionKind>(kind: K, type: string): TypeOf<K> | undefined;
  all<K extends DefinitionKind>(kind: K): Iterable<TypeOf<K>>;
}

/** Types as they are found. */
export class TypeCatalogue implements ComponentTypes {
  readonly #types = new Map<DefinitionKind, Map<string, ComponentType<Definitions[DefinitionKind]>>>();

  /** Returns whether the type is new; one that is known already stays. */
  add(found: ComponentType<Definitions[DefinitionKind]>): boolean {
    const { kind } = found.definition;
    const known = this.#types.get(kind) ?? new Map();
    if (known.has(found.type)) return false;
    this.#types.set(kind, known.set(found.type, found));
    return true;
  }

  find<K extends DefinitionKind>(kind: K, type: string): TypeOf<K> | undefined {
    return this.#types.get(kind)?.get(type) as TypeOf<K> | undefined;
  }

  all<K extends DefinitionKind>(kind: K): Iterable<TypeOf<K>> {
    return (this.#types.get(kind)?.values() ?? []) as Iterable<TypeOf<K>>;
  }
}

/** The last part of a full type name: `GenerateFlowFile`. */
export function simpleName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
