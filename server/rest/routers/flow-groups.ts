import { InvalidRequestError } from '../../engine/errors.ts';
import type { FlowController } from '../../engine/flow-controller.ts';
import { Port } from '../../engine/port.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import { ProcessorNode } from '../../engine/processor-node.ts';
import type { Call, RevisionBody } from '../call.ts';
import { controllerServiceEntity } from '../dto/controller-service.ts';
import { breadcrumb, processGroupFlowEntity } from '../dto/flow.ts';
import type { Routes } from '../routes.ts';
import { bodyCheck, clearBulletins, mapOf, object, revision, text } from '../schemas.ts';
import { clearUntil } from './bulletins.ts';
import { setServiceState } from './controller-services.ts';
import { setPortState } from './ports.ts';
import { setState } from './processors.ts';

type GroupState = 'RUNNING' | 'STOPPED' | 'ENABLED' | 'DISABLED';
type Claims = Record<string, RevisionBody | null> | null;

const scheduleBody = bodyCheck<{ id?: string | null; state: GroupState; components?: Claims }>(
  object({ id: text, state: { enum: ['RUNNING', 'STOPPED', 'ENABLED', 'DISABLED'] }, components: mapOf(revision) }, ['state']),
);
const activateBody = bodyCheck<{ id?: string | null; state: 'ENABLED' | 'DISABLED'; components?: Claims }>(
  object({ id: text, state: { enum: ['ENABLED', 'DISABLED'] }, components: mapOf(revision) }, ['state']),
);

/** /flow/process-groups */
export function addFlowGroupRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/process-groups/:id', (call) => processGroupFlowEntity(flow.group(call.id), call.view));
  routes.put('/process-groups/:id', (call) => {
    const { id, state, components } = call.body(scheduleBody);
    const group = flow.group(call.id);
    checkGroupId(call, group, id);
    if (components && Object.keys(components).length > 0) scheduleSome(flow, call, state, components);
    else scheduleAll(call, group, state);
    return { id: group.id, state, components: components ?? undefined };
  });
  routes.get('/process-groups/:id/breadcrumbs', (call) => breadcrumb(flow.group(call.id), call.view));
  routes.post('/process-groups/:id/bulletins/clear-requests', (call) => {
    const { fromTimestamp, components } = call.body(clearBulletins);
    const group = flow.group(call.id);
    const until = clearUntil(call, fromTimestamp);
    const ids = components?.length
      ? components
      : Array.from(group.descendants())
          .filter((each) => call.rights.may('write', each))
          .map(({ id }) => id);
    return { bulletinsCleared: ids.reduce((sum, id) => sum + flow.bulletins.clear(id, until), 0) };
  });
  addServiceRoutes(routes);
}

/** `root` may be meant by its name or its id. */
function checkGroupId(call: Call, group: ProcessGroup, id: string | null | undefined): void {
  if (id && id !== group.id) call.checkId(id);
}

/** Of a group's components, whoever may not operate all does it to those that they may (NiFi). */
function scheduleAll(call: Call, group: ProcessGroup, state: GroupState): void {
  const { flow } = call.services;
  const nodes = [...group.tree()].flatMap((each) => [...each.processors.values(), ...each.ports()]);
  const mine = nodes.filter((node) => call.rights.mayOperate(node));
  if (mine.length === nodes.length) return void flow.schedule(group, state);
  const wanted = mine.filter((node) => isConcerned(node, state));
  scheduleSome(flow, call, state, Object.fromEntries(wanted.map(({ id }) => [id, null])));
}

/** Whether what is done to all of a group is done to one of them: see ProcessGroup. */
function isConcerned(node: ProcessorNode | Port, state: GroupState): boolean {
  if (state === 'RUNNING') return node.state !== 'DISABLED' && (node instanceof ProcessorNode || node.isValid);
  if (state === 'ENABLED') return node.state === 'DISABLED';
  return state === 'DISABLED' ? !node.isActive : node.state !== 'DISABLED';
}

function activateAll(call: Call, group: ProcessGroup, state: 'ENABLED' | 'DISABLED'): void {
  const { flow } = call.services;
  const services = [...group.tree()].flatMap((each) => [...each.services.values()]);
  const mine = services.filter((service) => call.rights.mayOperate(service));
  if (mine.length === services.length) void flow.activateServices(group, state);
  else
    activateSome(
      flow,
      state,
      Array.from(mine, ({ id }) => id),
    );
}

/** Starts, stops, enables or disables those components only that the body names. */
function scheduleSome(flow: FlowController, call: Call, state: GroupState, components: NonNullable<Claims>): void {
  const runState = state === 'ENABLED' ? 'STOPPED' : state;
  flow.batch(() => {
    for (const [id, claimed] of Object.entries(components)) {
      const node = flow.find(id);
      const claim = claimed?.version === undefined || claimed.version === null ? undefined : call.claim(claimed);
      if (node instanceof ProcessorNode) flow.change(node, claim ?? current(node, call), () => setState(node, runState));
      else if (node instanceof Port) flow.change(node, claim ?? current(node, call), () => setPortState(node, runState));
      else throw new InvalidRequestError(`Unable to schedule component with id '${id}': it is neither a processor nor a port.`);
    }
  });
}

const current = (node: ProcessorNode | Port, call: Call) => ({ version: node.revision.version, clientId: node.revision.clientId, user: call.user });

function addServiceRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/process-groups/:id/controller-services', (call) => {
    const groups = groupsInSight(flow.group(call.id), call.flag('includeAncestorGroups', true), call.flag('includeDescendantGroups'));
    return servicesEntity(
      call,
      groups.flatMap(({ services }) => [...services.values()]),
    );
  });
  routes.get('/controller/controller-services', (call) => servicesEntity(call, [...flow.controllerServices.values()]));
  routes.put('/process-groups/:id/controller-services', (call) => {
    const { id, state, components } = call.body(activateBody);
    const group = flow.group(call.id);
    checkGroupId(call, group, id);
    if (components && Object.keys(components).length > 0) activateSome(flow, state, Object.keys(components));
    else activateAll(call, group, state);
    return { id: group.id, state, components: components ?? undefined };
  });
}

function activateSome(flow: FlowController, state: 'ENABLED' | 'DISABLED', ids: readonly string[]): void {
  flow.batch(() => {
    for (const id of ids) setServiceState(flow.service(id), state);
  });
}

function servicesEntity({ view }: Call, services: Parameters<typeof controllerServiceEntity>[0][]) {
  return { controllerServices: services.map((service) => controllerServiceEntity(service, view)), currentTime: view.refreshed };
}

function groupsInSight(group: ProcessGroup, ancestors: boolean, descendants: boolean): ProcessGroup[] {
  const above: ProcessGroup[] = [];
  for (let at = ancestors ? group.group : null; at; at = at.group) above.push(at);
  return [...above.reverse(), ...(descendants ? group.tree() : [group])];
}
