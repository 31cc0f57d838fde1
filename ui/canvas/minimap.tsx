import { MiniMap } from '@xyflow/react';
import type { CanvasNode } from './view-model.ts';

/** Whether it runs is told on the small map too. */
function classOf({ type, data }: CanvasNode): string {
  if (type === 'group') return data.counts.invalid > 0 ? 'mini-invalid' : data.counts.running > 0 ? 'mini-running' : '';
  if (type === 'processor' || type === 'input-port' || type === 'output-port') return `mini-${data.state}`;
  return `mini-${type}`;
}

export function SmallMap() {
  return <MiniMap<CanvasNode> nodeClassName={classOf} pannable zoomable ariaLabel="Minimap" nodeBorderRadius={16} style={{ width: 176, height: 112 }} />;
}
