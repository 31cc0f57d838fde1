import type { ProcessGroup } from '../../engine/process-group.ts';
import { RawJson } from '../raw-json.ts';
import { type EntityView, permissions, type PermissionsDto, revisionDto, type RevisionDto } from './common.ts';
import { type ConnectionEntity, connectionEntityJson } from './connection.ts';
import { funnelEntity, type FunnelEntity } from './funnel.ts';
import { labelEntity, type LabelEntity } from './label.ts';
import { portEntity, type PortEntity } from './port.ts';
import { parameterContextReference, type ParameterContextReferenceEntity, processGroupEntity, type ProcessGroupEntity } from './process-group.ts';
import { type ProcessorEntity, processorEntityJson } from './processor.ts';

export interface FlowDto {
  processGroups: ProcessGroupEntity[];
  remoteProcessGroups: never[];
  processors: ProcessorEntity[];
  inputPorts: PortEntity[];
  outputPorts: PortEntity[];
  connections: ConnectionEntity[];
  labels: LabelEntity[];
  funnels: FunnelEntity[];
}

export interface BreadcrumbEntity {
  id: string;
  permissions: PermissionsDto;
  breadcrumb: { id: string; name: string };
  parentBreadcrumb?: BreadcrumbEntity;
}

export interface ProcessGroupFlowDto {
  id: string;
  uri: string;
  parentGroupId?: string;
  parameterContext?: ParameterContextReferenceEntity;
  breadcrumb: BreadcrumbEntity;
  flow: FlowDto;
  lastRefreshed: string;
}

export interface ProcessGroupFlowEntity {
  permissions: PermissionsDto;
  revision: RevisionDto;
  processGroupFlow: ProcessGroupFlowDto;
}

/** Everything directly in a group. The long lists are JSON that was mostly made before: see RawJson. */
export function flowDto(group: ProcessGroup, view: EntityView): FlowDto {
  const each = <N, E>(nodes: Map<string, N>, entity: (node: N, view: EntityView) => E): E[] => Array.from(nodes.values(), (node) => entity(node, view));
  return {
    processGroups: each(group.groups, processGroupEntity),
    remoteProcessGroups: [],
    processors: RawJson.array(Array.from(group.processors.values(), (node) => processorEntityJson(node, view))),
    inputPorts: each(group.inputPorts, portEntity),
    outputPorts: each(group.outputPorts, portEntity),
    connections: RawJson.array(Array.from(group.connections.values(), (connection) => connectionEntityJson(connection, view))),
    labels: each(group.labels, labelEntity),
    funnels: each(group.funnels, funnelEntity),
  };
}

/** A group and the groups above it. */
export function breadcrumb({ id, name, group }: ProcessGroup): BreadcrumbEntity {
  return { id, permissions: permissions(), breadcrumb: { id, name }, parentBreadcrumb: group ? breadcrumb(group) : undefined };
}

export function processGroupFlowEntity(group: ProcessGroup, view: EntityView): ProcessGroupFlowEntity {
  return {
    permissions: permissions(),
    revision: revisionDto(group.revision),
    processGroupFlow: {
      id: group.id,
      uri: `${view.base}/flow/process-groups/${group.id}`,
      parentGroupId: group.group?.id,
      parameterContext: parameterContextReference(group.parameterContext),
      breadcrumb: breadcrumb(group),
      flow: flowDto(group, view),
      lastRefreshed: view.refreshed,
    },
  };
}
