import type { NodeChange } from '@xyflow/react';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Move as StoredMove, useEditor } from '../api/editor.ts';
import type { PlacedKind } from '../api/shapes.ts';
import { noticeFailed } from '../shared/notices.ts';
import type { Selection } from '../shared/selection.ts';
import { applyMoves, type Moves, NO_MOVES, unsettled, withPlacement } from './placement.ts';
import { applySizes, isResizing, NO_SIZES, withSizes } from './resizing.ts';
import { storedAt } from './sizes.ts';
import { useLatest } from './use-latest.ts';
import type { CanvasNode } from './view-model.ts';

/** Arrow keys move in many small steps: what is stored is where they end. */
const SETTLE_MILLIS = 250;

export interface Placement {
  readonly nodes: CanvasNode[];
  readonly onNodesChange: (changes: NodeChange<CanvasNode>[]) => void;
  /** Puts nodes back where they were before they were dragged. */
  readonly forget: (ids: readonly string[]) => void;
}

/** Lets nodes be moved: shown at once, stored when they come to rest, put back where the server refuses. */
export function usePlacement(groupId: string, drawn: readonly CanvasNode[], selection: Selection): Placement {
  const [moves, setMoves] = useState(NO_MOVES);
  const [sizes, setSizes] = useState(NO_SIZES);
  const latest = useLatest({ moves, drawn });
  const store = useStoreMoves(groupId, latest, setMoves);
  const open = useMemo(() => unsettled(moves, drawn), [moves, drawn]);
  const nodes = useMemo(() => withSizes(withPlacement(drawn, open, selection), sizes), [drawn, open, selection, sizes]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new answer has what was stored.
  useEffect(() => setSizes((before) => (before.size === 0 || isResizing(before) ? before : NO_SIZES)), [drawn]);
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const resized = changes.flatMap((change) => (change.type === 'dimensions' && change.resizing !== undefined ? [change.id] : []));
      if (resized.length > 0) return setSizes((before) => applySizes(before, changes, resized));
      const moved = changes.filter((change) => change.type === 'position');
      if (moved.length === 0) return;
      setMoves((before) => applyMoves(unsettled(before, latest.current.drawn), moved));
      store(moved.filter(({ dragging }) => !dragging).map(({ id }) => id));
    },
    [latest, store],
  );
  const forget = useCallback((ids: readonly string[]) => setMoves((before) => new Map([...before].filter(([id]) => !ids.includes(id)))), []);
  return { nodes, onNodesChange, forget };
}

interface Latest {
  readonly moves: Moves;
  readonly drawn: readonly CanvasNode[];
}

type Move = StoredMove & { readonly name?: string };
type ChangeMoves = (change: (moves: Moves) => Moves) => void;

/** Gathers what comes to rest, so that a selection that is dragged is one edit. */
function useStoreMoves(groupId: string, latest: RefObject<Latest>, setMoves: ChangeMoves): (ids: readonly string[]) => void {
  const editor = useEditor();
  const waiting = useRef(new Set<string>());
  const timer = useRef(0);
  return useCallback(
    (ids) => {
      for (const id of ids) waiting.current.add(id);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        const rested = [...waiting.current];
        waiting.current.clear();
        void storeMoves(rested, latest.current, (moves, label) => editor.move(groupId, moves, label), setMoves);
      }, SETTLE_MILLIS);
    },
    [editor, groupId, latest, setMoves],
  );
}

async function storeMoves(ids: readonly string[], { moves, drawn }: Latest, store: (moves: Move[], label: string) => Promise<ReadonlyMap<string, number>>, setMoves: ChangeMoves) {
  const nodes = new Map(drawn.map((node) => [node.id, node]));
  const targets = new Map(ids.flatMap((id) => (moves.get(id)?.dragging === false && nodes.has(id) ? [[id, moves.get(id)!]] : [])));
  // Another move meanwhile has its own end; this one then changes nothing.
  const settle = (versionOf: (id: string) => number | undefined): void =>
    setMoves((before) => {
      const after = new Map(before);
      for (const [id, target] of targets) {
        if (before.get(id) !== target) continue;
        const storedIn = versionOf(id);
        if (storedIn === undefined) after.delete(id);
        else after.set(id, { ...target, storedIn });
      }
      return after;
    });
  const moved = [...targets].flatMap(([id, { position }]): Move[] => {
    const { position: from, type, data } = nodes.get(id)!;
    if (position.x === from.x && position.y === from.y) return [];
    return [{ kind: type as PlacedKind, id, from: storedAt(type as PlacedKind, from), to: storedAt(type as PlacedKind, position), name: 'name' in data ? data.name : undefined }];
  });
  if (moved.length === 0) return settle(() => undefined);
  try {
    const versions = await store(moved, moved.length === 1 ? `Moved ${moved[0]!.name ?? 'a component'}` : `Moved ${moved.length} components`);
    settle((id) => versions.get(id));
  } catch (error) {
    settle(() => undefined);
    noticeFailed('The new position could not be stored.', error);
  }
}
