import type { Component } from '../../engine/component.ts';
import { type FlowDifference, subjectOf } from '../../engine/flow-definition/compare.ts';
import { DIFFERENCES } from '../../engine/flow-definition/difference-fields.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import type { VersionedFlowState } from '../../engine/version-control/version-control.ts';
import { type EntityView, remembered, revisionDto } from './common.ts';

export interface VersionControlDto {
  groupId: string;
  registryId: string;
  registryName: string;
  branch?: string;
  bucketId: string;
  bucketName: string;
  flowId: string;
  flowName: string;
  flowDescription?: string;
  version: string;
  storageLocation?: string;
  state: VersionedFlowState;
  stateExplanation: string;
}

/** Which version a group follows; undefined where it follows none. */
export function versionControlDto(group: ProcessGroup, view: EntityView): VersionControlDto | undefined {
  const control = group.versionControl;
  const state = stateOf(group, view);
  if (!control || !state) return undefined;
  const { registryId, branch, bucketId, flowId, version, storageLocation } = control.coordinates;
  const { bucketName, flowName, flowDescription } = control.stored;
  const registryName = view.find(registryId)?.name ?? registryId;
  const where = { registryId, registryName, branch, bucketId, bucketName, flowId, flowName, flowDescription, version, storageLocation };
  return { groupId: group.id, ...where, state: state.state, stateExplanation: state.explanation };
}

export function versionControlEntity(group: ProcessGroup, view: EntityView) {
  return { processGroupRevision: revisionDto(group.revision), versionControlInformation: versionControlDto(group, view) };
}

function stateOf(group: ProcessGroup, view: EntityView) {
  return group.versionControl && remembered(view, 'versioned state', group, () => view.versions.state(group));
}

export function versionedFlowState(group: ProcessGroup, view: EntityView): VersionedFlowState | undefined {
  return stateOf(group, view)?.state;
}

const COUNTERS = {
  UP_TO_DATE: 'upToDateCount',
  LOCALLY_MODIFIED: 'locallyModifiedCount',
  STALE: 'staleCount',
  LOCALLY_MODIFIED_AND_STALE: 'locallyModifiedAndStaleCount',
  SYNC_FAILURE: 'syncFailureCount',
} as const;

export type VersionCounts = Record<(typeof COUNTERS)[VersionedFlowState], number>;

/** How many groups below a group are in which state of version control. */
export function versionCounts(group: ProcessGroup, view: EntityView): VersionCounts {
  return remembered(view, 'version counts', group, () => {
    const counts: VersionCounts = { upToDateCount: 0, locallyModifiedCount: 0, staleCount: 0, locallyModifiedAndStaleCount: 0, syncFailureCount: 0 };
    for (const child of group.groups.values()) {
      const state = versionedFlowState(child, view);
      if (state) counts[COUNTERS[state]]++;
      for (const [name, count] of Object.entries(versionCounts(child, view))) counts[name as keyof VersionCounts] += count;
    }
    return counts;
  });
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  PROCESSOR: 'Processor',
  CONTROLLER_SERVICE: 'Controller Service',
  INPUT_PORT: 'Input Port',
  OUTPUT_PORT: 'Output Port',
  FUNNEL: 'Funnel',
  LABEL: 'Label',
  CONNECTION: 'Connection',
  PROCESS_GROUP: 'Process Group',
};

export interface ComponentDifferenceDto {
  componentType: string;
  componentId: string;
  componentName?: string;
  processGroupId?: string;
  differences: { differenceType: string; difference: string }[];
}

/** Differences by component. `within`: the group that they were found in; components are named by their ids here where there are any. */
export function comparisonEntity(differences: readonly FlowDifference[], within?: ProcessGroup): { componentDifferences: ComponentDifferenceDto[] } {
  const found = new Map<string, ComponentDifferenceDto>();
  const groups = new Map<string, Component>([...(within?.tree() ?? [])].map((group) => [group.versionedId ?? group.id, group]));
  for (const difference of differences) {
    const { identifier, instanceIdentifier, name, componentType = '', groupIdentifier } = subjectOf(difference);
    const componentId = instanceIdentifier ?? identifier;
    const processGroupId = within ? (groups.get(groupIdentifier ?? '')?.id ?? within.id) : groupIdentifier;
    const dto = found.get(componentId) ?? { componentType: TYPE_NAMES[componentType] ?? componentType, componentId, componentName: name, processGroupId, differences: [] };
    dto.differences.push({ differenceType: DIFFERENCES[difference.type], difference: difference.description });
    found.set(componentId, dto);
  }
  return { componentDifferences: [...found.values()] };
}
