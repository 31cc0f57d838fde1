import { type ReactFlowState, useReactFlow, useStore } from '@xyflow/react';
import { type RefObject, useLayoutEffect } from 'react';
import { IconButton } from '../shared/button.tsx';
import { farStore } from './far.ts';
import { FIT_PADDING } from './sizes.ts';

const FIT = { padding: FIT_PADDING, maxZoom: 1, duration: 200 };
const STEP = { duration: 120 };
/** Below this zoom figures could not be read: only names are shown, larger. */
const FAR = 0.5;

const isFar = ({ transform }: ReactFlowState): boolean => transform[2] < FAR;
const percentOf = ({ transform }: ReactFlowState): number => Math.round(transform[2] * 100);

/** Tells how near the canvas is: names grow by the style sheet, and what could not be read is left out. */
export function ZoomLevel({ container }: { readonly container: RefObject<HTMLElement | null> }) {
  const far = useStore(isFar);
  // Before anything is painted: else everything would be drawn twice.
  useLayoutEffect(() => {
    container.current?.toggleAttribute('data-far', far);
    farStore.set(far);
  }, [container, far]);
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
