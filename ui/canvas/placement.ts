import type { NodeChange } from '@xyflow/react';
import type { PositionDto } from '../api/shapes.ts';
import type { Selection } from '../shared/selection.ts';
import type { CanvasEdge, CanvasNode } from './view-model.ts';

/** Where the user has put a node. It holds until the server's answer contains it. */
export interface Move {
  readonly position: PositionDto;
  readonly dragging: boolean;
  /** The revision that stored it, once it is stored. */
  readonly storedIn?: number;
}

export type Moves = ReadonlyMap<string, Move>;

export const NO_MOVES: Moves = new Map();

/** The moves after changes that React Flow reports. */
export function applyMoves(moves: Moves, changes: readonly NodeChange<CanvasNode>[]): Moves {
  const result = new Map(moves);
  for (const change of changes) {
    if (change.type === 'position' && change.position) result.set(change.id, { position: change.position, dragging: change.dragging ?? false });
  }
  return result;
}

/** Those of the moves that answers do not contain yet. A node that is gone needs none. */
export function unsettled(moves: Moves, nodes: readonly CanvasNode[]): Moves {
  if (moves.size === 0) return moves;
  const versions = new Map(nodes.map(({ id, data }) => [id, data.version]));
  const open = [...moves].filter(([id, { storedIn }]) => versions.has(id) && (storedIn === undefined || versions.get(id)! < storedIn));
  return open.length === moves.size ? moves : new Map(open);
}

/** Nodes as they are shown: where the user has put them, and selected or not. */
export function withPlacement(nodes: readonly CanvasNode[], moves: Moves, selection: Selection): CanvasNode[] {
  const chosen = new Set(selection);
  return nodes.map((node) => {
    const move = moves.get(node.id);
    const selected = chosen.has(node.id);
    if (!move && !selected) return node;
    return { ...node, selected, ...(move && { position: move.position, dragging: move.dragging }) };
  });
}

export function withSelection(edges: readonly CanvasEdge[], selection: Selection): CanvasEdge[] {
  const chosen = new Set(selection);
  return edges.map((edge) => (chosen.has(edge.id) ? { ...edge, selected: true } : edge));
}
