import { Position } from '@xyflow/react';
import type {
  BulletinEntity,
  ConnectionEntity,
  FlowDto,
  FunnelEntity,
  LabelEntity,
  PlacedKind,
  PortEntity,
  PositionDto,
  ProcessGroupEntity,
  ProcessorEntity,
} from '../api/shapes.ts';
import { runStateOf } from '../shared/run-state.ts';
import { shortType } from '../shared/format.ts';
import { lanes } from './lanes.ts';
import { drawnAt, SIZES } from './sizes.ts';
import type { BulletinSummary, CanvasEdge, CanvasModel, CanvasNode, FunnelView, GroupView, LabelView, Movement, PortView, ProcessorView, Size } from './view-model.ts';

/** An entity that is the same object as before is drawn as before: of a thousand a few change at a time. */
function once<E extends object, R>(make: (entity: E) => R): (entity: E) => R {
  const made = new WeakMap<E, R>();
  return (entity) => {
    const known = made.get(entity) ?? make(entity);
    made.set(entity, known);
    return known;
  };
}

const processGroupNode = once((entity: ProcessGroupEntity) => node('group', entity, groupView(entity), `Process group ${entity.component.name}`));
const processorNode = once((entity: ProcessorEntity) => node('processor', entity, processorView(entity), `Processor ${entity.component.name}, ${entity.status.runStatus}`));
const inputPortNode = once((entity: PortEntity) => node('input-port', entity, portView(entity), `Input port ${entity.component.name}, ${entity.status.runStatus}`));
const outputPortNode = once((entity: PortEntity) => node('output-port', entity, portView(entity), `Output port ${entity.component.name}, ${entity.status.runStatus}`));
const funnelNode = once((entity: FunnelEntity) => node('funnel', entity, placed(entity), 'Funnel'));
const noteNode = once(labelNode);

/** Turns what the API says of a group into what React Flow draws. Pure: the same answer gives an equal drawing. */
export function mapFlow(groupId: string, flow: FlowDto, movement: (connectionId: string) => Movement): CanvasModel {
  const nodes: CanvasNode[] = [
    // Labels first: they lie under everything else.
    ...[...flow.labels].sort((a, b) => a.getzIndex - b.getzIndex).map(noteNode),
    ...flow.processGroups.map(processGroupNode),
    ...flow.processors.map(processorNode),
    ...flow.inputPorts.map(inputPortNode),
    ...flow.outputPorts.map(outputPortNode),
    ...flow.funnels.map(funnelNode),
  ];
  const sizes = new Map<string, Size>(nodes.map(({ id, measured }) => [id, measured as Size]));
  const edges = flow.connections.flatMap((entity) => knownEdge(groupId, entity, movement(entity.id), sizes) ?? []);
  return { nodes, edges: lanes(edges) };
}

interface PlacedEntity {
  readonly id: string;
  readonly revision: { readonly version: number };
  readonly position?: PositionDto;
  readonly bulletins?: readonly BulletinEntity[];
  readonly component: { readonly position: PositionDto };
}

type DataOf<K extends PlacedKind> = {
  processor: ProcessorView;
  group: GroupView;
  'input-port': PortView;
  'output-port': PortView;
  funnel: FunnelView;
  label: LabelView;
}[K];

function node<K extends Exclude<PlacedKind, 'label'>>(kind: K, entity: PlacedEntity, data: DataOf<K>, ariaLabel: string): CanvasNode {
  return shape(kind, entity, data, ariaLabel, SIZES[kind]);
}

/**
 * Sizes and handles are told in advance, so that nothing has to be measured before the first drawing. Connections run from the
 * middle of a node to the middle of another; geometry.ts cuts them where they leave it.
 */
function shape<K extends PlacedKind>(kind: K, { id, position, component }: PlacedEntity, data: DataOf<K>, ariaLabel: string, size: Size): CanvasNode {
  const centre = { x: size.width / 2, y: size.height / 2, width: 0, height: 0, position: Position.Bottom };
  const handles =
    kind === 'label'
      ? []
      : [
          { ...centre, type: 'source' as const },
          { ...centre, type: 'target' as const },
        ];
  return { id, type: kind, position: drawnAt(kind, position ?? component.position), data, ariaLabel, ...size, measured: { ...size }, handles } as CanvasNode;
}

const placed = ({ revision, bulletins = [] }: Pick<PlacedEntity, 'revision' | 'bulletins'>) => ({ version: revision.version, bulletins: bulletinSummary(bulletins) });

const traffic = (count: number, bytes: number) => ({ count, bytes });

function processorView(entity: ProcessorEntity): ProcessorView {
  const { component, status, physicalState } = entity;
  const { aggregateSnapshot: figures } = status;
  return {
    ...placed(entity),
    name: component.name,
    type: shortType(component.type),
    state: runStateOf({ runStatus: status.runStatus, physicalState, activeThreadCount: figures.activeThreadCount }),
    threads: figures.activeThreadCount,
    problems: component.validationErrors ?? [],
    input: traffic(figures.flowFilesIn, figures.bytesIn),
    output: traffic(figures.flowFilesOut, figures.bytesOut),
    tasks: figures.taskCount,
    taskMillis: Math.round(figures.tasksDurationNanos / 1e6),
    takesInput: entity.inputRequirement !== 'INPUT_FORBIDDEN',
    colour: component.style['background-color'] || undefined,
  };
}

function groupView(entity: ProcessGroupEntity): GroupView {
  const { component, status, runningCount, stoppedCount, invalidCount, disabledCount } = entity;
  const { aggregateSnapshot: figures } = status;
  return {
    ...placed(entity),
    name: component.name,
    comments: component.comments,
    counts: { running: runningCount, stopped: stoppedCount, invalid: invalidCount, disabled: disabledCount },
    threads: figures.activeThreadCount,
    queued: traffic(figures.flowFilesQueued, figures.bytesQueued),
    input: traffic(figures.flowFilesIn, figures.bytesIn),
    output: traffic(figures.flowFilesOut, figures.bytesOut),
    read: figures.bytesRead,
    written: figures.bytesWritten,
  };
}

function portView(entity: PortEntity): PortView {
  const { component, status } = entity;
  const { activeThreadCount } = status.aggregateSnapshot;
  return {
    ...placed(entity),
    name: component.name,
    state: runStateOf({ runStatus: status.runStatus, activeThreadCount }),
    threads: activeThreadCount,
    problems: component.validationErrors ?? [],
  };
}

function labelNode(entity: LabelEntity): CanvasNode {
  const { label: text, style } = entity.component;
  const { width, height } = entity.dimensions;
  const data = { ...placed(entity), text, background: style['background-color'], fontSize: style['font-size'] };
  return { ...shape('label', entity, data, `Label ${text}`, { width, height }), zIndex: -1 } as CanvasNode;
}

const LEVELS = ['INFO', 'WARNING', 'ERROR'] as const;

/** Undefined where there are none. */
export function bulletinSummary(bulletins: readonly BulletinEntity[]): BulletinSummary | undefined {
  const latest = bulletins.reduce<BulletinEntity | undefined>((newest, one) => (newest && newest.id > one.id ? newest : one), undefined);
  if (!latest) return undefined;
  const worst = Math.max(0, ...bulletins.map(({ bulletin }) => LEVELS.indexOf(bulletin.level.toUpperCase() as (typeof LEVELS)[number])));
  return { count: bulletins.length, level: LEVELS[worst]!, latest: latest.bulletin.message };
}

/** An end that lies in a group below is drawn at that group. */
const end = (groupId: string, componentId: string, itsGroupId: string): string => (itsGroupId === groupId ? componentId : itsGroupId);

interface KnownEdge {
  readonly groupId: string;
  readonly movement: Movement;
  readonly edge: CanvasEdge;
}

const knownEdges = new WeakMap<ConnectionEntity, KnownEdge>();

/** As `edge`, made once for each entity and movement, as long as its ends are there: only labels change their size, and nothing leads to them. */
function knownEdge(groupId: string, entity: ConnectionEntity, movement: Movement, sizes: ReadonlyMap<string, Size>): CanvasEdge | undefined {
  const known = knownEdges.get(entity);
  const { source, target } = known?.edge ?? {};
  const holds = known && known.groupId === groupId && known.movement === movement && sizes.has(source!) && sizes.has(target!);
  if (holds) return known.edge;
  const made = edge(groupId, entity, movement, sizes);
  if (made) knownEdges.set(entity, { groupId, movement, edge: made });
  return made;
}

/** Undefined where an end is missing in the answer. */
function edge(groupId: string, entity: ConnectionEntity, movement: Movement, sizes: ReadonlyMap<string, Size>): CanvasEdge | undefined {
  const { id, component, status, bends, labelIndex } = entity;
  const { flowFilesQueued, bytesQueued, percentUseCount, percentUseBytes, flowFileAvailability } = status.aggregateSnapshot;
  const name = component.name || component.selectedRelationships.join(', ');
  const [source, target] = [end(groupId, entity.sourceId, entity.sourceGroupId), end(groupId, entity.destinationId, entity.destinationGroupId)];
  const [from, to] = [sizes.get(source), sizes.get(target)];
  if (!from || !to) return undefined;
  return {
    id,
    type: 'connection',
    source,
    target,
    ariaLabel: `Connection ${name} from ${component.source.name} to ${component.destination.name}`,
    data: {
      name,
      relationships: component.selectedRelationships,
      queued: traffic(flowFilesQueued, bytesQueued),
      percent: Math.max(percentUseCount, percentUseBytes),
      penalized: flowFileAvailability === 'HEAD_OF_QUEUE_PENALIZED',
      expires: /[1-9]/.test(component.flowFileExpiration),
      prioritized: component.prioritizers.length > 0,
      movement,
      bends: bends ?? [],
      labelIndex,
      lane: 0,
      sizes: { source: from, target: to },
    },
  };
}
