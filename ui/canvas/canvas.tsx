import { Background, BackgroundVariant, type NodeChange, ReactFlow, type Viewport } from '@xyflow/react';
import { type MouseEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { FlowDto } from '../api/shapes.ts';
import { EmptyState } from '../shared/message.tsx';
import { selectionStore } from '../shared/selection.ts';
import { useStore } from '../shared/store.ts';
import { type CanvasActions, CanvasActionsProvider } from './actions.ts';
import { ArrowHeads, ConnectionLine } from './connection-edge.tsx';
import { ZoomControls, ZoomLevel } from './controls.tsx';
import { type Focus, FocusOn } from './focus.tsx';
import { GroupCard } from './group-node.tsx';
import { KeepInView } from './keep-in-view.tsx';
import { SmallMap } from './minimap.tsx';
import { withSelection } from './placement.ts';
import { ProcessorCard } from './processor-node.tsx';
import { GRID } from './sizes.ts';
import { FunnelDot, LabelNote, PortPill } from './small-nodes.tsx';
import { useEnter } from './use-enter.ts';
import { useModel } from './use-model.ts';
import { usePlacement } from './use-placement.ts';
import { useSelectionChanges } from './use-selection-changes.ts';
import type { CanvasEdge, CanvasNode } from './view-model.ts';
import './canvas.css';
import './nodes.css';
import './far.css';

const nodeTypes = { processor: ProcessorCard, group: GroupCard, 'input-port': PortPill, 'output-port': PortPill, funnel: FunnelDot, label: LabelNote };
const edgeTypes = { connection: ConnectionLine };
const ZOOM = { min: 0.1, max: 2 };
/** Above this many components only those in sight are drawn. */
const MANY = 150;
/** So few components need no map, unless it is asked for. */
const FEW = 12;
/** Above this many moving connections the dots stand still: drawing them would cost more than they tell. */
const MANY_MOVING = 120;

/** Where people were in each group, for when they come back. */
const viewports = new Map<string, Viewport>();

interface CanvasProps extends CanvasActions {
  readonly groupId: string;
  readonly flow: FlowDto;
  /** A component to begin at. */
  readonly focus?: Focus;
}

/** The canvas of one group. Give it the group's id as its key: another group is another canvas. */
export function Canvas({ groupId, flow, focus, enterGroup, openQueue, configure }: CanvasProps) {
  const container = useRef<HTMLDivElement>(null);
  const { nodes, edges, onNodesChange, onEdgesChange } = useDrawing(groupId, flow);
  const [map, setMap] = useState(nodes.length > FEW);
  const actions = useMemo(() => ({ enterGroup, openQueue, configure }), [enterGroup, openQueue, configure]);
  const gestures = useGestures(groupId, actions);
  const onKeyDown = useEnter(flow, enterGroup, configure);
  const isEmpty = nodes.length === 0;
  const moving = edges.reduce((sum, { data }) => sum + (data?.movement === 'moving' ? 1 : 0), 0);
  return (
    <CanvasActionsProvider value={actions}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: listens for keys of the components inside, which have roles of their own. */}
      <div className="canvas" ref={container} data-still={moving > MANY_MOVING || undefined} onKeyDown={onKeyDown}>
        <ReactFlow<CanvasNode, CanvasEdge>
          {...beginning(groupId)}
          {...BEHAVIOUR}
          nodes={nodes}
          edges={edges}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          {...gestures}
          onlyRenderVisibleElements={nodes.length > MANY}
        >
          <Background variant={BackgroundVariant.Dots} gap={GRID * 3} size={1.5} />
          <ArrowHeads />
          <ZoomLevel container={container} />
          <FocusOn focus={focus} />
          <KeepInView />
          <ZoomControls map={map} onMap={setMap} />
          {map && <SmallMap />}
        </ReactFlow>
        {isEmpty && <NothingHere />}
      </div>
    </CanvasActionsProvider>
  );
}

const BEHAVIOUR = {
  nodeTypes,
  edgeTypes,
  minZoom: ZOOM.min,
  maxZoom: ZOOM.max,
  snapToGrid: true,
  snapGrid: [GRID, GRID] as [number, number],
  // Wiring and deleting come with the editor.
  nodesConnectable: false,
  deleteKeyCode: null,
  zoomOnDoubleClick: false,
  attributionPosition: 'bottom-center',
  nodeDragThreshold: 2,
} as const;

/** The same functions at each drawing, so that React Flow has nothing to take over. */
function useGestures(groupId: string, { enterGroup, openQueue, configure }: CanvasActions) {
  return useMemo(
    () => ({
      onNodeDoubleClick: (_event: MouseEvent, { type, id }: CanvasNode) => {
        if (type === 'group') enterGroup(id);
        else if (type !== 'funnel') configure(type, id);
      },
      onEdgeDoubleClick: (_event: MouseEvent, { id }: CanvasEdge) => openQueue(id),
      onMoveEnd: (_event: unknown, viewport: Viewport) => {
        viewports.set(groupId, viewport);
      },
    }),
    [groupId, enterGroup, openQueue, configure],
  );
}

function useDrawing(groupId: string, flow: FlowDto) {
  const selection = useStore(selectionStore);
  const model = useModel(groupId, flow);
  const { nodes, onNodesChange: onMoves } = usePlacement(groupId, model.nodes, selection);
  const edges = useMemo(() => withSelection(model.edges, selection), [model.edges, selection]);
  const onSelect = useSelectionChanges();
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      onSelect(changes);
      onMoves(changes);
    },
    [onSelect, onMoves],
  );
  return { nodes, edges, onNodesChange, onEdgesChange: onSelect };
}

/** What is seen first: where one left the group, else everything. */
function beginning(groupId: string) {
  const left = viewports.get(groupId);
  return left ? { defaultViewport: left } : { fitView: true, fitViewOptions: { padding: 0.15, maxZoom: 1 } };
}

function NothingHere() {
  return (
    <div className="canvas-empty">
      <EmptyState icon="group" title="This group is empty">
        Import a flow definition through the REST API to see it here. Drawing flows by hand comes with the editor.
      </EmptyState>
    </div>
  );
}
