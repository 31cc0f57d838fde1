import type { ComponentContext, ComponentDeclaration } from './component.ts';
import type { PropertyMap } from './property.ts';

/** A flow registry client: where versions of process groups are kept. `R` is what speaks to the registry. */
export interface FlowRegistryClientDefinition<P extends PropertyMap = PropertyMap, R = unknown> extends ComponentDeclaration<P> {
  readonly kind: 'flow-registry-client';
  /** Whether the registry has branches. */
  readonly supportsBranching?: boolean;
  /** Makes what speaks to the registry, from a valid configuration; called for each piece of work. */
  open(context: ComponentContext<P>): R | Promise<R>;
}

/** Declares a flow registry client; the file's default export. */
export function defineFlowRegistryClient<P extends PropertyMap, R>(definition: Omit<FlowRegistryClientDefinition<P, R>, 'kind'>): FlowRegistryClientDefinition<P, R> {
  return { ...definition, kind: 'flow-registry-client' } as FlowRegistryClientDefinition<P, R>;
}
