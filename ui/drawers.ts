import { useEffect, useMemo, useState } from 'react';
import { here, navigate, parseLocation, useHash } from './shared/location.ts';
import { formatOpen, type Open, parseOpen } from './shared/open-query.ts';
import { selectionStore } from './shared/selection.ts';

/** What is open beside and below the canvas: it is in the URL. */
export interface Drawers {
  /** Stands in front of the panel of the selected component. */
  readonly side: Open['side'];
  /** The connection whose queue is listed. */
  readonly queueOf: string | undefined;
  /** The connection whose queue is to be emptied, while that is asked. */
  readonly emptying: string | undefined;
  toggleBulletins(): void;
  toggleServices(): void;
  closeSide(): void;
  openQueue(connectionId: string | undefined): void;
  askToEmpty(connectionId: string | undefined): void;
}

function change(fields: Partial<Open>, { replace = false } = {}): void {
  const location = here();
  navigate({ ...location, query: formatOpen({ ...parseOpen(location.query ?? ''), ...fields }) }, { replace });
}

const closeSide = (): void => change({ side: undefined });
const toggle = (one: Open['side']) => (): void => change({ side: parseOpen(here().query ?? '').side === one ? undefined : one });
const openQueue = (queue: string | undefined): void => change({ queue });
const [toggleBulletins, toggleServices] = [toggle('bulletins'), toggle('services')];

export function useDrawers(): Drawers {
  const { query = '' } = parseLocation(useHash());
  const { side, queue: queueOf } = useMemo(() => parseOpen(query), [query]);
  const [emptying, askToEmpty] = useState<string>();
  // Whoever selects something wants to see that.
  useEffect(() => selectionStore.subscribe(() => selectionStore.get().length > 0 && change({ side: undefined }, { replace: true })), []);
  return useMemo(() => ({ side, queueOf, emptying, openQueue, askToEmpty, toggleBulletins, toggleServices, closeSide }), [side, queueOf, emptying]);
}
