import type { ProcessGroup } from '../../engine/process-group.ts';
import { RawJson } from '../raw-json.ts';
import { type EntityView, permissions, type PermissionsDto, revisionDto, type RevisionDto, shownName } from './common.ts';
import { type ConnectionEntity, connectionEntityJson } from './connection.ts';
import { type FunnelEntity, funnelEntityJson } from './funnel.ts';
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
    funnels: RawJson.array(Array.from(group.funnels.values(), (funnel) => funnelEntityJson(funnel, view))),
  };
}

/** A group and the groups above it. */
export function breadcrumb(place: ProcessGroup, view: EntityView): BreadcrumbEntity {
  const { id, group } = place;
  return { id, permissions: permissions(place, view), breadcrumb: { id, name: shownName(place, view) }, parentBreadcrumb: group ? breadcrumb(group, view) : undefined };
}

export function processGroupFlowEntity(group: ProcessGroup, view: EntityView): ProcessGroupFlowEntity {
  return {
    permissions: permissions(group, view),
    revision: revisionDto(group.revision),
    processGroupFlow: {
      id: group.id,
      uri: `${view.base}/flow/process-groups/${group.id}`,
      parentGroupId: group.group?.id,
      parameterContext: parameterContextReference(group.parameterContext, view),
      breadcrumb: breadcrumb(group, view),
      flow: flowDto(group, view),
      lastRefreshed: view.refreshed,
    },
  };
}
