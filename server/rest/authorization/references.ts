import type { Component } from '../../engine/component.ts';
import { ConfiguredComponent } from '../../engine/configured-component.ts';
import type { ConfiguredProperties } from '../../engine/configured-properties.ts';
import { ControllerServiceNode } from '../../engine/controller-service-node.ts';
import type { FlowController } from '../../engine/flow-controller.ts';
import { affectedBy, referencing } from '../../engine/parameter-impact.ts';
import { boundContexts } from '../../engine/parameter-provision.ts';
import { ProcessGroup } from '../../engine/process-group.ts';
import { ProcessorNode } from '../../engine/processor-node.ts';
import { MASK } from '../dto/descriptor.ts';
import { contextBody, contextEdit } from '../routers/parameter-body.ts';
import { memberRevisions, type Snippet, snippetsOf } from '../snippets.ts';
import type { Ask } from './ask.ts';
import { fieldsIn } from './fields.ts';
import { globalResource } from './resources.ts';
import { restrictionsOf } from './restrictions.ts';
import { ANY, target } from './rules.ts';
import { withDescendants } from './targets.ts';

const SERVICES = '/controller-services';
const CONTEXTS = '/parameter-contexts';

// ---- controller services that properties name

/** The service that a property's text names: by its id, or by a parameter that holds the id. */
function serviceNamed(flow: FlowController, text: unknown, group: ProcessGroup | null): ControllerServiceNode[] {
  if (typeof text !== 'string') return [];
  const [, quoted, plain] = /^#\{(?:'(.*)'|(.*))\}$/.exec(text.trim()) ?? [];
  const parameter = quoted ?? plain;
  const id = parameter === undefined ? text : (group?.propertyScope.parameter(parameter.trim())?.value ?? '');
  const found = flow.find(id);
  return found instanceof ControllerServiceNode ? [found] : [];
}

/** Of a component that has any. */
export function propertiesOf(component: Component): ConfiguredProperties | undefined {
  return component instanceof ProcessorNode || component instanceof ConfiguredComponent ? component.properties : undefined;
}

/** Of a component that has one. */
export function typeOf(component: Component): string | undefined {
  return component instanceof ProcessorNode || component instanceof ConfiguredComponent ? component.type : undefined;
}

/** The services that a component names. */
export function servicesOf(flow: FlowController, component: Component): ControllerServiceNode[] {
  return [...(propertiesOf(component)?.serviceIds ?? [])].flatMap((text) => serviceNamed(flow, text, component.group));
}

export const referencedServices = target(SERVICES, ({ flow, id }) => {
  const component = flow.find(id);
  return component ? servicesOf(flow, component) : [];
});

/** Services that anything in a group names. */
export const servicesNamedWithin = target(SERVICES, ({ flow, id }) => [...flow.group(id).descendants()].flatMap((each) => servicesOf(flow, each)));

/** Where bodies have properties: those of processors, and of all others. */
export const PLACES = [['component', 'config', 'properties'], ['component', 'properties'], ['request', 'properties'], ['properties']];

/** Services that the properties of a new component name. The path names the group. */
export const wantedServices = target(SERVICES, (ask) => {
  const group = ask.id ? ask.flow.group(ask.id) : null;
  return PLACES.flatMap((place) => ask.keys(...place).flatMap((name) => serviceNamed(ask.flow, ask.field(...place, name), group)));
});

/** Services that an edit names anew, and those that it lets go. */
export const changedServices = target(SERVICES, (ask) => {
  const component = ask.flow.find(ask.id);
  const properties = component && propertiesOf(component);
  if (!properties) return [];
  return PLACES.flatMap((place) =>
    ask.keys(...place).flatMap((name) => {
      const [before, after] = [properties.texts.get(name), ask.field(...place, name)];
      return before === after ? [] : [before, after].flatMap((text) => serviceNamed(ask.flow, text, component.group));
    }),
  );
});

/** The component, where a body wants to try other properties than it has: to try them is to run them, SQL and addresses among them. */
export const triedOtherwise = target<Component>(ANY, (ask) => {
  const component = ask.flow.find(ask.id);
  const present = component && propertiesOf(component)?.effective;
  const differs = ask.keys('request', 'properties').some((name) => {
    const text = ask.field('request', 'properties', name);
    return text !== MASK && (text ?? undefined) !== present?.get(name);
  });
  return component && differs ? [component] : [];
});

/** Services that any text in a value names: flow definitions and clipboards have them at many places. `group`: where its parameters come from. */
export function servicesNamedIn(flow: FlowController, value: unknown, group: ProcessGroup | null): Set<ControllerServiceNode> {
  return new Set(fieldsIn(value).flatMap(([, text]) => serviceNamed(flow, text, group)));
}

/** Services that members of a snippet name. */
export const servicesOfInstantiated = target(SERVICES, (ask) => instantiated(ask).flatMap((each) => servicesOf(ask.flow, each)));

// ---- who uses a service

/** Everything that names the service, directly or not. */
function usersOf(service: ControllerServiceNode): Component[] {
  const found = new Set<Component>([service]);
  for (const node of found) if (node instanceof ControllerServiceNode) for (const user of node.users()) found.add(user);
  found.delete(service);
  return [...found];
}

/** Those users of a service that a body wants to start, stop, enable or disable. */
export const scheduledUsers = target<Component>(ANY, (ask) => {
  const ofServices = ['ENABLED', 'DISABLED'].includes(ask.text('state') ?? '');
  return usersOf(ask.flow.service(ask.id)).filter((user) => ofServices === user instanceof ControllerServiceNode);
});

// ---- parameters

export const inheritedContexts = target('inherited', (ask) => ask.flow.parameterContext(ask.id).inherited);

/** Contexts that a body wants to inherit from. */
export const wantedContexts = target('inherited', (ask) => {
  const given = ask.field('component', 'inheritedParameterContexts');
  const references = Array.isArray(given) ? (given as ({ id?: unknown; component?: { id?: unknown } } | null)[]) : [];
  return references.flatMap((each) => found(ask, each?.id ?? each?.component?.id));
});

/** The context that a body wants to bind to a group, where it is another one. */
export const boundContext = target('/parameter-contexts', (ask) => {
  const wanted = ask.text('component', 'parameterContext', 'id') ?? ask.text('component', 'parameterContext', 'component', 'id');
  const present = ask.id && ask.call.request.method === 'PUT' ? ask.flow.group(ask.id).parameterContext?.id : undefined;
  return wanted === present ? [] : found(ask, wanted);
});

function found({ flow }: Ask, id: unknown): Component[] {
  const component = typeof id === 'string' ? flow.find(id) : undefined;
  return component ? [component] : [];
}

/** Components whose parameters a body would change. Throws what the edit itself would. */
export const affectedComponents = target('affected', (ask) => {
  const context = ask.flow.parameterContext(ask.id);
  const { component } = ask.call.body(contextBody);
  return affectedBy(ask.flow, context, contextEdit(ask.flow, component, context));
});

/** Components that use a parameter with the asset which a request brings or removes. */
export const affectedByAsset = target('affected', (ask) => {
  const { flow } = ask;
  const context = flow.parameterContext(ask.id);
  const names = new Set([ask.call.request.headers.filename, flow.assets.list(context.id).find(({ id }) => id === ask.parameter('assetId'))?.name]);
  const parameters = [...context.parameters.values()].filter(({ assets }) => assets.some(({ name }) => names.has(name)));
  return parameters.flatMap(({ name }) => referencing(flow, context, name));
});

/** Components whose parameters would come from another context. */
export const reboundComponents = target('affected', async (ask) => {
  const rebound = [...(await boundContext.find(ask))].length > 0 || unbinds(ask);
  return rebound ? [...ask.flow.group(ask.id).configured()].filter(({ properties }) => properties.parameterNames.size > 0) : [];
});

/** A reference without an id. */
function unbinds(ask: Ask): boolean {
  const given = ask.field('component', 'parameterContext');
  const id = ask.text('component', 'parameterContext', 'id') ?? ask.text('component', 'parameterContext', 'component', 'id');
  return typeof given === 'object' && given !== null && !id;
}

/** Contexts of a group and of those in it. */
export const contextsWithin = target(CONTEXTS, ({ flow, id }) => contextsOf(flow.group(id).tree()));

/** Contexts of groups among the members of a snippet. */
export const contextsOfInstantiated = target(CONTEXTS, (ask) => contextsOf(instantiated(ask).filter((each) => each instanceof ProcessGroup)));

function contextsOf(groups: Iterable<ProcessGroup>): Component[] {
  return [...groups].flatMap(({ parameterContext }) => parameterContext ?? []);
}

/** Components that use a parameter of the context. */
export const referencingComponents = target('affected', ({ flow, id }) => referencing(flow, flow.parameterContext(id)));

// ---- parameter providers

/** The provider that a body wants a context to get its parameters from. */
export const wantedProvider = target('/parameter-providers', (ask) => found(ask, ask.field('component', 'parameterProviderConfiguration', 'component', 'parameterProviderId')));

/** Names of the groups of parameters that a body wants to apply. */
function appliedGroups(ask: Ask): unknown[] {
  const given = ask.field('parameterGroupConfigurations');
  return Array.isArray(given) ? (given as ({ groupName?: unknown } | null)[]).map((each) => each?.groupName) : [];
}

/** Contexts that what a provider brings would be written into. */
export const filledContexts = target(CONTEXTS, (ask) => {
  const groups = new Set(appliedGroups(ask));
  return boundContexts(ask.flow, ask.flow.controllerLevel('PARAMETER_PROVIDER', ask.id)).filter(({ provision }) => groups.has(provision?.group));
});

/** Where contexts are made for groups that have none. */
export const madeContexts = target(CONTEXTS, (ask) => {
  const bound = new Set(boundContexts(ask.flow, ask.flow.controllerLevel('PARAMETER_PROVIDER', ask.id)).map(({ provision }) => provision?.group as unknown));
  return appliedGroups(ask).every((group) => bound.has(group)) ? [] : [globalResource('/parameter-contexts')];
});

/** Components that use parameters of contexts which a provider fills. */
export const providedComponents = target('affected', ({ flow, id }) =>
  [...flow.parameterContexts.values()]
    .filter((context) => [...context.parameters.values()].some(({ provided }) => provided))
    .flatMap((context) => (flow.find(id) ? referencing(flow, context) : [])),
);

export const boundGroups = target('/process-groups', ({ flow, id }) => flow.boundGroups(flow.parameterContext(id)));

// ---- several components at once

/** Members of a snippet and everything in them. */
function membersOf(flow: FlowController, snippet: Snippet): Component[] {
  return [...memberRevisions(snippet).keys()].flatMap((id) => {
    const member = flow.find(id);
    return member ? [...withDescendants(member)] : [];
  });
}

const snippetOf = (ask: Ask, id: string): Snippet => snippetsOf(ask.call.services).get(id);

export const wantedMembers = target<Component>(ANY, (ask) => membersOf(ask.flow, (ask.field('snippet') ?? {}) as Snippet));
export const snippetMembers = target<Component>(ANY, (ask) => membersOf(ask.flow, snippetOf(ask, ask.id)));
const instantiated = (ask: Ask): Component[] => membersOf(ask.flow, snippetOf(ask, ask.text('snippetId') ?? ''));
export const instantiatedMembers = target<Component>(ANY, instantiated);
/** What their types need. */
export const instantiatedTypes = target('/restricted-components', (ask) => restrictionsOf(ask.flow, instantiated(ask).map(typeOf)));
export const snippetGroup = target('/process-groups', (ask) => [ask.flow.group(snippetOf(ask, ask.id).parentGroupId)]);
export const snippetTarget = target('/process-groups', (ask) => {
  const id = ask.text('snippet', 'parentGroupId');
  return id === undefined ? [] : [ask.flow.group(id)];
});

/** Components that a body lists by kind, and everything in them. */
export const copiedComponents = target<Component>(ANY, (ask) =>
  ask.keys().flatMap((kind) => ask.texts(kind).flatMap((id) => found(ask, id).flatMap((each) => [...withDescendants(each)]))),
);

/** Components that a body names by the keys of `components`. */
export const listedComponents = target<Component>(ANY, (ask) => ask.keys('components').flatMap((id) => found(ask, id)));

/** Groups into which removed components would come back. Those that are gone are refused by the route. */
export const groupsOfRemoved = target('/process-groups', (ask) => ask.flow.removed.groupsOf(ask.texts('components')));
/** Who may make what stands outside of all groups may bring it back. */
export const controllerOfRemoved = target('/controller', (ask) => {
  const kinds = [...ask.flow.removed.kindsOutside(ask.texts('components'))];
  return kinds.some((kind) => kind !== 'PARAMETER_CONTEXT') ? [globalResource('/controller')] : [];
});
export const contextsOfRemoved = target(CONTEXTS, (ask) => (ask.flow.removed.kindsOutside(ask.texts('components')).has('PARAMETER_CONTEXT') ? [globalResource(CONTEXTS)] : []));
export const typesOfRemoved = target('/restricted-components', (ask) => restrictionsOf(ask.flow, ask.flow.removed.typesOf(ask.texts('components'))));

export const clearedComponents = target<Component>(ANY, (ask) => ask.texts('components').flatMap((id) => found(ask, id)));

export const askedProcessors = target<Component>('/processors', (ask) => ask.texts('processorIds').flatMap((id) => found(ask, id)));
