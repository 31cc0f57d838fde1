import { randomUUID } from 'node:crypto';
import type { Component, Position } from '../../engine/component.ts';
import { NotFoundError } from '../../engine/errors.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import { pasteBody } from '../definition-schema.ts';
import { revisionDto } from '../dto/common.ts';
import { selectionFlowDto } from '../dto/selection.ts';
import type { Routes } from '../routes.ts';
import { bodyCheck, numeral, object, texts } from '../schemas.ts';
import { MEMBERS, memberRevisions, membersOf, type Snippets } from '../snippets.ts';

const copyBody = bodyCheck<Partial<Record<(typeof MEMBERS)[number], string[] | null>>>(object(Object.fromEntries(MEMBERS.map((kind) => [kind, texts]))));
const snippetInstance = bodyCheck<{ snippetId: string; originX?: number | null; originY?: number | null }>(
  object({ snippetId: { type: 'string' }, originX: numeral, originY: numeral }, ['snippetId']),
);

/** /process-groups/{id}/copy, paste and snippet-instance */
export function addClipboardRoutes(routes: Routes, snippets: Snippets): void {
  const { flow } = routes.services;
  routes.post('/:id/copy', (call) => {
    const group = flow.group(call.id);
    const body = call.body(copyBody);
    const ids = MEMBERS.flatMap((kind) => body[kind] ?? []);
    const stranger = ids.find((id) => flow.find(id)?.group !== group);
    if (stranger !== undefined) throw new NotFoundError(`Unable to find component with id '${stranger}' in group ${group.name}.`);
    const contents = flow.copy(group, ids);
    return { id: randomUUID(), ...Object.fromEntries(MEMBERS.map((kind) => [kind, contents[kind] ?? []])) };
  });
  routes.put('/:id/paste', (call) => {
    const { revision, copyResponse } = call.body(pasteBody);
    const group = flow.group(call.id);
    const claim = call.claim(revision);
    const made = flow.change(group, claim, () => flow.paste(group, copyResponse, { x: 0, y: 0 }, { ...claim, version: 0 }));
    return { revision: revisionDto(group.revision), flow: selectionFlowDto(directlyIn(group, made), call.view) };
  });
  routes.create('/:id/snippet-instance', (call) => {
    const { snippetId, originX, originY } = call.body(snippetInstance);
    const group = flow.group(call.id);
    const snippet = snippets.get(snippetId);
    const originals = membersOf(flow, snippet);
    const contents = flow.copy(flow.group(snippet.parentGroupId), [...memberRevisions(snippet).keys()]);
    const made = flow.paste(group, contents, offsetTo(originals, originX ?? 0, originY ?? 0), { version: 0, user: call.user });
    return { flow: selectionFlowDto(directlyIn(group, made), call.view) };
  });
}

const directlyIn = (group: ProcessGroup, components: readonly Component[]): Component[] => components.filter((each) => each.group === group);

/** How far the components move so that their left upper corner lies there. Connections have no place of their own. */
function offsetTo(components: readonly Component[], x: number, y: number): Position {
  const placed = components.filter(({ kind }) => kind !== 'CONNECTION').map(({ position }) => position);
  if (placed.length === 0) return { x: 0, y: 0 };
  return { x: x - Math.min(...placed.map((each) => each.x)), y: y - Math.min(...placed.map((each) => each.y)) };
}
