import type { Connectable } from '../../engine/connectable.ts';
import type { Connection } from '../../engine/connection.ts';
import type { Port } from '../../engine/port.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import type { Figures } from '../../engine/statistics.ts';
import { formatCount, formatDataSize, formatDuration, formatQueue } from '../format.ts';
import { JsonMemo } from '../raw-json.ts';
import { canRead, type EntityView, type RunStatus, shownName } from './common.ts';

export interface ProcessorStatusSnapshotDto {
  id: string;
  groupId: string;
  name: string;
  type: string;
  runStatus: RunStatus;
  executionNode: string;
  flowFilesIn: number;
  bytesIn: number;
  input: string;
  flowFilesOut: number;
  bytesOut: number;
  output: string;
  bytesRead: number;
  read: string;
  bytesWritten: number;
  written: string;
  taskCount: number;
  tasks: string;
  tasksDurationNanos: number;
  tasksDuration: string;
  activeThreadCount: number;
  terminatedThreadCount: number;
}

/** What the status of every kind of component says around its snapshot. */
export interface StatusDto<S> {
  id: string;
  groupId: string;
  name: string;
  statsLastRefreshed: string;
  aggregateSnapshot: S;
}

export interface ProcessorStatusDto extends StatusDto<ProcessorStatusSnapshotDto> {
  type: string;
  runStatus: RunStatus;
}

export interface PortStatusSnapshotDto {
  id: string;
  groupId: string;
  name: string;
  runStatus: RunStatus;
  transmitting: boolean;
  activeThreadCount: number;
  flowFilesIn: number;
  bytesIn: number;
  input: string;
  flowFilesOut: number;
  bytesOut: number;
  output: string;
}

export interface PortStatusDto extends StatusDto<PortStatusSnapshotDto> {
  runStatus: RunStatus;
  transmitting: boolean;
}

export interface ConnectionStatusSnapshotDto {
  id: string;
  groupId: string;
  name: string;
  sourceId: string;
  sourceName: string;
  destinationId: string;
  destinationName: string;
  flowFilesIn: number;
  bytesIn: number;
  input: string;
  flowFilesOut: number;
  bytesOut: number;
  output: string;
  flowFilesQueued: number;
  bytesQueued: number;
  queued: string;
  queuedCount: string;
  queuedSize: string;
  percentUseCount: number;
  percentUseBytes: number;
  flowFileAvailability: string;
  loadBalanceStatus: string;
}

export interface ConnectionStatusDto extends StatusDto<ConnectionStatusSnapshotDto> {
  sourceId: string;
  sourceName: string;
  destinationId: string;
  destinationName: string;
}

/** NiFi shows running and disabled ones as such; of the others, whether they could run. */
export function runStatusOf({ state, isValid }: Pick<ProcessorNode | Port, 'state' | 'isValid'>): RunStatus {
  if (state === 'RUNNING') return 'Running';
  if (state === 'DISABLED') return 'Disabled';
  return isValid ? 'Stopped' : 'Invalid';
}

/** In and out, as numbers and as text. */
function traffic({ flowFilesIn, bytesIn, flowFilesOut, bytesOut }: Figures) {
  return { flowFilesIn, bytesIn, input: formatQueue(flowFilesIn, bytesIn), flowFilesOut, bytesOut, output: formatQueue(flowFilesOut, bytesOut) };
}

const place = (node: Connectable, view: EntityView) => ({ id: node.id, groupId: node.group.id, name: shownName(node, view) });

/** The type of a processor; nothing but that it is one where the user may not read it (NiFi). */
const shownType = (node: ProcessorNode, view: EntityView): string => (canRead(node, view) ? node.runnable.type : 'Processor');

export function processorStatusSnapshot(node: ProcessorNode, view: EntityView): ProcessorStatusSnapshotDto {
  const figures = node.runnable.statistics.sum(view.now);
  return {
    ...place(node, view),
    type: shownType(node, view),
    runStatus: runStatusOf(node),
    executionNode: node.config.executionNode,
    ...traffic(figures),
    bytesRead: figures.bytesRead,
    read: formatDataSize(figures.bytesRead),
    bytesWritten: figures.bytesWritten,
    written: formatDataSize(figures.bytesWritten),
    taskCount: figures.tasks,
    tasks: formatCount(figures.tasks),
    tasksDurationNanos: Math.round(figures.taskMillis * 1e6),
    tasksDuration: formatDuration(figures.taskMillis),
    activeThreadCount: node.activeThreadCount,
    terminatedThreadCount: node.terminatedThreadCount,
  };
}

/** For who may read the component, and for who may not. */
const processors = [new JsonMemo<ProcessorNode>(), new JsonMemo<ProcessorNode>()];

/** As `processorStatus`, in JSON: see entityChunks. */
export function processorStatusJson(node: ProcessorNode, view: EntityView): Buffer {
  const { name, group, config, activeThreadCount, terminatedThreadCount } = node;
  const parts = [name, group, config, runStatusOf(node), activeThreadCount, terminatedThreadCount, ...Object.values(node.runnable.statistics.sum(view.now))];
  return processors[Number(canRead(node, view))]!.open(node, parts, () => ({ ...processorStatus(node, view), statsLastRefreshed: undefined }));
}

export function processorStatus(node: ProcessorNode, view: EntityView): ProcessorStatusDto {
  const aggregateSnapshot = processorStatusSnapshot(node, view);
  return { ...place(node, view), type: aggregateSnapshot.type, runStatus: aggregateSnapshot.runStatus, statsLastRefreshed: view.refreshed, aggregateSnapshot };
}

export function portStatusSnapshot(port: Port, view: EntityView): PortStatusSnapshotDto {
  const { activeThreadCount, runnable } = port;
  return { ...place(port, view), runStatus: runStatusOf(port), transmitting: false, activeThreadCount, ...traffic(runnable.statistics.sum(view.now)) };
}

export function portStatus(port: Port, view: EntityView): PortStatusDto {
  const aggregateSnapshot = portStatusSnapshot(port, view);
  return { ...place(port, view), runStatus: aggregateSnapshot.runStatus, transmitting: false, statsLastRefreshed: view.refreshed, aggregateSnapshot };
}

/** A connection without a name goes by its relationships. */
export function connectionName({ name, selectedRelationships }: Connection): string {
  return name !== '' ? name : selectedRelationships.join(', ');
}

const percent = (part: number, whole: number): number => (whole > 0 ? Math.floor((part * 100) / whole) : 0);

const ends = ({ source, destination }: Connection, view: EntityView) => ({
  sourceId: source.id,
  sourceName: shownName(source, view),
  destinationId: destination.id,
  destinationName: shownName(destination, view),
});

function availability({ queue }: Connection, now: number): string {
  if (queue.isEmpty) return 'ACTIVE_QUEUE_EMPTY';
  return queue.hasReady(now) ? 'FLOWFILE_AVAILABLE' : 'HEAD_OF_QUEUE_PENALIZED';
}

export function connectionStatusSnapshot(connection: Connection, view: EntityView): ConnectionStatusSnapshotDto {
  const { now } = view;
  const { queue, group } = connection;
  const { objectCount, byteCount } = connection.size;
  return {
    id: connection.id,
    groupId: group.id,
    name: canRead(connection, view) ? connectionName(connection) : connection.id,
    ...ends(connection, view),
    ...traffic(queue.statistics.sum(now)),
    flowFilesQueued: objectCount,
    bytesQueued: byteCount,
    queued: formatQueue(objectCount, byteCount),
    queuedCount: formatCount(objectCount),
    queuedSize: formatDataSize(byteCount),
    percentUseCount: percent(objectCount, queue.objectThreshold),
    percentUseBytes: percent(byteCount, queue.byteThreshold),
    flowFileAvailability: availability(connection, now),
    loadBalanceStatus: 'LOAD_BALANCE_NOT_CONFIGURED',
  };
}

export function connectionStatus(connection: Connection, view: EntityView): ConnectionStatusDto {
  const aggregateSnapshot = connectionStatusSnapshot(connection, view);
  return { id: connection.id, groupId: connection.group.id, name: aggregateSnapshot.name, ...ends(connection, view), statsLastRefreshed: view.refreshed, aggregateSnapshot };
}

/** By which of the ends the user may read. */
const connections = Array.from({ length: 4 }, () => new JsonMemo<Connection>());

/** As `connectionStatus`, in JSON: see entityChunks. */
export function connectionStatusJson(connection: Connection, view: EntityView): Buffer {
  const { queue, group, source, destination } = connection;
  const { objectCount, byteCount, objectThreshold, byteThreshold } = queue;
  const place = [connectionName(connection), group, source.id, source.name, destination.id, destination.name];
  const parts = [...place, objectCount, byteCount, objectThreshold, byteThreshold, availability(connection, view.now), ...Object.values(queue.statistics.sum(view.now))];
  return connections[Number(canRead(source, view)) + 2 * Number(canRead(destination, view))]!.open(connection, parts, () => ({
    ...connectionStatus(connection, view),
    statsLastRefreshed: undefined,
  }));
}
