import type { FlowRegistry } from '../../extension/flow-registry.ts';
import { ConflictError } from '../errors.ts';
import type { FlowController } from '../flow-controller.ts';
import { identifiedGroup } from '../flow-definition/export.ts';
import type { ContextContents, FlowCoordinates, FlowDefinition, GroupContents } from '../flow-definition/format.ts';
import type { FlowRegistryClientNode } from '../flow-registry-client-node.ts';
import type { ProcessGroup } from '../process-group.ts';
import { isHollow, sameVersion, storeSnapshot } from './snapshots.ts';
import { VersionControl } from './version-control.ts';

/** How deep versioned groups may lie inside each other, so that one that holds itself is refused. */
const DEEPEST = 20;

/** A definition with the contents of nested versioned groups: where they are only named they are read from the registry. */
export async function withNested(definition: FlowDefinition, registry: FlowRegistry, depth = 0): Promise<FlowDefinition> {
  const contexts: Record<string, ContextContents> = { ...definition.parameterContexts };
  if (depth > DEEPEST) throw new ConflictError(`The flow holds versioned groups more than ${DEEPEST} deep inside each other: it seems to hold itself.`);
  const fill = async (contents: GroupContents): Promise<GroupContents> => {
    const processGroups = await inOrder(contents.processGroups ?? [], fill);
    const at = contents.versionedFlowCoordinates;
    if (!at || !isHollow(contents)) return { ...contents, processGroups };
    const { bucketId: bucket, flowId: flow, branch = registry.defaultBranch, version } = at;
    const stored = await registry.read({ branch, bucket, flow }, version);
    const read = await withNested(stored.definition as unknown as FlowDefinition, registry, depth + 1);
    Object.assign(contexts, { ...read.parameterContexts, ...contexts });
    const { identifier, name, comments, position, groupIdentifier } = contents;
    return { ...read.flowContents, identifier, name, comments, position, groupIdentifier, versionedFlowCoordinates: at };
  };
  const flowContents = { ...definition.flowContents, processGroups: await inOrder(definition.flowContents.processGroups ?? [], fill) };
  return { ...definition, flowContents, parameterContexts: contexts };
}

async function inOrder<T>(items: readonly T[], make: (item: T) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}

/**
 * The contents with nested groups as they are here where they follow the same version as in the definition: what somebody has
 * changed in them stays (NiFi).
 */
export function withPresentNested(flow: FlowController, group: ProcessGroup, contents: GroupContents): GroupContents {
  const { definition } = identifiedGroup(flow, group, { versionControl: true });
  return merged(contents, definition.flowContents);
}

function merged(contents: GroupContents, present: GroupContents): GroupContents {
  const here = new Map((present.processGroups ?? []).map((each) => [each.identifier, each]));
  const processGroups = (contents.processGroups ?? []).map((child) => {
    const same = here.get(child.identifier);
    if (!same) return child;
    if (!sameVersion(child.versionedFlowCoordinates, same.versionedFlowCoordinates)) return merged(child, same);
    const { name, comments, position } = child;
    return { ...same, name, comments, position };
  });
  return { ...contents, processGroups };
}

/** Nested groups follow the versions that the contents name, and no others. Call inside an edit. */
export function attachNested(flow: FlowController, group: ProcessGroup, definition: FlowDefinition, client: FlowRegistryClientNode): void {
  const members = new Map([...group.groups.values()].map((each) => [each.versionedId, each]));
  for (const contents of definition.flowContents.processGroups ?? []) {
    const child = members.get(contents.identifier);
    if (!child) continue;
    const nested = { ...definition, flowContents: contents };
    const at = contents.versionedFlowCoordinates;
    if (!sameVersion(at, child.versionControl?.coordinates)) {
      child.versionControl = at && new VersionControl(storedOf(flow, at, contents, client), nested);
      flow.runtime.touch(child);
      storeSnapshot(flow.runtime, child);
    }
    attachNested(flow, child, nested, client);
  }
}

/** A copy of a group that follows a version follows it too, where its registry is known here. Call inside an edit. */
export function followCopy(flow: FlowController, copy: ProcessGroup, contents: GroupContents): void {
  const at = contents.versionedFlowCoordinates;
  const client = at && flow.allControllerLevel('FLOW_REGISTRY_CLIENT').find(({ id }) => id === at.registryId);
  if (!client) return;
  const same = [...flow.root.tree()].find(({ versionControl }) => versionControl?.snapshot && sameVersion(versionControl.coordinates, at))?.versionControl;
  copy.versionControl = new VersionControl(same?.stored ?? storedOf(flow, at, contents, client), same?.snapshot);
  copy.versionControl.latest = same?.latest;
  flow.runtime.touch(copy);
  storeSnapshot(flow.runtime, copy);
}

function storedOf(flow: FlowController, at: FlowCoordinates, { name }: GroupContents, client: FlowRegistryClientNode) {
  const known = flow.allControllerLevel('FLOW_REGISTRY_CLIENT').some(({ id }) => id === at.registryId);
  return { coordinates: { ...at, registryId: known ? at.registryId! : client.id }, bucketName: at.bucketId, flowName: name ?? at.flowId };
}
