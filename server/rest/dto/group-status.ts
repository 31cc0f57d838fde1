import type { Component } from '../../engine/component.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import { addFigures, type Figures, noFigures } from '../../engine/statistics.ts';
import { versionedFlowState } from './version-control.ts';
import { formatCount, formatDataSize, formatQueue } from '../format.ts';
import { canRead, type EntityView, remembered, shownName } from './common.ts';
import {
  type ConnectionStatusSnapshotDto,
  connectionStatusSnapshot,
  type PortStatusSnapshotDto,
  portStatusSnapshot,
  type ProcessorStatusSnapshotDto,
  processorStatusSnapshot,
  runStatusOf,
} from './status.ts';

interface SnapshotEntity {
  id: string;
  canRead: boolean;
}

export interface GroupStatusSnapshotDto {
  id: string;
  name: string;
  flowFilesIn: number;
  bytesIn: number;
  input: string;
  flowFilesOut: number;
  bytesOut: number;
  output: string;
  flowFilesTransferred: number;
  bytesTransferred: number;
  transferred: string;
  flowFilesQueued: number;
  bytesQueued: number;
  queued: string;
  queuedCount: string;
  queuedSize: string;
  bytesRead: number;
  read: string;
  bytesWritten: number;
  written: string;
  flowFilesReceived: number;
  bytesReceived: number;
  received: string;
  flowFilesSent: number;
  bytesSent: number;
  sent: string;
  activeThreadCount: number;
  terminatedThreadCount: number;
  statelessActiveThreadCount: number;
  versionedFlowState?: string;
  processingNanos: number;
  connectionStatusSnapshots?: (SnapshotEntity & { connectionStatusSnapshot: ConnectionStatusSnapshotDto })[];
  processorStatusSnapshots?: (SnapshotEntity & { processorStatusSnapshot: ProcessorStatusSnapshotDto })[];
  processGroupStatusSnapshots?: (SnapshotEntity & { processGroupStatusSnapshot: GroupStatusSnapshotDto })[];
  inputPortStatusSnapshots?: (SnapshotEntity & { portStatusSnapshot: PortStatusSnapshotDto })[];
  outputPortStatusSnapshots?: (SnapshotEntity & { portStatusSnapshot: PortStatusSnapshotDto })[];
  remoteProcessGroupStatusSnapshots?: never[];
}

export interface GroupStatusDto {
  id: string;
  name: string;
  statsLastRefreshed: string;
  aggregateSnapshot: GroupStatusSnapshotDto;
}

/** How many components of a group and below are in which state. */
export interface GroupCounts {
  runningCount: number;
  stoppedCount: number;
  invalidCount: number;
  disabledCount: number;
}

/** What waits and works in a group and everything below it, and in which states its components are. */
export interface GroupLoad extends GroupCounts {
  flowFilesQueued: number;
  bytesQueued: number;
  activeThreadCount: number;
  terminatedThreadCount: number;
}

interface GroupFigures {
  /** Of all processors of a group and below. */
  readonly figures: Figures;
  /** Of its own ports. */
  readonly into: Figures;
  readonly outOf: Figures;
}

const COUNTERS = { Running: 'runningCount', Stopped: 'stoppedCount', Invalid: 'invalidCount', Validating: 'invalidCount', Disabled: 'disabledCount' } as const;
const SUMS = ['flowFilesQueued', 'bytesQueued', 'activeThreadCount', 'terminatedThreadCount', 'runningCount', 'stoppedCount', 'invalidCount', 'disabledCount'] as const;

/** Computed once for each answer. Without figures, whose sums cost most: every client asks for the status of the whole flow every few seconds. */
export function groupLoad(group: ProcessGroup, view: EntityView): GroupLoad {
  return remembered(view, 'load', group, () => {
    const load: GroupLoad = {
      flowFilesQueued: 0,
      bytesQueued: 0,
      activeThreadCount: 0,
      terminatedThreadCount: 0,
      runningCount: 0,
      stoppedCount: 0,
      invalidCount: 0,
      disabledCount: 0,
    };
    addComponents(load, group);
    for (const child of group.groups.values()) {
      const below = groupLoad(child, view);
      for (const field of SUMS) load[field] += below[field];
    }
    return load;
  });
}

function addComponents(load: GroupLoad, group: ProcessGroup): void {
  for (const processor of group.processors.values()) {
    load.activeThreadCount += processor.activeThreadCount;
    load.terminatedThreadCount += processor.terminatedThreadCount;
    load[COUNTERS[runStatusOf(processor)]]++;
  }
  for (const port of group.ports()) {
    load.activeThreadCount += port.activeThreadCount;
    load[COUNTERS[runStatusOf(port)]]++;
  }
  for (const { queue } of group.connections.values()) {
    load.flowFilesQueued += queue.objectCount;
    load.bytesQueued += queue.byteCount;
  }
}

function groupFigures(group: ProcessGroup, view: EntityView): GroupFigures {
  return remembered(view, 'figures', group, () => {
    const sums: GroupFigures = { figures: noFigures(), into: noFigures(), outOf: noFigures() };
    for (const processor of group.processors.values()) addFigures(sums.figures, processor.runnable.statistics.sum(view.now));
    for (const port of group.inputPorts.values()) addFigures(sums.into, port.runnable.statistics.sum(view.now));
    for (const port of group.outputPorts.values()) addFigures(sums.outOf, port.runnable.statistics.sum(view.now));
    for (const child of group.groups.values()) addFigures(sums.figures, groupFigures(child, view).figures);
    return sums;
  });
}

/** `depth`: how many levels of components are listed; 0 lists none. */
export function groupStatusSnapshot(group: ProcessGroup, view: EntityView, depth: number): GroupStatusSnapshotDto {
  const { figures, into, outOf } = groupFigures(group, view);
  const { flowFilesQueued, bytesQueued, activeThreadCount, terminatedThreadCount } = groupLoad(group, view);
  return {
    id: group.id,
    name: shownName(group, view),
    flowFilesIn: into.flowFilesIn,
    bytesIn: into.bytesIn,
    input: formatQueue(into.flowFilesIn, into.bytesIn),
    flowFilesOut: outOf.flowFilesOut,
    bytesOut: outOf.bytesOut,
    output: formatQueue(outOf.flowFilesOut, outOf.bytesOut),
    flowFilesTransferred: 0,
    bytesTransferred: 0,
    transferred: formatQueue(0, 0),
    flowFilesQueued,
    bytesQueued,
    queued: formatQueue(flowFilesQueued, bytesQueued),
    queuedCount: formatCount(flowFilesQueued),
    queuedSize: formatDataSize(bytesQueued),
    bytesRead: figures.bytesRead,
    read: formatDataSize(figures.bytesRead),
    bytesWritten: figures.bytesWritten,
    written: formatDataSize(figures.bytesWritten),
    flowFilesReceived: figures.flowFilesReceived,
    bytesReceived: figures.bytesReceived,
    received: formatQueue(figures.flowFilesReceived, figures.bytesReceived),
    flowFilesSent: figures.flowFilesSent,
    bytesSent: figures.bytesSent,
    sent: formatQueue(figures.flowFilesSent, figures.bytesSent),
    activeThreadCount,
    terminatedThreadCount,
    statelessActiveThreadCount: 0,
    versionedFlowState: versionedFlowState(group, view),
    processingNanos: Math.round(figures.taskMillis * 1e6),
    ...(depth > 0 ? memberSnapshots(group, view, depth) : {}),
  };
}

function memberSnapshots(group: ProcessGroup, view: EntityView, depth: number) {
  const each = <N extends Component, K extends string, S>(nodes: Iterable<N>, key: K, snapshot: (node: N) => S) =>
    [...nodes].map((node) => ({ id: node.id, canRead: canRead(node, view), [key]: snapshot(node) }) as SnapshotEntity & Record<K, S>);
  return {
    connectionStatusSnapshots: each(group.connections.values(), 'connectionStatusSnapshot', (node) => connectionStatusSnapshot(node, view)),
    processorStatusSnapshots: each(group.processors.values(), 'processorStatusSnapshot', (node) => processorStatusSnapshot(node, view)),
    processGroupStatusSnapshots: each(group.groups.values(), 'processGroupStatusSnapshot', (node) => groupStatusSnapshot(node, view, depth - 1)),
    inputPortStatusSnapshots: each(group.inputPorts.values(), 'portStatusSnapshot', (node) => portStatusSnapshot(node, view)),
    outputPortStatusSnapshots: each(group.outputPorts.values(), 'portStatusSnapshot', (node) => portStatusSnapshot(node, view)),
    remoteProcessGroupStatusSnapshots: [],
  };
}

export function groupStatus(group: ProcessGroup, view: EntityView, depth = 0): GroupStatusDto {
  return { id: group.id, name: shownName(group, view), statsLastRefreshed: view.refreshed, aggregateSnapshot: groupStatusSnapshot(group, view, depth) };
}
