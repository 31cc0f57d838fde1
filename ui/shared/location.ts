import { useSyncExternalStore } from 'react';

/** Where the page is: the group on the canvas, for a link to it a component, and what is open above and beside it. Kept in the URL's hash. */
export interface FlowLocation {
  /** Undefined: nobody has chosen yet. */
  readonly groupId?: string;
  readonly componentId?: string;
  /** What is open, as `shared/open-query.ts` writes it. Undefined where one goes to: it stays in the same group; in another one only the drawer does. */
  readonly query?: string;
}

const PATTERN = /^#\/(?:process-groups\/([^/?]+)(?:\/components\/([^/?]+))?\/?)?(?:\?(.*))?$/;

/** A part that is no proper URI encoding stands for itself. */
function decode(part: string | undefined): string | undefined {
  try {
    return part && decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function parseLocation(hash: string): FlowLocation {
  const match = PATTERN.exec(hash);
  return match ? { groupId: decode(match[1]), componentId: decode(match[2]), query: match[3] ?? '' } : {};
}

export function formatLocation({ groupId, componentId, query }: FlowLocation): string {
  const group = groupId === undefined ? '#/' : `#/process-groups/${encodeURIComponent(groupId)}`;
  const component = groupId === undefined || componentId === undefined ? '' : `/components/${encodeURIComponent(componentId)}`;
  return group + component + (query ? `?${query}` : '');
}

/** Where the page is now. */
export const here = (): FlowLocation => parseLocation(window.location.hash);

const CHANGED = 'millrace:location';

/** What stays open where one goes. */
function keptQuery({ groupId }: FlowLocation): string {
  const { groupId: from, query = '' } = here();
  if (from === groupId) return query;
  const side = new URLSearchParams(query).get('side');
  return side === null ? '' : `side=${encodeURIComponent(side)}`;
}

/** Goes there; with `replace` the step leaves no entry in the browser's history. */
export function navigate(location: FlowLocation, { replace = false } = {}): void {
  goToHash(formatLocation({ ...location, query: location.query ?? keptQuery(location) }), { replace });
}

export function goToHash(hash: string, { replace = false } = {}): void {
  if (hash === window.location.hash) return;
  if (replace) window.history.replaceState(null, '', hash);
  else window.history.pushState(null, '', hash);
  window.dispatchEvent(new Event(CHANGED));
}

/** Calls back whenever the page is elsewhere; returns how to stop that. */
export function onLocation(listener: () => void): () => void {
  const events = [CHANGED, 'hashchange', 'popstate'];
  for (const event of events) window.addEventListener(event, listener);
  return () => {
    for (const event of events) window.removeEventListener(event, listener);
  };
}

/** The hash as it is now; parse it with parseLocation. */
export function useHash(): string {
  return useSyncExternalStore(onLocation, () => window.location.hash);
}
