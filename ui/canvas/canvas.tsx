import { Background, BackgroundVariant, type NodeChange, ReactFlow } from '@xyflow/react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { type Editor, useEditor } from '../api/editor.ts';
import type { FlowDto } from '../api/shapes.ts';
import { useSparklines } from '../api/sparklines.ts';
import { selectionStore } from '../shared/selection.ts';
import { useStore } from '../shared/store.ts';
import { type CanvasActions, CanvasActionsProvider } from './actions.ts';
import { ArrowHeads, ConnectionLine } from './connection-edge.tsx';
import { ZoomControls, ZoomLevel } from './controls.tsx';
import { DropZone } from './drop-zone.tsx';
import { farStore } from './far.ts';
import { type Focus, FocusOn } from './focus.tsx';
import { GroupCard } from './group-node.tsx';
import { KeepInView } from './keep-in-view.tsx';
import { SmallMap } from './minimap.tsx';
import { NothingHere } from './nothing-here.tsx';
import { withSelection } from './placement.ts';
import { ProcessorCard } from './processor-node.tsx';
import { FIT_PADDING, GRID, TOOLBAR } from './sizes.ts';
import { FunnelDot, LabelNote, PortPill } from './small-nodes.tsx';
import { useDragInto } from './use-drag-into.ts';
import { useGestures } from './use-gestures.ts';
import { useModel } from './use-model.ts';
import { usePlacement } from './use-placement.ts';
import { useSelectionChanges } from './use-selection-changes.ts';
import type { CanvasEdge, CanvasNode } from './view-model.ts';
import { useZooming, viewports } from './use-zooming.ts';
import { ViewForPage } from './view-for-page.tsx';
import { Wiring } from './wiring.tsx';
import './canvas.css';
import './nodes.css';
import './labels.css';
import './far.css';

const nodeTypes = { processor: ProcessorCard, group: GroupCard, 'input-port': PortPill, 'output-port': PortPill, funnel: FunnelDot, label: LabelNote };
const edgeTypes = { connection: ConnectionLine };
const ZOOM = { min: 0.1, max: 2 };
/** Above this many components only those in sight are drawn; from afar all, for then nothing has to be made while one zooms. */
const MANY = 150;
/** So few components need no map, unless it is asked for. */
const FEW = 12;
/** Above this many moving connections the dots stand still: drawing them would cost more than they tell. */
const MANY_MOVING = 120;

interface CanvasProps extends CanvasActions {
  readonly groupId: string;
  readonly flow: FlowDto;
  /** A component to begin at. */
  readonly focus?: Focus;
}

/** The canvas of one group. Give it the group's id as its key: another group is another canvas. */
export function Canvas({ groupId, flow, focus, ...given }: CanvasProps) {
  const container = useRef<HTMLDivElement>(null);
  const editor = useEditor();
  useSparklines(groupId);
  const { drag, ...drawing } = useDrawing(groupId, flow, editor);
  const { nodes, edges } = drawing;
  const [map, setMap] = useState(nodes.length > FEW);
  const { enterGroup, openQueue, openMenu, configure, dropFiles } = given;
  const actions = useMemo(
    () => ({ groupId, editor, enterGroup, openQueue, openMenu, configure, dropFiles }),
    [groupId, editor, enterGroup, openQueue, openMenu, configure, dropFiles],
  );
  const zooming = useZooming(groupId, container);
  const gestures = useGestures(actions, drag);
  const far = useStore(farStore);
  const isEmpty = nodes.length === 0;
  const [start] = useState(() => {
    // So many are seen from afar at first: nothing is drawn that would be taken away again at once.
    farStore.set(nodes.length > MANY && !viewports.has(groupId));
    return beginning(groupId, isEmpty);
  });
  const moving = edges.reduce((sum, { data }) => sum + (data?.movement === 'moving' ? 1 : 0), 0);
  return (
    <CanvasActionsProvider value={actions}>
      <div className="canvas" ref={container} data-still={moving > MANY_MOVING || undefined}>
        <ReactFlow<CanvasNode, CanvasEdge> {...start} {...BEHAVIOUR} {...drawing} {...gestures} {...zooming} onlyRenderVisibleElements={nodes.length > MANY && !far}>
          <Background variant={BackgroundVariant.Dots} gap={GRID * 3} size={1.5} />
          <ArrowHeads />
          <ZoomLevel container={container} />
          <FocusOn focus={focus} />
          <KeepInView />
          <Wiring />
          <ViewForPage groupId={groupId} container={container} onMap={setMap} />
          <DropZone container={container} onFiles={dropFiles} />
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
  // wiring.tsx draws connections, commands delete.
  nodesConnectable: false,
  deleteKeyCode: null,
  multiSelectionKeyCode: ['Shift', 'Meta', 'Control'] as string[],
  selectionKeyCode: 'Shift',
  elevateNodesOnSelect: false,
  zoomOnDoubleClick: false,
  attributionPosition: 'bottom-center',
  nodeDragThreshold: 2,
} as const;

function useDrawing(groupId: string, flow: FlowDto, editor: Editor) {
  const selection = useStore(selectionStore);
  const model = useModel(groupId, flow);
  const { nodes, onNodesChange: onMoves, forget } = usePlacement(groupId, model.nodes, selection);
  const edges = useMemo(() => withSelection(model.edges, selection), [model.edges, selection]);
  const onSelect = useSelectionChanges();
  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      onSelect(changes);
      onMoves(changes);
    },
    [onSelect, onMoves],
  );
  const drag = useDragInto({ groupId, flow, editor, forget });
  return { nodes, edges, onNodesChange, onEdgesChange: onSelect, drag };
}

/** What is seen first: where one left the group, else everything. Nothing stays where it is: else the first component would be fitted when it comes. */
function beginning(groupId: string, isEmpty: boolean) {
  const left = viewports.get(groupId) ?? (isEmpty ? { x: TOOLBAR, y: 40, zoom: 1 } : undefined);
  return left ? { defaultViewport: left } : { fitView: true, fitViewOptions: { padding: FIT_PADDING, maxZoom: 1 } };
}
