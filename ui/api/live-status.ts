import type { LiveMessage } from '../../server/rest/dto/live.ts';
import type { FlowDto } from './shapes.ts';

type Snapshots = readonly { readonly id: string }[] | undefined;
interface Counted {
  readonly id: string;
  readonly status: { readonly aggregateSnapshot: object };
}

/** Entities with the figures of a message; the same object where it has none, the same list where it has none of any. */
function counted<E extends Counted>(entities: E[], snapshots: Snapshots, key: string): E[] {
  if (!snapshots || snapshots.length === 0) return entities;
  const found = new Map(snapshots.map((each) => [each.id, (each as unknown as Record<string, object>)[key]]));
  return entities.map((entity) => {
    const aggregateSnapshot = found.get(entity.id);
    return aggregateSnapshot ? { ...entity, status: { ...entity.status, aggregateSnapshot } } : entity;
  });
}

/** A flow with new figures. What runs or not comes with the changes of a message, for which the flow is fetched. */
export function withStatus(flow: FlowDto, status: LiveMessage['status']): FlowDto {
  return {
    ...flow,
    processors: counted(flow.processors, status.processorStatusSnapshots, 'processorStatusSnapshot'),
    connections: counted(flow.connections, status.connectionStatusSnapshots, 'connectionStatusSnapshot'),
    processGroups: counted(flow.processGroups, status.processGroupStatusSnapshots, 'processGroupStatusSnapshot'),
    inputPorts: counted(flow.inputPorts, status.inputPortStatusSnapshots, 'portStatusSnapshot'),
    outputPorts: counted(flow.outputPorts, status.outputPortStatusSnapshots, 'portStatusSnapshot'),
  };
}
