import type { BulletinReport, ConnectionReport, FlowView, GroupReport, ProcessorReport } from '../extension/flow-view.ts';
import type { BulletinBoard } from './bulletins.ts';
import type { Clock } from './clock.ts';
import { simpleName } from './component-types.ts';
import type { Connection } from './connection.ts';
import type { ProcessGroup } from './process-group.ts';
import type { ProcessorNode } from './processor-node.ts';
import { addFigures, type Figures, noFigures } from './statistics.ts';

/** The flow as reporting tasks may look at it. */
export class FlowReport implements FlowView {
  readonly #root: ProcessGroup;
  readonly #bulletins: BulletinBoard;
  readonly #clock: Clock;

  constructor(root: ProcessGroup, bulletins: BulletinBoard, clock: Clock) {
    this.#root = root;
    this.#bulletins = bulletins;
    this.#clock = clock;
  }

  status(): GroupReport {
    return groupReport(this.#root, this.#clock.now());
  }

  bulletins(after?: number): BulletinReport[] {
    return this.#bulletins.find({ after }).map(({ id, time, level, message, source }) => ({ id, time, level, message, sourceName: source?.name }));
  }
}

const flowed = ({ flowFilesIn, bytesIn, flowFilesOut, bytesOut, bytesRead, bytesWritten }: Figures) => ({ flowFilesIn, bytesIn, flowFilesOut, bytesOut, bytesRead, bytesWritten });

function groupReport(group: ProcessGroup, now: number): GroupReport {
  const groups = [...group.groups.values()].map((child) => groupReport(child, now));
  const processors = [...group.processors.values()].map((node) => processorReport(node, now));
  const connections = [...group.connections.values()].map((connection) => connectionReport(connection, now));
  const own = figuresOf(group, now);
  const through = (ports: ProcessGroup['inputPorts']): Figures => [...ports.values()].reduce((sum, { runnable }) => addFigures(sum, runnable.statistics.sum(now)), noFigures());
  const [into, outOf] = [through(group.inputPorts), through(group.outputPorts)];
  const total = (ofGroup: (report: GroupReport) => number, first: number): number => groups.reduce((sum, each) => sum + ofGroup(each), first);
  const queued = (of: (connection: ConnectionReport) => number): number => connections.reduce((sum, each) => sum + of(each), 0);
  const threads = [...group.processors.values(), ...group.ports()].reduce((sum, { activeThreadCount }) => sum + activeThreadCount, 0);
  return {
    id: group.id,
    parentId: group.group?.id ?? null,
    name: group.name,
    flowFilesIn: into.flowFilesIn,
    bytesIn: into.bytesIn,
    flowFilesOut: outOf.flowFilesOut,
    bytesOut: outOf.bytesOut,
    bytesRead: total((each) => each.bytesRead, own.bytesRead),
    bytesWritten: total((each) => each.bytesWritten, own.bytesWritten),
    flowFilesReceived: total((each) => each.flowFilesReceived, own.flowFilesReceived),
    flowFilesSent: total((each) => each.flowFilesSent, own.flowFilesSent),
    flowFilesQueued: total(
      (each) => each.flowFilesQueued,
      queued((each) => each.flowFilesQueued),
    ),
    bytesQueued: total(
      (each) => each.bytesQueued,
      queued((each) => each.bytesQueued),
    ),
    activeThreadCount: total((each) => each.activeThreadCount, threads),
    processors,
    connections,
    groups,
  };
}

function figuresOf(group: ProcessGroup, now: number): Figures {
  return [...group.processors.values()].reduce((sum, { runnable }) => addFigures(sum, runnable.statistics.sum(now)), noFigures());
}

const RUN_STATUS = { RUNNING: 'Running', STOPPED: 'Stopped', DISABLED: 'Disabled' } as const;

function processorReport(node: ProcessorNode, now: number): ProcessorReport {
  const { id, name, group, type, state, isValid, activeThreadCount, runnable } = node;
  const figures = runnable.statistics.sum(now);
  const runStatus = state === 'STOPPED' && !isValid ? 'Invalid' : RUN_STATUS[state];
  return { id, groupId: group.id, name, type: simpleName(type), runStatus, ...flowed(figures), activeThreadCount, taskCount: figures.tasks, taskMillis: figures.taskMillis };
}

function connectionReport(connection: Connection, now: number): ConnectionReport {
  const { id, group, source, destination, queue } = connection;
  const { flowFilesIn, bytesIn, flowFilesOut, bytesOut } = queue.statistics.sum(now);
  const used = (size: number, threshold: number): number => (threshold > 0 ? (size / threshold) * 100 : 0);
  return {
    id,
    groupId: group.id,
    name: connection.name || connection.selectedRelationships.join(', '),
    sourceId: source.id,
    sourceName: source.name,
    destinationId: destination.id,
    destinationName: destination.name,
    flowFilesQueued: queue.objectCount,
    bytesQueued: queue.byteCount,
    flowFilesIn,
    bytesIn,
    flowFilesOut,
    bytesOut,
    percentUsed: Math.max(used(queue.objectCount, queue.objectThreshold), used(queue.byteCount, queue.byteThreshold)),
  };
}
