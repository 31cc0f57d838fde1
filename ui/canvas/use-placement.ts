import type { NodeChange } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useMove } from '../api/position.ts';
import type { PlacedKind } from '../api/shapes.ts';
import { noticeFailed } from '../shared/notices.ts';
import type { Selection } from '../shared/selection.ts';
import { applyMoves, type Moves, NO_MOVES, unsettled, withPlacement } from './placement.ts';
import { storedAt } from './sizes.ts';
import type { CanvasNode } from './view-model.ts';

/** Arrow keys move in many small steps: what is stored is where they end. */
const SETTLE_MILLIS = 250;

export interface Placement {
  readonly nodes: CanvasNode[];
  readonly onNodesChange: (changes: NodeChange<CanvasNode>[]) => void;
}

/** Lets nodes be moved: shown at once, stored when they come to rest, put back where the server refuses. */
export function usePlacement(groupId: string, drawn: readonly CanvasNode[], selection: Selection): Placement {
  const [moves, setMoves] = useState(NO_MOVES);
  const latest = useLatest({ moves, drawn });
  const store = useStoreMoves(groupId, latest, setMoves);
  const open = useMemo(() => unsettled(moves, drawn), [moves, drawn]);
  const nodes = useMemo(() => withPlacement(drawn, open, selection), [drawn, open, selection]);
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const moved = changes.filter((change) => change.type === 'position');
      if (moved.length === 0) return;
      setMoves((before) => applyMoves(unsettled(before, latest.current.drawn), moved));
      store(moved.filter(({ dragging }) => !dragging).map(({ id }) => id));
    },
    [latest, store],
  );
  return { nodes, onNodesChange };
}

function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}

interface Latest {
  readonly moves: Moves;
  readonly drawn: readonly CanvasNode[];
}

type ChangeMoves = (change: (moves: Moves) => Moves) => void;

function useStoreMoves(groupId: string, latest: RefObject<Latest>, setMoves: ChangeMoves): (ids: readonly string[]) => void {
  const move = useMove(groupId);
  const waiting = useRef(new Map<string, number>());
  return useCallback(
    (ids) => {
      for (const id of ids) {
        clearTimeout(waiting.current.get(id));
        waiting.current.set(
          id,
          window.setTimeout(() => void storeOne(id, latest.current, move, setMoves), SETTLE_MILLIS),
        );
      }
    },
    [latest, move, setMoves],
  );
}

async function storeOne(id: string, { moves, drawn }: Latest, move: ReturnType<typeof useMove>, setMoves: ChangeMoves): Promise<void> {
  const [node, target] = [drawn.find((each) => each.id === id), moves.get(id)];
  if (!node || !target || target.dragging) return;
  // Another move meanwhile has its own end; this one then changes nothing.
  const settle = (change: (moves: Map<string, typeof target>) => void) =>
    setMoves((before) => {
      if (before.get(id) !== target) return before;
      const after = new Map(before);
      change(after);
      return after;
    });
  const { x, y } = target.position;
  if (x === node.position.x && y === node.position.y) return settle((after) => after.delete(id));
  try {
    const kind = node.type as PlacedKind;
    const storedIn = await move(kind, id, storedAt(kind, { x, y }));
    settle((after) => after.set(id, { ...target, storedIn }));
  } catch (error) {
    settle((after) => after.delete(id));
    noticeFailed('The new position could not be stored.', error);
  }
}
