import type { ComponentContext, ComponentDeclaration, VerificationStep } from './component.ts';
import type { FlowRegistry } from './flow-registry.ts';
import type { PropertyMap } from './property.ts';

/** A flow registry client: where versions of process groups are kept. */
export interface FlowRegistryClientDefinition<P extends PropertyMap = PropertyMap> extends ComponentDeclaration<P> {
  readonly kind: 'flow-registry-client';
  /** Whether the registry has branches. */
  readonly supportsBranching?: boolean;
  /** Makes what speaks to the registry, from a valid configuration; called for each piece of work. */
  open(context: ComponentContext<P>): FlowRegistry | Promise<FlowRegistry>;
  /** Answers "Test connection". */
  verify?(context: ComponentContext<P>): Promise<VerificationStep[]>;
}

/** Declares a flow registry client; the file's default export. */
export function defineFlowRegistryClient<P extends PropertyMap>(definition: Omit<FlowRegistryClientDefinition<P>, 'kind'>): FlowRegistryClientDefinition<P> {
  return { ...definition, kind: 'flow-registry-client' } as FlowRegistryClientDefinition<P>;
}
