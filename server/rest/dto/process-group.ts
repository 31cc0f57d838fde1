import type { ParameterContext } from '../../engine/parameter-context.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import { asSeen, baseEntity, bulletinsOf, type ComponentEntity, type EntityView, permissions, type PermissionsDto, positionDto, type PositionDto } from './common.ts';
import { type VersionCounts, type VersionControlDto, versionControlDto, versionCounts, versionedFlowState } from './version-control.ts';
import { type GroupCounts, groupStatus, type GroupStatusDto, groupLoad } from './group-status.ts';

export interface ParameterContextReferenceEntity {
  id: string;
  permissions: PermissionsDto;
  component: { id: string; name: string };
}

/** What the entity of a group counts; the same numbers stand in its component. */
export interface GroupNumbers extends GroupCounts, VersionCounts {
  inputPortCount: number;
  outputPortCount: number;
  localInputPortCount: number;
  localOutputPortCount: number;
  publicInputPortCount: number;
  publicOutputPortCount: number;
  activeRemotePortCount: number;
  inactiveRemotePortCount: number;
}

export interface ProcessGroupDto extends GroupNumbers {
  id: string;
  parentGroupId?: string;
  versionedComponentId?: string;
  position: PositionDto;
  name: string;
  comments: string;
  parameterContext?: ParameterContextReferenceEntity;
  flowfileConcurrency: string;
  flowfileOutboundPolicy: string;
  defaultFlowFileExpiration: string;
  defaultBackPressureObjectThreshold: number;
  defaultBackPressureDataSizeThreshold: string;
  logFileSuffix?: string;
  executionEngine: string;
  maxConcurrentTasks: number;
  statelessFlowTimeout: string;
  statelessGroupScheduledState: string;
  versionControlInformation?: VersionControlDto;
}

export interface ProcessGroupEntity extends ComponentEntity, GroupNumbers {
  component: ProcessGroupDto;
  status: GroupStatusDto;
  parameterContext?: ParameterContextReferenceEntity;
  processGroupUpdateStrategy: string;
  versionedFlowState?: string;
}

export function parameterContextReference(context: ParameterContext | null, view: EntityView): ParameterContextReferenceEntity | undefined {
  return context ? asSeen({ id: context.id, permissions: permissions(context, view), component: { id: context.id, name: context.name } }, context, view) : undefined;
}

function numbers(group: ProcessGroup, view: EntityView): GroupNumbers {
  const { runningCount, stoppedCount, invalidCount, disabledCount } = groupLoad(group, view);
  const [inputPortCount, outputPortCount] = [group.inputPorts.size, group.outputPorts.size];
  return {
    runningCount,
    stoppedCount,
    invalidCount,
    disabledCount,
    inputPortCount,
    outputPortCount,
    localInputPortCount: inputPortCount,
    localOutputPortCount: outputPortCount,
    publicInputPortCount: 0,
    publicOutputPortCount: 0,
    activeRemotePortCount: 0,
    inactiveRemotePortCount: 0,
    ...versionCounts(group, view),
  };
}

export function processGroupDto(group: ProcessGroup, view: EntityView): ProcessGroupDto {
  return {
    id: group.id,
    parentGroupId: group.group?.id,
    versionedComponentId: group.versionedId,
    position: positionDto(group.position),
    name: group.name,
    comments: group.comments,
    ...group.settings,
    statelessGroupScheduledState: 'STOPPED',
    parameterContext: parameterContextReference(group.parameterContext, view),
    versionControlInformation: versionControlDto(group, view),
    ...numbers(group, view),
  };
}

export function processGroupEntity(group: ProcessGroup, view: EntityView): ProcessGroupEntity {
  const entity = {
    ...baseEntity(group, 'process-groups', view),
    bulletins: bulletinsOf(group.id, view),
    component: processGroupDto(group, view),
    status: groupStatus(group, view),
    parameterContext: parameterContextReference(group.parameterContext, view),
    processGroupUpdateStrategy: 'CURRENT_GROUP',
    versionedFlowState: versionedFlowState(group, view),
    ...numbers(group, view),
  };
  return asSeen(entity, group, view);
}
