import type { Component, Position, RevisionClaim } from '../component.ts';
import { ConflictError, InvalidRequestError } from '../errors.ts';
import type { FlowBuilder } from '../flow-builder.ts';
import type { FlowController } from '../flow-controller.ts';
import type { ProcessGroup } from '../process-group.ts';
import { nextRevision } from '../revision.ts';
import { ContextImport } from './import-contexts.ts';
import { GroupImport, groupEdit } from './import-group.ts';
import type { FlowDefinition, GroupContents } from './format.ts';

/** What a paste has made, groups' members included. */
export type Pasted = readonly Component[];

/** Puts a definition into `parent` as a new group, or throws and leaves nothing behind. */
export function importGroup(
  flow: FlowController,
  builder: FlowBuilder,
  parent: ProcessGroup,
  definition: FlowDefinition,
  place: { name?: string; position?: Position },
  claim: RevisionClaim,
): ProcessGroup {
  const contents = contentsOf(definition);
  const contexts = new ContextImport(flow, builder, definition);
  const importing = new GroupImport(flow, builder, definition, { contexts });
  try {
    const group = builder.group(parent, {
      ...groupEdit(contents, contexts),
      name: place.name ?? contents.name ?? 'Imported flow',
      comments: contents.comments,
      position: place.position ?? contents.position,
    });
    importing.made.push(group);
    group.versionedId = contents.identifier;
    importing.fill(group, contents);
    announce(flow, [...contexts.created, ...importing.made.filter((made) => made !== group)], claim);
    return group;
  } catch (thrown) {
    importing.undo();
    contexts.undo();
    throw thrown;
  }
}

/**
 * Replaces what is in a group, and its settings. Its ports stay where the definition has ports of the same names, so that
 * connections from outside keep leading to them.
 */
export function replaceGroup(flow: FlowController, builder: FlowBuilder, group: ProcessGroup, definition: FlowDefinition, claim: RevisionClaim): void {
  const contents = contentsOf(definition);
  const kept = new Set([...group.ports()].filter((port) => namesOf(contents, port.kind).has(port.name)));
  checkReplaceable(group, kept);
  const old = [...group.members()].filter((member) => !kept.has(member as never));
  const contexts = new ContextImport(flow, builder, definition);
  const importing = new GroupImport(flow, builder, definition, { contexts, keptPorts: kept });
  try {
    importing.fill(group, contents);
    group.configure(groupEdit(contents, contexts));
    announce(flow, [...contexts.created, ...importing.made], claim);
  } catch (thrown) {
    importing.undo();
    contexts.undo();
    throw thrown;
  }
  builder.dropAll(old, claim.user);
}

function checkReplaceable(group: ProcessGroup, kept: ReadonlySet<Component>): void {
  group.checkContentsRemovable();
  for (const port of group.ports()) {
    const outside = [...port.incoming, ...port.outgoing].find((connection) => connection.group !== group);
    if (outside && !kept.has(port))
      throw new ConflictError(
        `Cannot replace the contents of ${group.name}: the new contents have no port ${port.name}, which ${outside.label} is connected to. Remove that connection first.`,
      );
  }
}

const namesOf = (contents: GroupContents, kind: 'INPUT_PORT' | 'OUTPUT_PORT'): Set<string | undefined> =>
  new Set((kind === 'INPUT_PORT' ? contents.inputPorts : contents.outputPorts)?.map(({ name }) => name));

/** Puts copied components into a group: new ones, of no definition. */
export function pasteContents(flow: FlowController, builder: FlowBuilder, group: ProcessGroup, contents: GroupContents, offset: Position, claim: RevisionClaim): Pasted {
  const definition: FlowDefinition = { flowContents: contents };
  const contexts = new ContextImport(flow, builder, definition);
  const importing = new GroupImport(flow, builder, definition, { contexts, offset, copies: true });
  try {
    importing.fill(group, contents);
    announce(flow, importing.made, claim);
    return importing.made;
  } catch (thrown) {
    importing.undo();
    contexts.undo();
    throw thrown;
  }
}

function contentsOf(definition: FlowDefinition): GroupContents {
  const contents = definition?.flowContents;
  if (typeof contents !== 'object' || contents === null) throw new InvalidRequestError('This is not a flow definition: it has no flowContents.');
  return contents;
}

/** Everything made is at its first revision, and subscribers hear of it. */
export function announce(flow: FlowController, made: readonly Component[], claim: RevisionClaim): void {
  for (const component of made) {
    component.revision = nextRevision({ version: 0 }, claim);
    flow.runtime.touch(component);
    flow.runtime.tell({ type: 'created', component, user: claim.user, after: component.toStored() });
  }
}
