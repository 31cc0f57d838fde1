import type { BulletinSeverity } from './component.ts';

/** What flowed through a group or a processor in the last five minutes, and what waits in it now. */
export interface FlowFigures {
  readonly flowFilesIn: number;
  readonly bytesIn: number;
  readonly flowFilesOut: number;
  readonly bytesOut: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  readonly activeThreadCount: number;
}

/** A processor as reporting tasks see it. */
export interface ProcessorReport extends FlowFigures {
  readonly id: string;
  readonly groupId: string;
  readonly name: string;
  /** The last part of its type's name. */
  readonly type: string;
  readonly runStatus: 'Running' | 'Stopped' | 'Invalid' | 'Disabled';
  /** How often it ran in the last five minutes, and how long that took, milliseconds. */
  readonly taskCount: number;
  readonly taskMillis: number;
}

/** A connection as reporting tasks see it. */
export interface ConnectionReport {
  readonly id: string;
  readonly groupId: string;
  readonly name: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly destinationId: string;
  readonly destinationName: string;
  readonly flowFilesQueued: number;
  readonly bytesQueued: number;
  readonly flowFilesIn: number;
  readonly bytesIn: number;
  readonly flowFilesOut: number;
  readonly bytesOut: number;
  /** How full it is compared with its back pressure thresholds, the greater of the two, per cent. */
  readonly percentUsed: number;
}

/** A group; the figures include everything below it. */
export interface GroupReport extends FlowFigures {
  readonly id: string;
  /** null for the root group. */
  readonly parentId: string | null;
  readonly name: string;
  readonly flowFilesQueued: number;
  readonly bytesQueued: number;
  readonly flowFilesReceived: number;
  readonly flowFilesSent: number;
  readonly processors: readonly ProcessorReport[];
  readonly connections: readonly ConnectionReport[];
  readonly groups: readonly GroupReport[];
}

/** A bulletin as reporting tasks see it. */
export interface BulletinReport {
  /** Grows. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly level: BulletinSeverity;
  readonly message: string;
  readonly sourceName: string | undefined;
}

/** The flow, to look at only. */
export interface FlowView {
  /** The root group and everything in it, as it is now. */
  status(): GroupReport;
  /** Bulletins of the last five minutes with a greater id, oldest first. */
  bulletins(after?: number): BulletinReport[];
}
