import type { ComponentContext, ComponentDeclaration, VerificationStep } from './component.ts';
import { messageOf, PropertyError } from './errors.ts';
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

/** "Test connection" of a provider: reads everything and tells how much it was, never what. */
export async function fetchingStep(fetch: () => ProvidedGroup[] | Promise<ProvidedGroup[]>): Promise<VerificationStep> {
  const name = 'Fetch Parameters';
  try {
    const groups = await fetch();
    const count = groups.reduce((sum, { parameters }) => sum + parameters.length, 0);
    return { name, outcome: 'SUCCESSFUL', explanation: `${count} parameters were fetched, in the groups ${groups.map((group) => `'${group.name}'`).join(', ')}.` };
  } catch (thrown) {
    return { name, outcome: 'FAILED', explanation: `The parameters could not be fetched: ${messageOf(thrown)}` };
  }
}

/** An expression that a whole name must match, as in Java. Throws PropertyError. */
export function wholePattern(text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch (cause) {
    throw new PropertyError(`it is not a regular expression: ${messageOf(cause)}`);
  }
}

/** The values of a secret that is an object, as texts: numbers and flags as they are written, what is nested as JSON; null and nothing have none. */
export function parametersOf(fields: Readonly<Record<string, unknown>>): ProvidedParameter[] {
  const present = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return present.map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) }));
}

/** Parameters by the groups that each names; groups in the order in which they appear. */
export function grouped(parameters: readonly (ProvidedParameter & { readonly group: string })[]): ProvidedGroup[] {
  const groups = new Map<string, ProvidedParameter[]>();
  for (const { group, ...parameter } of parameters) {
    const known = groups.get(group);
    if (known) known.push(parameter);
    else groups.set(group, [parameter]);
  }
  return [...groups].map(([name, each]) => ({ name, parameters: each }));
}
