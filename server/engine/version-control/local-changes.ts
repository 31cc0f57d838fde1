import { compareFlows, type FlowDifference } from '../flow-definition/compare.ts';
import { identifiedGroup } from '../flow-definition/export.ts';
import type { DescriptorContents, FlowDefinition } from '../flow-definition/format.ts';
import type { FlowController } from '../flow-controller.ts';
import type { ProcessGroup } from '../process-group.ts';
import { ConfiguredComponent } from '../configured-component.ts';
import { ProcessorNode } from '../processor-node.ts';

/**
 * How a group differs from the version that it follows, as far as a person changed the flow: what differs from one installation to
 * the next does not count (NiFi's FlowDifferenceFilters).
 */
export function localChanges(flow: FlowController, group: ProcessGroup, snapshot: FlowDefinition): FlowDifference[] {
  const { definition } = identifiedGroup(flow, group, { versionControl: true });
  const differences = compareFlows(snapshot.flowContents, definition.flowContents);
  return differences.filter((difference) => !isEnvironmental(flow, difference, snapshot, definition));
}

function isEnvironmental(flow: FlowController, difference: FlowDifference, snapshot: FlowDefinition, present: FlowDefinition): boolean {
  switch (difference.type) {
    // Versions of bundles, what runs, and which parameters and log files a group uses, are matters of the installation.
    case 'BUNDLE_CHANGED':
    case 'SCHEDULED_STATE_CHANGED':
    case 'PARAMETER_CONTEXT_CHANGED':
    case 'LOG_FILE_SUFFIX_CHANGED':
      return true;
    case 'NAME_CHANGED':
      return (difference.before as { allowRemoteAccess?: boolean } | undefined)?.allowRemoteAccess === true;
    case 'PROPERTY_ADDED':
      return isDefault(flow, difference);
    case 'PROPERTY_REMOVED':
      return isUnknownHere(flow, difference);
    case 'PROPERTY_CHANGED':
      return isSameService(difference, snapshot, present);
    case 'PROPERTY_SENSITIVITY_CHANGED':
      return nodeOf(flow, difference)?.isGhost ?? false;
    default:
      return false;
  }
}

function nodeOf(flow: FlowController, { after }: FlowDifference): ProcessorNode | ConfiguredComponent | undefined {
  const node = after?.instanceIdentifier === undefined ? undefined : flow.find(after.instanceIdentifier);
  return node instanceof ProcessorNode || node instanceof ConfiguredComponent ? node : undefined;
}

/** A property that the version did not know yet, at its default. */
function isDefault(flow: FlowController, difference: FlowDifference): boolean {
  return nodeOf(flow, difference)?.properties.descriptor(difference.field!).default === difference.to;
}

/** A property that this installation's type does not have (any more): the import left it out. */
function isUnknownHere(flow: FlowController, { before, field, ...difference }: FlowDifference): boolean {
  const { propertyDescriptors } = before as { propertyDescriptors?: Readonly<Record<string, DescriptorContents>> };
  const node = nodeOf(flow, { before, field, ...difference });
  return node !== undefined && !node.isGhost && propertyDescriptors?.[field!]?.dynamic === false && node.properties.isDynamic(field!);
}

/** A service outside of the group that stands here for one of the same name there. */
function isSameService({ from, to }: FlowDifference, snapshot: FlowDefinition, present: FlowDefinition): boolean {
  const there = snapshot.externalControllerServices?.[String(from)];
  const here = present.externalControllerServices?.[String(to)];
  return there !== undefined && here !== undefined && there.name === here.name;
}
