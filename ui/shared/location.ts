import { useSyncExternalStore } from 'react';

/** Where in the flow the page is: the group on the canvas and, for a link to it, a component. Kept in the URL's hash. */
export interface FlowLocation {
  /** Undefined: nobody has chosen yet. */
  readonly groupId?: string;
  readonly componentId?: string;
}

const PATTERN = /^#\/process-groups\/([^/]+)(?:\/components\/([^/]+))?\/?$/;

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
  return match ? { groupId: decode(match[1]), componentId: decode(match[2]) } : {};
}

export function formatLocation({ groupId, componentId }: FlowLocation): string {
  if (groupId === undefined) return '#/';
  const group = `#/process-groups/${encodeURIComponent(groupId)}`;
  return componentId === undefined ? group : `${group}/components/${encodeURIComponent(componentId)}`;
}

const CHANGED = 'millrace:location';

/** Goes there; with `replace` the step leaves no entry in the browser's history. */
export function navigate(location: FlowLocation, { replace = false } = {}): void {
  const hash = formatLocation(location);
  if (hash === window.location.hash) return;
  if (replace) window.history.replaceState(null, '', hash);
  else window.history.pushState(null, '', hash);
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  const events = [CHANGED, 'hashchange', 'popstate'];
  for (const event of events) window.addEventListener(event, listener);
  return () => {
    for (const event of events) window.removeEventListener(event, listener);
  };
}

/** The hash as it is now; parse it with parseLocation. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => window.location.hash);
}
