import { useReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { type Move, useEditor } from '../api/editor.ts';
import type { PlacedKind, PositionDto } from '../api/shapes.ts';
import type { Arrangement, CanvasView } from '../shared/canvas-view.ts';
import { arrange, type Placed } from './arrange.ts';
import { storedAt } from './sizes.ts';
import type { CanvasEdge, CanvasNode } from './view-model.ts';

type Arranging = Pick<CanvasView, 'arrange' | 'layOut'>;

const TITLES: Readonly<Record<Arrangement, string>> = {
  left: 'Aligned left',
  centre: 'Aligned centres',
  right: 'Aligned right',
  top: 'Aligned top',
  middle: 'Aligned middles',
  bottom: 'Aligned bottom',
  across: 'Distributed across',
  down: 'Distributed down',
};

const placedOf = ({ id, position, width = 0, height = 0 }: CanvasNode): Placed => ({ id, ...position, width, height });

export function useArranging(groupId: string): Arranging {
  const { getNodes, getEdges } = useReactFlow<CanvasNode, CanvasEdge>();
  const editor = useEditor();
  return useMemo(() => {
    const store = async (nodes: readonly CanvasNode[], places: ReadonlyMap<string, PositionDto>, label: string): Promise<void> => {
      const moves = nodes.flatMap(({ id, type, position }): Move[] => {
        const to = places.get(id);
        return to ? [{ kind: type as PlacedKind, id, from: storedAt(type as PlacedKind, position), to: storedAt(type as PlacedKind, to) }] : [];
      });
      if (moves.length > 0) await editor.move(groupId, moves, label);
    };
    const chosen = (ids: readonly string[]): CanvasNode[] => getNodes().filter(({ id }) => ids.includes(id));
    return {
      arrange: (ids, how) => store(chosen(ids), arrange(how, chosen(ids).map(placedOf)), TITLES[how]),
      layOut: async (ids) => {
        const nodes = (ids.length > 1 ? chosen(ids) : getNodes()).filter(({ type }) => type !== 'label');
        if (nodes.length === 0) return;
        const { layOut } = await import('./layout.ts');
        await store(nodes, layOut(nodes.map(placedOf), getEdges()), `Laid out ${nodes.length} components`);
      },
    };
  }, [groupId, editor, getNodes, getEdges]);
}
