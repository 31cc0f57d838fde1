import type { RevisionClaim } from './component.ts';
import type { ControllerServiceNode } from './controller-service-node.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import type { FlowController } from './flow-controller.ts';
import type { ParameterContext, ParameterContextEdit, ParameterEdit } from './parameter-context.ts';
import { affectedBy, referencing } from './parameter-impact.ts';
import type { ParameterProviderNode } from './parameter-provider-node.ts';
import { type ContextChange, ParameterUpdate } from './parameter-update.ts';
import type { ProcessorNode } from './processor-node.ts';

/** What is to become of a group of fetched parameters. */
export interface GroupConfiguration {
  readonly group: string;
  /** Name of the parameter context, which is made where there is none. */
  readonly context: string;
  /** Whether each parameter is sensitive; those that are not named are left out. */
  readonly sensitive: ReadonlyMap<string, boolean>;
  /** Whether the group is applied at all. */
  readonly synchronized: boolean;
}

/** How a fetched parameter compares with the context that has it. */
export interface ParameterStatus {
  readonly context: ParameterContext;
  readonly name: string;
  readonly status: 'NEW' | 'CHANGED' | 'REMOVED' | 'MISSING_BUT_REFERENCED' | 'UNCHANGED';
}

/** Contexts whose parameters come from a provider. */
export function boundContexts(flow: FlowController, provider: ParameterProviderNode): ParameterContext[] {
  return [...flow.parameterContexts.values()].filter((context) => context.provision?.providerId === provider.id);
}

function contextOf(flow: FlowController, provider: ParameterProviderNode, group: string): ParameterContext | undefined {
  return boundContexts(flow, provider).find((context) => context.provision?.group === group);
}

/** Each fetched group as it is configured now: what a context has stays, what is new counts as sensitive. */
export function configurations(flow: FlowController, provider: ParameterProviderNode): GroupConfiguration[] {
  return [...provider.fetched].map(([group, parameters]) => {
    const context = contextOf(flow, provider, group);
    const sensitive = new Map([...parameters.keys()].map((name) => [name, context?.parameters.get(name)?.sensitive ?? true]));
    return { group, context: context?.name ?? group, sensitive, synchronized: context?.provision?.synchronized ?? false };
  });
}

/** What applying a group would change in its context. A parameter that is gone stays while something refers to it. */
function editOf(flow: FlowController, context: ParameterContext, provider: ParameterProviderNode, { group, sensitive }: GroupConfiguration): ParameterContextEdit {
  const fetched = provider.fetched.get(group)!;
  const provided = [...fetched.values()].filter(({ name }) => sensitive.has(name)).map((parameter) => providedEdit(parameter, sensitive.get(parameter.name)!));
  const gone = [...context.parameters.keys()].filter((name) => !fetched.has(name) || !sensitive.has(name));
  const removed = gone.filter((name) => referencing(flow, context, name).length === 0).map((name): ParameterEdit => ({ name, remove: true }));
  return { byProvider: true, provision: { providerId: provider.id, group, synchronized: true }, parameters: [...provided, ...removed] };
}

function providedEdit({ name, value, description }: { name: string; value: string; description?: string }, sensitive: boolean): ParameterEdit {
  return { name, value, description, sensitive, provided: true };
}

/** How what was fetched compares with the bound contexts. */
export function parameterStatus(flow: FlowController, provider: ParameterProviderNode): ParameterStatus[] {
  return boundContexts(flow, provider).flatMap((context) => {
    const fetched = provider.fetched.get(context.provision!.group);
    if (!fetched) return [];
    const statusOf = (name: string): ParameterStatus['status'] => {
      const [old, next] = [context.parameters.get(name), fetched.get(name)];
      if (!old) return 'NEW';
      if (!next) return referencing(flow, context, name).length > 0 ? 'MISSING_BUT_REFERENCED' : 'REMOVED';
      return old.value === next.value ? 'UNCHANGED' : 'CHANGED';
    };
    return [...new Set([...context.parameters.keys(), ...fetched.keys()])].map((name) => ({ context, name, status: statusOf(name) }));
  });
}

/** Components that use a parameter which applying what was fetched would change. */
export function affectedByProvider(flow: FlowController, provider: ParameterProviderNode): (ProcessorNode | ControllerServiceNode)[] {
  const found = configurations(flow, provider).flatMap((configuration) => {
    const context = contextOf(flow, provider, configuration.group);
    return context ? affectedBy(flow, context, editOf(flow, context, provider, configuration)) : [];
  });
  return [...new Set(found)];
}

/**
 * Begins to write what was fetched into contexts: those that do not exist are made at once, the others are updated like an edit
 * of all of them. Throws ConflictError or InvalidRequestError, and changes nothing, where that cannot be.
 */
export function applyProvided(flow: FlowController, provider: ParameterProviderNode, groups: readonly GroupConfiguration[], claim: RevisionClaim): ParameterUpdate {
  const wanted = groups.filter(({ synchronized }) => synchronized);
  for (const configuration of wanted) checkApplicable(flow, provider, configuration);
  checkDistinct(wanted);
  const changes = wanted.flatMap((configuration): ContextChange[] => {
    const context = contextOf(flow, provider, configuration.group);
    if (!context) return [];
    return [{ context, claim: { ...claim, version: context.revision.version }, edit: editOf(flow, context, provider, configuration) }];
  });
  const update = new ParameterUpdate(flow, changes, 'Updating Parameter Contexts');
  flow.batch(() => {
    for (const configuration of wanted) if (!contextOf(flow, provider, configuration.group)) update.created.push(createContext(flow, provider, configuration, claim));
  });
  return update.begin();
}

function createContext(flow: FlowController, provider: ParameterProviderNode, { group, context: name, sensitive }: GroupConfiguration, claim: RevisionClaim): ParameterContext {
  const fetched = [...provider.fetched.get(group)!.values()].filter((each) => sensitive.has(each.name));
  return flow.createParameterContext(
    { ...claim, version: 0 },
    {
      name,
      provision: { providerId: provider.id, group, synchronized: true },
      byProvider: true,
      parameters: fetched.map((each) => providedEdit(each, sensitive.get(each.name)!)),
    },
  );
}

function checkApplicable(flow: FlowController, provider: ParameterProviderNode, { group, context }: GroupConfiguration): void {
  if (!provider.fetched.has(group)) throw new ConflictError(`Parameter provider ${provider.label} has not fetched a group '${group}'. Fetch its parameters first.`);
  const bound = contextOf(flow, provider, group);
  if (bound && bound.name !== context)
    throw new ConflictError(`The group '${group}' of ${provider.label} is applied to the parameter context ${bound.name} already, not to ${context}.`);
  if (bound) return;
  if (!context.trim()) throw new InvalidRequestError(`The group '${group}' needs the name of a parameter context.`);
  const taken = [...flow.parameterContexts.values()].some(({ name }) => name === context);
  if (taken)
    throw new ConflictError(`There is a parameter context named '${context}' already, which does not belong to the group '${group}' of ${provider.label}. Choose another name.`);
}

function checkDistinct(groups: readonly GroupConfiguration[]): void {
  const names = groups.map(({ context }) => context);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new InvalidRequestError(`Two groups cannot be applied to the same parameter context '${twice}'.`);
}
