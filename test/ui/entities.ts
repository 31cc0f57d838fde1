import type { ConnectionEntity, FlowDto, ProcessorEntity } from '../../ui/api/shapes.ts';

/** Entities as the API answers them, as far as the canvas reads them. */

type Loosely<T> = { readonly [K in keyof T]?: unknown };

export function processor(
  id: string,
  {
    component,
    status,
    ...rest
  }: { component?: Loosely<ProcessorEntity['component']>; status?: Loosely<ProcessorEntity['status']['aggregateSnapshot']>; [field: string]: unknown } = {},
): ProcessorEntity {
  const aggregateSnapshot = { flowFilesIn: 0, bytesIn: 0, flowFilesOut: 0, bytesOut: 0, taskCount: 0, tasksDurationNanos: 0, activeThreadCount: 0, ...status };
  return {
    id,
    revision: { version: 1 },
    position: { x: 100, y: 50 },
    bulletins: [],
    inputRequirement: 'INPUT_ALLOWED',
    physicalState: 'RUNNING',
    component: { id, name: id, type: 'org.apache.nifi.processors.standard.GenerateFlowFile', position: { x: 100, y: 50 }, style: {}, ...component },
    status: { runStatus: 'Running', aggregateSnapshot },
    ...rest,
  } as unknown as ProcessorEntity;
}

export function connection(
  id: string,
  sourceId: string,
  destinationId: string,
  {
    component,
    status,
    ...rest
  }: { component?: Loosely<ConnectionEntity['component']>; status?: Loosely<ConnectionEntity['status']['aggregateSnapshot']>; [field: string]: unknown } = {},
): ConnectionEntity {
  const aggregateSnapshot = {
    flowFilesIn: 0,
    flowFilesOut: 0,
    flowFilesQueued: 0,
    bytesQueued: 0,
    percentUseCount: 0,
    percentUseBytes: 0,
    flowFileAvailability: 'ACTIVE_QUEUE_EMPTY',
    ...status,
  };
  return {
    id,
    revision: { version: 1 },
    sourceId,
    destinationId,
    sourceGroupId: 'g',
    destinationGroupId: 'g',
    bends: [],
    labelIndex: 0,
    component: {
      id,
      name: '',
      selectedRelationships: ['success'],
      source: { name: sourceId },
      destination: { name: destinationId },
      flowFileExpiration: '0 sec',
      prioritizers: [],
      ...component,
    },
    status: { aggregateSnapshot },
    ...rest,
  } as unknown as ConnectionEntity;
}

export function flow(content: Partial<FlowDto>): FlowDto {
  return { processGroups: [], remoteProcessGroups: [], processors: [], inputPorts: [], outputPorts: [], connections: [], labels: [], funnels: [], ...content };
}
