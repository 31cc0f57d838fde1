import { EdgeLabelRenderer } from '@xyflow/react';
import { type KeyboardEvent, type PointerEvent as ReactPointerEvent, useCallback, useEffect, useState } from 'react';
import type { PositionDto } from '../api/shapes.ts';
import { canvasView } from '../shared/canvas-view.ts';
import { noticeFailed } from '../shared/notices.ts';
import { useCanvasActions } from './actions.ts';
import { insertBend, moveBend, removeBend, segments } from './bend-edits.ts';
import { GRID } from './sizes.ts';

type Bends = readonly PositionDto[];

export interface BendEdit {
  /** As they are shown: while one is pulled, not yet stored. */
  readonly bends: Bends;
  /** Pulls a bend with the pointer; `insert`: a new one at that place of the list. */
  pull(event: ReactPointerEvent, index: number, insert: boolean): void;
  store(next: Bends, label: string): void;
}

const snap = ({ x, y }: PositionDto): PositionDto => ({ x: Math.round(x / GRID) * GRID, y: Math.round(y / GRID) * GRID });
/** Pixels that the pointer must move before a press is a pull. */
const LEAST = 3;

/** The bends of a connection, to be pulled about. */
export function useBends(id: string, stored: Bends): BendEdit {
  const [shown, setShown] = useState<Bends>();
  // Nothing here may watch React Flow's store: it would be asked for each connection at each frame of a zoom.
  const { groupId, editor } = useCanvasActions();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer ends what was shown in advance.
  useEffect(() => setShown(undefined), [stored]);
  const store = useCallback(
    (next: Bends, label: string) => {
      setShown(next);
      editor.change({ groupId, kind: 'connection', id }, { bends: next.map(({ x, y }) => ({ x, y })) }, { label }).catch((error: unknown) => {
        setShown(undefined);
        noticeFailed('The bend could not be stored.', error);
      });
    },
    [editor, groupId, id],
  );
  const pull = useCallback(
    (event: ReactPointerEvent, index: number, insert: boolean) => {
      if (event.button !== 0) return;
      event.stopPropagation();
      const from = { x: event.clientX, y: event.clientY };
      let last: Bends | undefined;
      const move = (now: PointerEvent): void => {
        if (!last && Math.hypot(now.clientX - from.x, now.clientY - from.y) < LEAST) return;
        const view = canvasView.get();
        if (!view) return;
        const at = snap(view.at({ x: now.clientX, y: now.clientY }));
        last = insert ? insertBend(stored, index, at) : moveBend(stored, index, at);
        setShown(last);
      };
      const drop = (): void => {
        window.removeEventListener('pointermove', move);
        window.removeEventListener('pointerup', drop);
        if (last) store(last, insert ? 'Added a bend point' : 'Moved a bend point');
      };
      window.addEventListener('pointermove', move);
      window.addEventListener('pointerup', drop);
    },
    [stored, store],
  );
  return { bends: shown ?? stored, pull, store };
}

interface BendHandlesProps {
  readonly edit: BendEdit;
  /** Which bend carries the label: that one is pulled by the label. */
  readonly labelIndex: number;
  /** Where the line leaves its source and meets its destination. */
  readonly ends: readonly [PositionDto, PositionDto];
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-GRID, 0], ArrowRight: [GRID, 0], ArrowUp: [0, -GRID], ArrowDown: [0, GRID] };
const place = ({ x, y }: PositionDto) => ({ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` });

/** Handles of a selected connection: pull a point, or one between two points to make a new one; arrows move, Delete removes. */
export function BendHandles({ edit, labelIndex, ends }: BendHandlesProps) {
  const { bends, pull, store } = edit;
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const step = STEPS[event.key];
    if (step) store(moveBend(bends, index, { x: bends[index]!.x + step[0], y: bends[index]!.y + step[1] }), 'Moved a bend point');
    else if (event.key === 'Delete' || event.key === 'Backspace') store(removeBend(bends, index), 'Removed a bend point');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <EdgeLabelRenderer>
      {bends.length > 0 &&
        segments([ends[0], ...bends, ends[1]]).map((middle, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a segment is known by its place.
            key={`new ${index}`}
            className="bend nodrag nopan"
            data-new
            aria-hidden="true"
            title="Pull to add a bend point"
            style={place(middle)}
            onPointerDown={(event) => pull(event, index, true)}
          />
        ))}
      {bends.map((bend, index) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a bend is known by its place.
          key={index}
          type="button"
          className="bend nodrag nopan"
          data-labelled={index === labelIndex || undefined}
          aria-label={`Bend point ${index + 1}: arrows move it, Delete removes it`}
          title="Pull to move; double-click or press Delete to remove"
          style={place(bend)}
          onPointerDown={(event) => pull(event, index, false)}
          onDoubleClick={() => store(removeBend(bends, index), 'Removed a bend point')}
          onKeyDown={(event) => onKeyDown(event, index)}
        />
      ))}
    </EdgeLabelRenderer>
  );
}
