import type { Component, Position, RevisionClaim } from '../component.ts';
import { InvalidRequestError } from '../errors.ts';
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
    importing.keep(group, contents.identifier);
    importing.fill(group, contents);
    announce(flow, [...contexts.created, ...importing.made.filter((made) => made !== group)], claim);
    return group;
  } catch (thrown) {
    importing.undo();
    contexts.undo();
    throw thrown;
  }
}

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

/** Throws InvalidRequestError where there is nothing that could be contents. */
export function contentsOf(definition: FlowDefinition): GroupContents {
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
