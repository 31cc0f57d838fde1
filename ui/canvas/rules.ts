import type { CanvasNode } from './view-model.ts';

/** Whether a connection of the group on the canvas may lead away from a component. */
export function canLead({ type }: Pick<CanvasNode, 'type'>): boolean {
  return type !== 'label' && type !== 'output-port';
}

/** Whether one may lead to it: not to sources, nor to the ports through which data comes in. */
export function canReceive(node: Pick<CanvasNode, 'type' | 'data'>): boolean {
  if (node.type === 'label' || node.type === 'input-port') return false;
  return !(node.type === 'processor' && 'takesInput' in node.data && !node.data.takesInput);
}
