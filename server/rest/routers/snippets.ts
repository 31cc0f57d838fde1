import type { Router } from 'express';
import type { RevisionBody } from '../call.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, mapOf, object, revision, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { checkRemovable, MEMBERS, memberRevisions, membersOf, removalOrder, type Snippet, type Snippets } from '../snippets.ts';

type SnippetBody = Omit<Snippet, 'id' | 'parentGroupId'> & { id?: string | null; parentGroupId?: string | null };

const members = Object.fromEntries(MEMBERS.map((kind) => [kind, mapOf(revision)]));
const newSnippet = bodyCheck<{ snippet: SnippetBody & { parentGroupId: string } }>(
  object({ snippet: object({ ...members, id: text, parentGroupId: { type: 'string' } }, ['parentGroupId']) }, ['snippet']),
);
const movedSnippet = bodyCheck<{ snippet: { id?: string | null; parentGroupId?: string | null } }>(object({ snippet: object({ id: text, parentGroupId: text }) }, ['snippet']));

/** /snippets */
export function snippetRoutes(services: RestServices, snippets: Snippets): Router {
  const { flow } = services;
  const routes = new Routes(services);
  const dto = (snippet: Snippet, base: string) => ({ snippet: { ...snippet, uri: `${base}/snippets/${snippet.id}` } });
  routes.create('/', (call) => {
    const { snippet } = call.body(newSnippet);
    const group = flow.group(snippet.parentGroupId);
    return dto(snippets.add({ ...snippet, parentGroupId: group.id }), call.base);
  });
  routes.put('/:id', (call) => {
    const { snippet: body } = call.body(movedSnippet);
    call.checkId(body.id);
    const snippet = snippets.get(call.id);
    const target = flow.group(body.parentGroupId ?? snippet.parentGroupId);
    if (target.id !== snippet.parentGroupId) flow.move(membersOf(flow, snippet), target, call.user);
    snippets.remove(snippet.id);
    return dto({ ...snippet, parentGroupId: target.id }, call.base);
  });
  routes.delete('/:id', (call) => {
    const snippet = snippets.get(call.id);
    const components = removalOrder(membersOf(flow, snippet));
    checkRemovable(components);
    const claims = memberRevisions(snippet);
    flow.batch(() => {
      for (const component of components) {
        if (flow.find(component.id)) flow.remove(component, call.claim(claims.get(component.id) as RevisionBody | null));
      }
    });
    snippets.remove(snippet.id);
    return dto(snippet, call.base);
  });
  return routes.router;
}
