import type { Viewport } from '@xyflow/react';
import { type RefObject, useMemo } from 'react';

/** Where people were in each group, for when they come back. */
export const viewports = new Map<string, Viewport>();

/**
 * While the canvas is panned or zoomed it is one picture that is moved: drawing hundreds of cards anew at each step of a zoom would
 * not be smooth. It is drawn sharp again when it comes to rest.
 */
export function useZooming(groupId: string, container: RefObject<HTMLElement | null>) {
  return useMemo(
    () => ({
      onMoveStart: () => void container.current?.toggleAttribute('data-zooming', true),
      onMoveEnd: (_event: unknown, viewport: Viewport) => {
        container.current?.toggleAttribute('data-zooming', false);
        viewports.set(groupId, viewport);
      },
    }),
    [groupId, container],
  );
}
