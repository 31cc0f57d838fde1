import type { QueryClient } from '@tanstack/react-query';
import { groupFlowKey } from './flow.ts';
import type { ComponentKind, FlowDto, ProcessGroupFlowEntity } from './shapes.ts';

/** Writes what is known already into what the canvas shows, so that nobody waits for the next answer. */

export const LISTS = {
  processor: 'processors',
  group: 'processGroups',
  connection: 'connections',
  'input-port': 'inputPorts',
  'output-port': 'outputPorts',
  funnel: 'funnels',
  label: 'labels',
} as const satisfies Readonly<Record<ComponentKind, keyof FlowDto>>;

export const KINDS = Object.keys(LISTS) as ComponentKind[];

interface Known {
  readonly id: string;
}

export function changeFlow(client: QueryClient, groupId: string, change: (flow: FlowDto) => FlowDto): void {
  client.setQueryData<ProcessGroupFlowEntity>(groupFlowKey(groupId), (old) => {
    if (!old) return old;
    return { ...old, processGroupFlow: { ...old.processGroupFlow, flow: change(old.processGroupFlow.flow) } };
  });
}

/** Adds entities or puts them in the place of their older selves. */
export function putEntity(client: QueryClient, groupId: string, kind: ComponentKind, entity: Known): void {
  changeFlow(client, groupId, (flow) => {
    const list: readonly Known[] = flow[LISTS[kind]];
    const next = list.some(({ id }) => id === entity.id) ? list.map((each) => (each.id === entity.id ? { ...each, ...entity } : each)) : [...list, entity];
    return { ...flow, [LISTS[kind]]: next };
  });
}

export function dropEntities(client: QueryClient, groupId: string, ids: ReadonlySet<string>): void {
  changeFlow(client, groupId, (flow) => {
    const kept = KINDS.map((kind) => [LISTS[kind], (flow[LISTS[kind]] as readonly Known[]).filter(({ id }) => !ids.has(id))]);
    return { ...flow, ...Object.fromEntries(kept) };
  });
}

/** Answers that were asked for before a write must not arrive after it. */
export function beforeWrite(client: QueryClient, groupId: string): Promise<void> {
  return client.cancelQueries({ queryKey: groupFlowKey(groupId) });
}

export function afterWrite(client: QueryClient, ...groupIds: readonly string[]): void {
  for (const groupId of new Set(groupIds)) void client.invalidateQueries({ queryKey: groupFlowKey(groupId) });
  void client.invalidateQueries({ queryKey: ['controller-status'] });
}
