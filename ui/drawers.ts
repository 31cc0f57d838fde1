import { useEffect, useMemo, useState } from 'react';
import { selectionStore } from './shared/selection.ts';

/** What is open beside and below the canvas. */
export interface Drawers {
  /** Stands in front of the panel of the selected component. */
  readonly side: 'bulletins' | 'services' | undefined;
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

export function useDrawers(): Drawers {
  const [side, setSide] = useState<Drawers['side']>();
  const [queueOf, openQueue] = useState<string>();
  const [emptying, askToEmpty] = useState<string>();
  // Whoever selects something wants to see that.
  useEffect(() => selectionStore.subscribe(() => selectionStore.get().length > 0 && setSide(undefined)), []);
  return useMemo(() => {
    const toggle = (one: Drawers['side']) => () => setSide((open) => (open === one ? undefined : one));
    return { side, queueOf, emptying, openQueue, askToEmpty, toggleBulletins: toggle('bulletins'), toggleServices: toggle('services'), closeSide: () => setSide(undefined) };
  }, [side, queueOf, emptying]);
}
