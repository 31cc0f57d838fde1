import { randomUUID } from 'node:crypto';
import type { Component } from '../engine/component.ts';
import { Connectable } from '../engine/connectable.ts';
import { Connection } from '../engine/connection.ts';
import { ConflictError, NotFoundError } from '../engine/errors.ts';
import type { FlowController } from '../engine/flow-controller.ts';
import { ProcessGroup } from '../engine/process-group.ts';
import type { RevisionBody } from './call.ts';
import type { RestServices } from './services.ts';

/** The kinds of members as NiFi's snippets and clipboards list them. */
export const MEMBERS = ['processGroups', 'remoteProcessGroups', 'processors', 'inputPorts', 'outputPorts', 'connections', 'labels', 'funnels'] as const;
type Members = Partial<Record<(typeof MEMBERS)[number], Readonly<Record<string, RevisionBody | null>> | null>>;

/** A selection of components of one group, to be moved, copied or deleted together. */
export interface Snippet extends Members {
  readonly id: string;
  readonly parentGroupId: string;
}

/** So many are kept; the oldest are forgotten first. */
const MOST = 1000;

/** Selections that clients have registered. They live in memory. */
export class Snippets {
  readonly #snippets = new Map<string, Snippet>();

  add(members: Members & { parentGroupId: string }): Snippet {
    const snippet = { ...members, id: randomUUID() };
    for (const id of [...this.#snippets.keys()].slice(0, Math.max(0, this.#snippets.size + 1 - MOST))) this.#snippets.delete(id);
    this.#snippets.set(snippet.id, snippet);
    return snippet;
  }

  /** Throws NotFoundError. */
  get(id: string): Snippet {
    const snippet = this.#snippets.get(id);
    if (!snippet) throw new NotFoundError(`Unable to find snippet with id '${id}'.`);
    return snippet;
  }

  remove(id: string): void {
    this.#snippets.delete(id);
  }
}

const known = new WeakMap<RestServices, Snippets>();

/** The selections of one server. */
export function snippetsOf(services: RestServices): Snippets {
  const snippets = known.get(services) ?? new Snippets();
  known.set(services, snippets);
  return snippets;
}

/** Ids of all members, with the revisions that the client knows. */
export function memberRevisions(snippet: Members): Map<string, RevisionBody | null> {
  return new Map(MEMBERS.flatMap((kind) => Object.entries(snippet[kind] ?? {})));
}

/** The members. Throws NotFoundError, and ConflictError where one is not in the snippet's group. */
export function membersOf(flow: FlowController, snippet: Snippet): Component[] {
  const parent = flow.group(snippet.parentGroupId);
  return [...memberRevisions(snippet).keys()].map((id) => {
    const component = flow.find(id);
    if (!component) throw new NotFoundError(`Unable to find component with id '${id}'.`);
    if (component.group !== parent) throw new ConflictError(`${component.label} is not in group ${parent.name} any more.`);
    return component;
  });
}

/** Throws ConflictError where one of the components must stay, before any of them is removed. */
export function checkRemovable(components: readonly Component[]): void {
  const set = new Set(components);
  for (const node of set) {
    if (node instanceof Connection || node instanceof ProcessGroup) node.checkRemovable();
    if (!(node instanceof Connectable)) continue;
    if (node.isActive && node.kind !== 'FUNNEL') throw new ConflictError(`Cannot remove ${node.label} because it is running. Stop it first.`);
    const from = [...node.incoming].find((connection) => connection.source !== node && !set.has(connection));
    if (from) throw new ConflictError(`Cannot remove ${node.label} because it is the destination of ${from.label}. Remove that connection first.`);
  }
}

/** Connections go first: the others may be removed then. */
export function removalOrder(components: readonly Component[]): Component[] {
  return [...components].sort((a, b) => Number(b.kind === 'CONNECTION') - Number(a.kind === 'CONNECTION'));
}
