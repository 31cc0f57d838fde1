import type { ControllerServiceNode } from './controller-service-node.ts';
import type { FlowController } from './flow-controller.ts';
import type { Parameter, ParameterContext, ParameterContextEdit } from './parameter-context.ts';
import type { ProcessGroup } from './process-group.ts';
import { ProcessorNode } from './processor-node.ts';
import { validateProcessor } from './processor-validation.ts';
import type { PropertyScope } from './property-scope.ts';
import { validateProperties } from './property-validation.ts';

/** How an edit of a parameter context changes the validity of a component that uses it. */
export interface ParameterImpact {
  readonly component: ProcessorNode | ControllerServiceNode;
  readonly currentErrors: readonly string[];
  readonly resultErrors: readonly string[];
}

/** A context as it would be after an edit. */
interface Plan {
  readonly context: ParameterContext;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly inherited: readonly ParameterContext[];
}

/** Throws ConflictError where the edit contradicts itself. */
function planOf(context: ParameterContext, edit: ParameterContextEdit): Plan {
  if (edit.inherited) context.checkInheritance(edit.inherited);
  return { context, parameters: edit.parameters ? context.edited(edit) : context.parameters, inherited: edit.inherited ?? context.inherited };
}

/** What `context` would offer after the plan. */
function effectiveAfter(context: ParameterContext, plan: Plan): Map<string, Parameter> {
  const { parameters, inherited } = context === plan.context ? plan : context;
  const found = new Map<string, Parameter>();
  for (const base of [...inherited].reverse()) for (const [name, parameter] of effectiveAfter(base, plan)) found.set(name, parameter);
  for (const [name, parameter] of parameters) found.set(name, parameter);
  return found;
}

/** Names whose value or existence an edit would change in `context`. */
function changedNames(context: ParameterContext, plan: Plan): Set<string> {
  const before = context.effective();
  const after = effectiveAfter(context, plan);
  const differs = (name: string): boolean => {
    const [old, next] = [before.get(name)?.parameter, after.get(name)];
    return old?.value !== next?.value || old?.sensitive !== next?.sensitive || (old === undefined) !== (next === undefined);
  };
  return new Set([...before.keys(), ...after.keys()].filter(differs));
}

/** Groups whose parameters an edit of `context` may change. */
function groupsUsing(flow: FlowController, context: ParameterContext): ProcessGroup[] {
  return [...flow.root.tree()].filter(({ parameterContext }) => parameterContext?.inheritsFrom(context));
}

/** Processors and services whose properties refer to something that an edit would change. */
export function affectedBy(flow: FlowController, context: ParameterContext, edit: ParameterContextEdit): (ProcessorNode | ControllerServiceNode)[] {
  const plan = planOf(context, edit);
  return groupsUsing(flow, context).flatMap((group) => {
    const changed = changedNames(group.parameterContext!, plan);
    return [...group.configured()].filter(({ properties }) => [...properties.parameterNames].some((name) => changed.has(name)));
  });
}

/** Everything that refers to parameters of the context, or of those that inherit from it. */
export function referencing(flow: FlowController, context: ParameterContext, parameter?: string): (ProcessorNode | ControllerServiceNode)[] {
  const refers = (names: ReadonlySet<string>): boolean => (parameter === undefined ? names.size > 0 : names.has(parameter));
  return groupsUsing(flow, context).flatMap((group) => [...group.configured()].filter(({ properties }) => refers(properties.parameterNames)));
}

/** What an edit would do to the validity of everything that refers to the context's parameters. */
export function impactOf(flow: FlowController, context: ParameterContext, edit: ParameterContextEdit): ParameterImpact[] {
  const plan = planOf(context, edit);
  return groupsUsing(flow, context).flatMap((group) => {
    const parameters = effectiveAfter(group.parameterContext!, plan);
    const scope = scopeAfter(group.propertyScope, parameters);
    return [...group.configured()]
      .filter(({ properties }) => properties.parameterNames.size > 0)
      .map((component) => ({ component, currentErrors: component.validationErrors, resultErrors: errorsAfter(component, scope) }));
  });
}

function scopeAfter(scope: PropertyScope, parameters: ReadonlyMap<string, Parameter>): PropertyScope {
  return {
    parameterContext: scope.parameterContext,
    parameter: (name) => parameters.get(name),
    service: (id) => scope.service(id),
    environment: (name) => scope.environment(name),
    environmentNames: () => scope.environmentNames(),
    now: () => scope.now(),
  };
}

function errorsAfter(component: ProcessorNode | ControllerServiceNode, scope: PropertyScope): readonly string[] {
  if (component instanceof ProcessorNode) return validateProcessor(component, scope);
  return component.definition ? validateProperties(component.definition, component.properties, scope) : component.validationErrors;
}
