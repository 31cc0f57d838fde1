import { type ReactFlowState, useOnViewportChange, useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { type RefObject, useCallback, useLayoutEffect } from 'react';
import { IconButton } from '../shared/button.tsx';
import { farStore } from './far.ts';
import { FIT_PADDING } from './sizes.ts';

const FIT = { padding: FIT_PADDING, maxZoom: 1, duration: 200 };
const STEP = { duration: 120 };
/** Below this zoom figures could not be read: only names are shown, larger. */
const FAR = 0.5;

const isFar = ({ transform }: ReactFlowState): boolean => transform[2] < FAR;
const percentOf = ({ transform }: ReactFlowState): number => Math.round(transform[2] * 100);

/**
 * Tells how near the canvas is, once it is at rest: names grow by the style sheet, and what could not be read is left out. While
 * one zooms it stays as it is, for drawing hundreds of cards in another way would be seen as a jerk.
 */
export function ZoomLevel({ container }: { readonly container: RefObject<HTMLElement | null> }) {
  const store = useStoreApi();
  const far = useStore(isFar);
  const tell = useCallback(() => {
    const isNow = isFar(store.getState());
    container.current?.toggleAttribute('data-far', isNow);
    farStore.set(isNow);
  }, [container, store]);
  // Before anything is painted: else everything would be drawn twice.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `far` is what calls for it.
  useLayoutEffect(() => {
    if (!container.current?.hasAttribute('data-zooming')) tell();
  }, [container, far, tell]);
  useOnViewportChange({ onEnd: tell });
  return null;
}

interface ZoomControlsProps {
  readonly map: boolean;
  readonly onMap: (shown: boolean) => void;
}

export function ZoomControls({ map, onMap }: ZoomControlsProps) {
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  const percent = useStore(percentOf);
  return (
    <div className="zoom-controls" role="toolbar" aria-label="View">
      <IconButton icon="minus" label="Zoom out" onClick={() => void zoomOut(STEP)} />
      <button type="button" className="zoom-percent" title="Zoom to 100%" aria-label={`Zoom is ${percent}%; zoom to 100%`} onClick={() => void zoomTo(1, STEP)}>
        {percent}%
      </button>
      <IconButton icon="plus" label="Zoom in" onClick={() => void zoomIn(STEP)} />
      <span className="divider" />
      <IconButton icon="fit" label="Fit everything into view" onClick={() => void fitView(FIT)} />
      <IconButton icon="map" label={map ? 'Hide the minimap' : 'Show the minimap'} aria-pressed={map} onClick={() => onMap(!map)} />
    </div>
  );
}
