import type { Component } from '../component.ts';
import { identifiedGroup } from '../flow-definition/export.ts';
import type { FlowCoordinates, FlowDefinition, GroupContents } from '../flow-definition/format.ts';
import type { FlowController } from '../flow-controller.ts';
import type { FlowRuntime } from '../flow-runtime.ts';
import { nameUuid } from '../name-uuid.ts';
import type { ProcessGroup } from '../process-group.ts';
import type { StoredComponent } from '../repositories.ts';

/** What a version holds is stored apart from its group, so that a group that is moved is not stored with all of it. */
export const SNAPSHOT_KIND = 'FLOW_SNAPSHOT';

const snapshotId = ({ id }: ProcessGroup): string => nameUuid(`snapshot of ${id}`);

/** Stores what the group's version holds, or forgets it. Call inside an edit that touches the group: both are stored together. */
export function storeSnapshot(runtime: FlowRuntime, group: ProcessGroup): void {
  const snapshot = group.versionControl?.snapshot;
  if (snapshot) runtime.journal.saveComponent({ id: snapshotId(group), kind: SNAPSHOT_KIND, parentId: group.id, json: JSON.stringify(snapshot) });
  else runtime.journal.removeComponent(snapshotId(group));
}

/** Gives groups the snapshots that are stored; those of groups that are gone are removed. */
export function restoreSnapshots(runtime: FlowRuntime, stored: readonly StoredComponent[]): void {
  for (const { id, parentId, json } of stored) {
    const group = runtime.components.get(parentId ?? '') as ProcessGroup | undefined;
    if (group?.versionControl) group.versionControl.snapshot = JSON.parse(json) as FlowDefinition;
    else runtime.journal.removeComponent(id);
  }
}

/** A group as a registry keeps it: without what belongs to this installation. */
export function registrySnapshot(flow: FlowController, group: ProcessGroup): { definition: FlowDefinition; components: ReadonlyMap<string, Component> } {
  const { definition, components } = identifiedGroup(flow, group, { versionControl: true });
  const { latest: _, ...rest } = definition;
  return { definition: JSON.parse(JSON.stringify(rest), (key, value: unknown) => (key === 'instanceIdentifier' ? undefined : value)) as FlowDefinition, components };
}

export const sameVersion = (a: FlowCoordinates | undefined, b: FlowCoordinates | undefined): boolean =>
  a !== undefined && b !== undefined && a.bucketId === b.bucketId && a.flowId === b.flowId && a.version === b.version;

/** Whether the contents hold anything besides their settings: NiFi's registries keep of nested versioned groups only where they are. */
export function isHollow(contents: GroupContents): boolean {
  const { processGroups, processors, inputPorts, outputPorts, connections, labels, funnels, controllerServices } = contents;
  return [processGroups, processors, inputPorts, outputPorts, connections, labels, funnels, controllerServices].every((list) => (list?.length ?? 0) === 0);
}
