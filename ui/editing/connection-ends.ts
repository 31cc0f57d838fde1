import { findComponent, nameOf } from '../api/flow.ts';
import type { FlowComponent, FlowDto } from '../api/shapes.ts';

export interface EndBody {
  readonly id: string;
  readonly groupId: string;
  readonly type: 'PROCESSOR' | 'INPUT_PORT' | 'OUTPUT_PORT' | 'FUNNEL';
}

const TYPES = { processor: 'PROCESSOR', 'input-port': 'INPUT_PORT', 'output-port': 'OUTPUT_PORT', funnel: 'FUNNEL' } as const;

/** The end of a connection at a component; at a group it is one of its ports. Undefined where that is not chosen yet. */
export function endAt(component: FlowComponent, groupId: string, direction: 'from' | 'to', portId: string | undefined): EndBody | undefined {
  const { kind, entity } = component;
  if (kind === 'group') return portId === undefined ? undefined : { id: portId, groupId: entity.id, type: direction === 'from' ? 'OUTPUT_PORT' : 'INPUT_PORT' };
  if (kind === 'label' || kind === 'connection') return undefined;
  return { id: entity.id, groupId, type: TYPES[kind] };
}

/** Relationships that a source sends to; none where it has no choice. */
export function relationshipsOf(component: FlowComponent): readonly { readonly name: string; readonly description?: string }[] {
  return component.kind === 'processor' ? component.entity.component.relationships : [];
}

const mayReceive = ({ kind, entity }: FlowComponent): boolean =>
  kind === 'group' || kind === 'funnel' || kind === 'output-port' || (kind === 'processor' && entity.inputRequirement !== 'INPUT_FORBIDDEN');

/** Where a connection from a component may lead, nearest names first. */
export function destinationsFor(flow: FlowDto, fromId: string): { readonly id: string; readonly name: string }[] {
  const ids = [flow.processors, flow.processGroups, flow.outputPorts, flow.funnels].flatMap((list) => list.map(({ id }) => id));
  return ids
    .flatMap((id) => {
      const component = findComponent(flow, id);
      if (!component || !mayReceive(component)) return [];
      // An input port or a funnel cannot lead to itself; a group may, through its ports.
      if (id === fromId && component.kind !== 'processor' && component.kind !== 'group') return [];
      return [{ id, name: id === fromId ? `${nameOf(component)} (itself)` : nameOf(component) }];
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}
