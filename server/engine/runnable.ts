import type { ComponentLog } from '../extension/component.ts';
import type { FlowFileQueue } from './queue.ts';
import type { Session } from './session.ts';
import { RollingStatistics } from './statistics.ts';

/** What a runnable does when its turn comes. */
export interface Work {
  /** One session's work. A promise makes the task asynchronous. */
  trigger(session: Session): void | Promise<void>;
}

/** When a runnable is triggered. */
export type Schedule =
  | { readonly strategy: 'timer' /** Milliseconds from start to start; 0 means whenever there is work. */; readonly period: number }
  | {
      readonly strategy: 'cron' /** The next time after the one given, both in milliseconds since 1970; undefined for never. */;
      readonly next: (after: number) => number | undefined;
    };

/** Who is told that a runnable may have work. */
export interface Waker {
  wake(runnable: Runnable): void;
}

/** How often a FlowFile is tried again before it really goes to a relationship. */
export interface RetryPolicy {
  readonly relationships: ReadonlySet<string>;
  readonly count: number;
  readonly backoff: 'PENALIZE_FLOWFILE' | 'YIELD_PROCESSOR';
  /** Milliseconds. */
  readonly maxBackoff: number;
}

/** The settings that the scheduler and the session obey; durations in milliseconds. */
export interface RunSettings {
  readonly schedule: Schedule;
  readonly concurrentTasks: number;
  /** How long a runnable keeps its turn although others wait. */
  readonly runDuration: number;
  readonly yieldDuration: number;
  readonly penaltyDuration: number;
  readonly retry: RetryPolicy | null;
  readonly needsInput: boolean;
  readonly triggerWhenEmpty: boolean;
  /** Room in one outgoing queue is enough. */
  readonly triggerWhenAnyDestinationAvailable?: boolean;
}

export const defaultRunSettings: RunSettings = {
  schedule: { strategy: 'timer', period: 0 },
  concurrentTasks: 1,
  runDuration: 0,
  yieldDuration: 1000,
  penaltyDuration: 30_000,
  retry: null,
  needsInput: true,
  triggerWhenEmpty: false,
};

/** When a penalty that begins now ends; 0, which is none, for one of no duration: its FlowFiles keep their places before the others. */
export const penaltyEnd = (now: number, { penaltyDuration }: RunSettings): number => (penaltyDuration > 0 ? now + penaltyDuration : 0);

/**
 * - `stopped`: not scheduled, no task runs.
 * - `running`: scheduled.
 * - `once`: scheduled for one trigger, then stops by itself.
 * - `stopping`: not scheduled, tasks are still running.
 */
export type RunState = 'stopped' | 'running' | 'once' | 'stopping';

/**
 * The running side of a processor, port or funnel: what the scheduler triggers and a session belongs to. Its owner sets the
 * fields of the first block; the scheduler alone those of the second.
 */
export class Runnable {
  /** The component's id. */
  readonly id: string;
  /** Its number in the store. */
  readonly key: number;
  /** The component's type for provenance, such as `UpdateAttribute` or `FUNNEL`. */
  readonly type: string;
  name: string;
  groupId: string;
  readonly incoming: FlowFileQueue[] = [];
  /** Queues by relationship; ports and funnels use the relationship ''. */
  readonly outgoing = new Map<string, FlowFileQueue[]>();
  autoTerminated: ReadonlySet<string> = new Set();
  relationships: ReadonlySet<string> = new Set(['']);
  settings: RunSettings = defaultRunSettings;
  work: Work | null = null;
  /** Called when a stop has come to its end. */
  onStopped: () => void = () => undefined;
  log: ComponentLog;

  state: RunState = 'stopped';
  /** The incoming queue whose turn it is. */
  nextInput = 0;
  waker: Waker | null = null;
  /** Steps from the source of the flow: what stands further downstream goes first. */
  rank = 0;
  activeTasks = 0;
  /** Tasks that were terminated and have not ended. */
  terminatedTasks = 0;
  yieldUntil = 0;
  /** Not before then, milliseconds since 1970. */
  nextRun = 0;
  /** When its schedule has it run, while it is triggered once besides; 0 otherwise. */
  plannedRun = 0;
  /** Whether the scheduler's ready list holds it, and since when (monotonic milliseconds). */
  ready = false;
  readySince = 0;
  /** Until then it is first in line, because of its run duration. */
  turnUntil = 0;
  readonly statistics = new RollingStatistics();

  constructor(id: string, key: number, type: string, name: string, groupId: string, log: ComponentLog) {
    this.id = id;
    this.key = key;
    this.type = type;
    this.name = name;
    this.groupId = groupId;
    this.log = log;
  }

  /** Asks to be left alone for the yield duration. */
  yieldAt(now: number): void {
    this.yieldUntil = Math.max(this.yieldUntil, now + this.settings.yieldDuration);
  }

  /** Joins a queue to the relationships that feed it. */
  attachOutgoing(queue: FlowFileQueue, relationships: Iterable<string>): void {
    for (const relationship of relationships) {
      const queues = this.outgoing.get(relationship) ?? [];
      this.outgoing.set(relationship, [...queues, queue]);
    }
  }

  detachOutgoing(queue: FlowFileQueue): void {
    for (const [relationship, queues] of this.outgoing) {
      const rest = queues.filter((other) => other !== queue);
      if (rest.length > 0) this.outgoing.set(relationship, rest);
      else this.outgoing.delete(relationship);
    }
  }
}
