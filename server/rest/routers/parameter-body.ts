import type { FlowController } from '../../engine/flow-controller.ts';
import { InvalidRequestError } from '../../engine/errors.ts';
import type { ParameterContext, ParameterContextEdit, ParameterEdit, Provision } from '../../engine/parameter-context.ts';
import { MASK } from '../dto/descriptor.ts';
import { type ComponentBody, entity, flag, list, object, optional, reference, type ReferenceBody, text } from '../schemas.ts';

interface ParameterBody {
  name: string;
  description?: string | null;
  sensitive?: boolean | null;
  value?: string | null;
  valueRemoved?: boolean | null;
  referencedAssets?: { id: string; name?: string | null }[] | null;
}

export interface ContextBody extends ComponentBody {
  description?: string | null;
  parameters?: { parameter: ParameterBody }[] | null;
  inheritedParameterContexts?: (ReferenceBody | null)[] | null;
  parameterProviderConfiguration?: { component?: { parameterProviderId?: string | null; parameterGroupName?: string | null; synchronized?: boolean | null } | null } | null;
}

const parameter = object(
  {
    name: { type: 'string', minLength: 1 },
    description: text,
    sensitive: flag,
    value: text,
    valueRemoved: flag,
    referencedAssets: list(optional({ id: { type: 'string' }, name: text }, ['id'])),
  },
  ['name'],
);

const parameterProviderConfiguration = optional({ component: optional({ parameterProviderId: text, parameterGroupName: text, synchronized: flag }) });

export const contextFields = {
  description: text,
  parameters: list(object({ parameter }, ['parameter'])),
  inheritedParameterContexts: list(reference),
  parameterProviderConfiguration,
};
export const contextBody = entity<ContextBody>(contextFields);

/** A parameter of which only the name is said is to be removed; a value that is not said stays (NiFi). */
function parameterEdit({ name, description, sensitive, value, valueRemoved, referencedAssets }: ParameterBody, known: ReadonlySet<string>): ParameterEdit {
  const nothing = [description, sensitive, value, valueRemoved, referencedAssets].every((each) => each === null || each === undefined);
  if (nothing && known.has(name)) return { name, remove: true };
  const masked = value === MASK && known.has(name);
  return {
    name,
    description: description ?? undefined,
    sensitive: sensitive ?? undefined,
    value: valueRemoved ? null : masked ? undefined : (value ?? undefined),
    assets: referencedAssets?.map(({ id, name: file }) => ({ id, name: file ?? '' })),
  };
}

/** What the body says of a context, as the engine takes it. */
export function contextEdit(flow: FlowController, body: ContextBody, context?: ParameterContext): ParameterContextEdit {
  const known = new Set(context?.parameters.keys());
  return {
    name: body.name ?? undefined,
    description: body.description ?? undefined,
    parameters: body.parameters?.map((each) => parameterEdit(each.parameter, known)),
    inherited: body.inheritedParameterContexts?.map((each) => flow.parameterContext(idOf(each))),
  };
}

/** The parameter provider that a new context gets its parameters from. Throws NotFoundError and InvalidRequestError. */
export function provisionOf(flow: FlowController, { parameterProviderConfiguration: configuration }: ContextBody): Provision | undefined {
  if (!configuration?.component) return undefined;
  const { parameterProviderId: providerId, parameterGroupName: group, synchronized } = configuration.component;
  if (!providerId || !group) throw new InvalidRequestError('A parameter provider configuration must name the parameter provider and the group of parameters.');
  return { providerId: flow.controllerLevel('PARAMETER_PROVIDER', providerId).id, group, synchronized: synchronized ?? true };
}

function idOf(reference: ReferenceBody | null): string {
  const found = reference?.id ?? reference?.component?.id;
  if (!found) throw new InvalidRequestError('An inherited parameter context must be named by its id.');
  return found;
}

/** For a validation: the parameters named are all that the context would have. */
export function replacingEdit(flow: FlowController, body: ContextBody, context: ParameterContext): ParameterContextEdit {
  const edit = contextEdit(flow, body, context);
  const named = new Set(edit.parameters?.map(({ name }) => name));
  const gone = edit.parameters ? [...context.parameters.keys()].filter((name) => !named.has(name)) : [];
  return { ...edit, parameters: edit.parameters && [...edit.parameters, ...gone.map((name) => ({ name, remove: true }))] };
}
