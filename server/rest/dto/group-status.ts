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

/** What goes on in a group and everything below it. */
export interface GroupTotals extends GroupCounts {
  /** Of its processors. */
  readonly figures: Figures;
  readonly into: Figures;
  readonly outOf: Figures;
  flowFilesQueued: number;
  bytesQueued: number;
  activeThreadCount: number;
  terminatedThreadCount: number;
}

const COUNTERS = { Running: 'runningCount', Stopped: 'stoppedCount', Invalid: 'invalidCount', Validating: 'invalidCount', Disabled: 'disabledCount' } as const;

/** Totals of a group, computed once for each answer. */
export function groupTotals(group: ProcessGroup, view: EntityView): GroupTotals {
  return remembered(view, 'totals', group, () => {
    const totals: GroupTotals = {
      figures: noFigures(),
      into: noFigures(),
      outOf: noFigures(),
      flowFilesQueued: 0,
      bytesQueued: 0,
      activeThreadCount: 0,
      terminatedThreadCount: 0,
      runningCount: 0,
      stoppedCount: 0,
      invalidCount: 0,
      disabledCount: 0,
    };
    addComponents(totals, group, view.now);
    for (const port of group.inputPorts.values()) addFigures(totals.into, port.runnable.statistics.sum(view.now));
    for (const port of group.outputPorts.values()) addFigures(totals.outOf, port.runnable.statistics.sum(view.now));
    for (const child of group.groups.values()) addTotals(totals, groupTotals(child, view));
    return totals;
  });
}

function addComponents(totals: GroupTotals, group: ProcessGroup, now: number): void {
  for (const processor of group.processors.values()) {
    addFigures(totals.figures, processor.runnable.statistics.sum(now));
    totals.activeThreadCount += processor.activeThreadCount;
    totals.terminatedThreadCount += processor.terminatedThreadCount;
    totals[COUNTERS[runStatusOf(processor)]]++;
  }
  for (const port of group.ports()) {
    totals.activeThreadCount += port.activeThreadCount;
    totals[COUNTERS[runStatusOf(port)]]++;
  }
  for (const { queue } of group.connections.values()) {
    totals.flowFilesQueued += queue.objectCount;
    totals.bytesQueued += queue.byteCount;
  }
}

const SUMS = ['flowFilesQueued', 'bytesQueued', 'activeThreadCount', 'terminatedThreadCount', 'runningCount', 'stoppedCount', 'invalidCount', 'disabledCount'] as const;

function addTotals(totals: GroupTotals, child: GroupTotals): void {
  addFigures(totals.figures, child.figures);
  for (const field of SUMS) totals[field] += child[field];
}

/** `depth`: how many levels of components are listed; 0 lists none. */
export function groupStatusSnapshot(group: ProcessGroup, view: EntityView, depth: number): GroupStatusSnapshotDto {
  const totals = groupTotals(group, view);
  const { figures, into, outOf, flowFilesQueued, bytesQueued } = totals;
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
    activeThreadCount: totals.activeThreadCount,
    terminatedThreadCount: totals.terminatedThreadCount,
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
