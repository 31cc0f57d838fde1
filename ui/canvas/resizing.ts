import type { NodeChange } from '@xyflow/react';
import type { PositionDto } from '../api/shapes.ts';
import type { CanvasNode, Size } from './view-model.ts';

/** How large a label is being made, until an answer has it. */
interface Resize {
  readonly size: Size;
  readonly position?: PositionDto;
  readonly resizing: boolean;
}

export type Sizes = ReadonlyMap<string, Resize>;

export const NO_SIZES: Sizes = new Map();

export function isResizing(sizes: Sizes): boolean {
  return [...sizes.values()].some(({ resizing }) => resizing);
}

/** The sizes after changes of the nodes that are being resized. */
export function applySizes(sizes: Sizes, changes: readonly NodeChange<CanvasNode>[], ids: readonly string[]): Sizes {
  const result = new Map(sizes);
  for (const change of changes) {
    if (!('id' in change) || !ids.includes(change.id)) continue;
    const before = result.get(change.id);
    if (change.type === 'dimensions') result.set(change.id, { ...before, size: change.dimensions ?? before!.size, resizing: change.resizing ?? false });
    else if (change.type === 'position' && change.position)
      result.set(change.id, { size: before?.size ?? { width: 0, height: 0 }, resizing: true, ...before, position: change.position });
  }
  return result;
}

export function withSizes(nodes: CanvasNode[], sizes: Sizes): CanvasNode[] {
  if (sizes.size === 0) return nodes;
  return nodes.map((node) => {
    const resize = sizes.get(node.id);
    if (!resize || resize.size.width === 0) return node;
    return { ...node, ...resize.size, measured: resize.size, position: resize.position ?? node.position } as CanvasNode;
  });
}
