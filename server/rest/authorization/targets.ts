import type { Component } from '../../engine/component.ts';
import { NotFoundError } from '../../engine/errors.ts';
import type { FlowController } from '../../engine/flow-controller.ts';
import { ProcessGroup } from '../../engine/process-group.ts';
import type { Ask } from './ask.ts';
import { type Aspect, ASPECTS, aspectOf, COMPONENT_RESOURCES, eventResource, type GlobalPath, globalResource, resourceOf } from './resources.ts';
import { namedResource } from './resource-paths.ts';
import { restrictionsIn } from './restrictions.ts';
import { ANY, type Target, target } from './rules.ts';

export const globally = (path: GlobalPath): Target => target(path, () => [globalResource(path)]);

function named<C extends Component>(says: string, find: (flow: FlowController, id: string) => C): Target<C> {
  return target(says, ({ flow, id }) => [find(flow, id)]);
}

export const group = named('/process-groups', (flow, id) => flow.group(id));
export const processor = named('/processors', (flow, id) => flow.processor(id));
export const inputPort = named('/input-ports', (flow, id) => flow.port(id, 'INPUT_PORT'));
export const outputPort = named('/output-ports', (flow, id) => flow.port(id, 'OUTPUT_PORT'));
export const funnel = named('/funnels', (flow, id) => flow.funnel(id));
export const label = named('/labels', (flow, id) => flow.label(id));
export const service = named('/controller-services', (flow, id) => flow.service(id));
export const context = named('/parameter-contexts', (flow, id) => flow.parameterContext(id));
export const anyComponent = named(ANY, (flow, id) => componentOf(flow, id));

/** A component outside of all groups. */
export function outside(kind: keyof typeof COMPONENT_RESOURCES): Target<Component> {
  return named(COMPONENT_RESOURCES[kind][0], (flow, id) => {
    const found = flow.find(id);
    if (found?.kind === kind) return found;
    throw new NotFoundError(`Unable to find ${COMPONENT_RESOURCES[kind][1].toLowerCase()} with id '${id}'.`);
  });
}

function componentOf(flow: FlowController, id: string): Component {
  const found = flow.find(id);
  if (!found) throw new NotFoundError(`Unable to find component with id '${id}'.`);
  return found;
}

// ---- around a component

export const parentGroup = target('/process-groups', ({ flow, id }) => {
  const { group: parent } = id === 'root' ? flow.root : componentOf(flow, id);
  return parent ? [parent] : [];
});

/** Where the component stands outside of all groups. */
export const controllerIfOutside = target('/controller', ({ flow, id }) => (componentOf(flow, id).group ? [] : [globalResource('/controller')]));

/** Everything in a group and below. Connections are what their ends are. */
export const everythingWithin = target(ANY, ({ flow, id }) => flow.group(id).descendants());

export const groupsWithin = target('/process-groups', ({ flow, id }) => flow.group(id).tree());

/** A component, or a group and everything in it. */
export function withDescendants(component: Component): Iterable<Component> {
  return component instanceof ProcessGroup ? [component, ...component.descendants()] : [component];
}

// ---- connections and their data

export const ends = target(ANY, ({ flow, id }) => {
  const { source, destination } = flow.connection(id);
  return [source, destination];
});

/** What a body wants as an end of a connection. What does not exist is refused by the route. */
const wantedEnd = (ask: Ask, end: 'source' | 'destination'): Component[] => {
  const found = ask.flow.find(ask.text('component', end, 'id') ?? '');
  return found ? [found] : [];
};

export const wantedEnds = target(ANY, (ask) => [...wantedEnd(ask, 'source'), ...wantedEnd(ask, 'destination')]);

/** The end that a connection is to have instead of the present one. */
export const newDestination = target(ANY, (ask) => wantedEnd(ask, 'destination').filter((end) => end !== ask.flow.connection(ask.id).destination));

export const groupIfRedirected = target('/process-groups', async (ask) => {
  const redirected = [...(await newDestination.find(ask))].length > 0;
  return redirected ? [ask.flow.connection(ask.id).group] : [];
});

export const connectionGroup = target('/process-groups', ({ flow, id }) => [flow.connection(id).group]);

/** The group that a body names. */
export const wantedGroup = target('/process-groups', (ask) => [ask.flow.group(ask.text('processGroupId') ?? ask.text('component', 'processGroupId') ?? '')]);

/** The group that a sync is to be put into. */
export const parentOfSync = target('/process-groups', (ask) => [ask.flow.group(ask.text('parentGroupId') ?? 'root')]);

/** What the types that a body names need. */
export const restricted = target('/restricted-components', ({ call, flow }) => restrictionsIn(flow, call.request.body));

export function aspect(which: Aspect, { says, find }: Target): Target {
  return target(ASPECTS[which][0] + says, async (ask) => Array.from(await find(ask), (subject) => aspectOf(which, 'kind' in subject ? resourceOf(subject) : subject)));
}

/** Data in a queue belongs to what put it there. */
export const queueData = aspect(
  'data',
  target(ANY, ({ flow, id }) => [flow.connection(id).source]),
);

export const dataWithin = aspect(
  'data',
  target(ANY, ({ flow, id }) => [...flow.group(id).tree()].flatMap((each) => Array.from(each.connections.values(), ({ source }) => source))),
);

// ---- provenance

/** Who made the event that the path names. */
export const event = target(ANY, ({ flow, id }) => [eventResource(flow, flow.provenance.event(Number(id)).componentId)]);

/** Who made the event that the body names. */
export const wantedEvent = target(ANY, (ask) => {
  const id = Number(ask.field('eventId'));
  return Number.isSafeInteger(id) ? [eventResource(ask.flow, ask.flow.provenance.event(id).componentId)] : [];
});

export const eventsOfComponent = target(ANY, (ask) => [eventResource(ask.flow, ask.id || (ask.text('componentId') ?? ''))]);

// ---- policies

/** What the policies for the resource of a policy are governed by. */
export const policy = target('/policies', ({ call: { services }, flow, id }) => [namedResource(flow, services.access!.policy(id).resource).policies]);

/** Whoever removes a policy lets that of the parent count. */
export const parentPolicy = target('/policies', ({ call: { services }, flow, id }) => {
  const { parent } = namedResource(flow, services.access!.policy(id).resource).policies;
  return parent ? [parent] : [];
});

export const namedPolicy = target('/policies', ({ call, flow }) => [namedResource(flow, resourcePath(call.request.params.resource)).policies]);

export const wantedPolicy = target('/policies', (ask) => [namedResource(ask.flow, ask.text('component', 'resource') ?? '').policies]);

/** The rest of a path, which Express hands out in parts. */
export function resourcePath(parts: string | string[] | undefined): string {
  return `/${[parts ?? []].flat().join('/')}`;
}
