import '@xyflow/react/dist/style.css';
import { type Edge, type Node, ReactFlow } from '@xyflow/react';
import { createRoot } from 'react-dom/client';

/** React Flow with nothing of ours: the yardstick of the canvas bench. Sizes come by the URL: `?nodes=500&edges=700`. */
const size = new URLSearchParams(window.location.search);
const [many, links] = [Number(size.get('nodes')), Number(size.get('edges'))];
const defaultNodes: Node[] = Array.from({ length: many }, (_, index) => ({
  id: String(index),
  position: { x: (index % 25) * 400, y: Math.floor(index / 25) * 240 },
  data: { label: `Node ${index}` },
}));
const defaultEdges: Edge[] = Array.from({ length: links }, (_, index) => ({
  id: `e${index}`,
  source: String(index % many),
  target: String((index % many) + (index < many ? 25 : 26)),
}));
createRoot(document.getElementById('root')!).render(<ReactFlow defaultNodes={defaultNodes} defaultEdges={defaultEdges} fitView minZoom={0.05} />);
