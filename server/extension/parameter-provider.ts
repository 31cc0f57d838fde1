import type { ComponentContext, ComponentDeclaration } from './component.ts';
import type { PropertyMap } from './property.ts';

/** A parameter as its source has it. */
export interface ProvidedParameter {
  readonly name: string;
  readonly value: string;
  readonly description?: string;
}

/** Parameters that belong together: each group may become a parameter context. */
export interface ProvidedGroup {
  readonly name: string;
  readonly parameters: readonly ProvidedParameter[];
}

/** A parameter provider: reads parameters from somewhere else whenever somebody asks for it. */
export interface ParameterProviderDefinition<P extends PropertyMap = PropertyMap> extends ComponentDeclaration<P> {
  readonly kind: 'parameter-provider';
  /** Reads everything. A throw is told to whoever asked. */
  fetchParameters(context: ComponentContext<P>): ProvidedGroup[] | Promise<ProvidedGroup[]>;
}

/** Declares a parameter provider; the file's default export. */
export function defineParameterProvider<P extends PropertyMap>(definition: Omit<ParameterProviderDefinition<P>, 'kind'>): ParameterProviderDefinition<P> {
  return { ...definition, kind: 'parameter-provider' };
}
