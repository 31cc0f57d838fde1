import type { Readable } from 'node:stream';
import type { StateScope } from '../extension/component.ts';
import type { ContentClaim } from './content-claim.ts';
import type { StoredRejectedRow, StoredRun } from './run.ts';
import type { RunChanges } from './run-tracker.ts';
import type { FlowFileRecord } from './flowfile-record.ts';

/** A FlowFile as the store gives it back. */
export interface StoredFlowFile {
  readonly id: number;
  /** The number of the queue that holds it. */
  readonly queue: number;
  /** As Attributes.decode reads them. */
  readonly attributes: Uint8Array;
  readonly segment: number;
  readonly offset: number;
  readonly length: number;
  readonly entryDate: number;
  readonly lineageStart: number;
  readonly position: number;
  readonly queuedAt: number;
  readonly penaltyUntil: number;
}

/** One version of a component's state. */
export interface StateVersion {
  /** Grows by one with each stored change of this component and scope; 0 where there never was a state. */
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly entries: ReadonlyMap<string, string>;
}

export interface StateChange {
  readonly componentId: string;
  readonly scope: StateScope;
  readonly state: StateVersion;
}

export interface CounterValue {
  readonly componentId: string;
  readonly name: string;
  readonly value: number;
}

/** A run of provenance events, encoded together. */
export interface ProvenanceBlock {
  readonly firstEventId: number;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** The smallest and the largest FlowFile number that its events speak of. */
  readonly firstFlowFile: number;
  readonly lastFlowFile: number;
  readonly bytes: Uint8Array;
}

/** One component, group, context ... of the flow as it is stored: `json` is its owner's own form. */
export interface StoredComponent {
  readonly id: string;
  readonly kind: string;
  readonly parentId: string | null;
  readonly json: string;
}

/** What one turn of the writer stores: all of it or nothing. */
export interface UnitOfWork {
  readonly inserted: readonly FlowFileRecord[];
  /** Attributes or content changed, and perhaps the queue. */
  readonly updated: readonly FlowFileRecord[];
  /** Only the queue, the position or the penalty changed. */
  readonly moved: readonly FlowFileRecord[];
  readonly removed: readonly FlowFileRecord[];
  readonly states: readonly StateChange[];
  readonly counters: readonly CounterValue[];
  readonly provenance: ProvenanceBlock | null;
  readonly components: readonly StoredComponent[];
  readonly removedComponents: readonly string[];
  readonly runs: RunChanges;
  /** The next free numbers, so that none is ever given twice. */
  readonly nextFlowFile: number;
  readonly nextEvent: number;
  readonly nextPosition: number;
}

/** So many runs of a sync are kept, and so many rejected rows of all its runs together. */
export const RUNS_KEPT = 500;
export const REJECTED_ROWS_KEPT = 10_000;

/** Where units of work go. */
export interface Store {
  /** Random, once per data directory: see flowFileIds. */
  readonly uuidPrefix: string;
  readonly nextFlowFile: number;
  readonly nextEvent: number;
  readonly nextPosition: number;
  /** All queued FlowFiles in order of position. */
  flowFiles(): Iterable<StoredFlowFile>;
  components(): StoredComponent[];
  counters(): CounterValue[];
  /** The present state of a component. */
  state(componentId: string, scope: StateScope): StateVersion;
  /** Its versions, newest first. */
  stateHistory(componentId: string, scope: StateScope): StateVersion[];
  /**
   * Number of a component or connection in the store, given once and never again to another. Stored with the next unit
   * of work at the latest.
   */
  keyOf(id: string): number;
  idOf(key: number): string | undefined;
  /** Throws StorageError; then nothing was stored. */
  write(unit: UnitOfWork): void;
  /** The next free numbers of runs of syncs and of their rejected rows. */
  readonly nextRun: number;
  readonly nextRejectedRow: number;
  /** Runs that have not ended. */
  openRuns(): StoredRun[];
  run(id: number): StoredRun | undefined;
  /** Of one sync, newest first; `before`: only older ones. The latest RUNS_KEPT are kept. */
  runs(syncId: string, limit: number, before?: number): StoredRun[];
  /** Oldest first; `after`: only later ones. */
  rejectedRows(run: number, limit: number, after?: number): StoredRejectedRow[];
  close(): void;
}

/** The store cannot take anything at the moment, or at all. The message says what a person can do. */
export class StorageError extends Error {
  override name = 'StorageError';
}

/** Where content goes. */
export interface ContentRepository {
  /** A claim on bytes that must not change any more; the same bytes given again are stored once. */
  claimFor(bytes: Uint8Array): ContentClaim;
  /** Gives the claim a place, which stays until `owner` (if any) is unpinned; its bytes are written with `flush` at the latest. */
  place(claim: ContentClaim, owner?: object): void;
  /** Writes what is placed and not yet written. Throws StorageError; the bytes are kept and written by the next call. */
  flush(): void;
  /** Writes a stream as it comes; resolves to the claim of all of it, which stays until `owner` is unpinned. */
  store(source: AsyncIterable<Uint8Array | string>, owner: object): Promise<ContentClaim>;
  /** The owner has committed or forgotten what it stored. */
  unpin(owner: object): void;
  read(claim: ContentClaim): Buffer;
  readStream(claim: ContentClaim): Readable;
  /** Whether the bytes are still there: content without a FlowFile is kept for a while only. */
  isAvailable(segment: number): boolean;
  /** A stored FlowFile refers to the segment, or does no longer. */
  retain(segment: number): void;
  release(segment: number): void;
  /** Drops old segments that nothing refers to, beyond what the archive may hold. */
  clean(): void;
  close(): void;
}

/** Where provenance blocks are read. They are written by `Store.write`. */
export interface ProvenanceRepository {
  /** Blocks whose ranges overlap what is asked for, newest first. */
  blocks(range: { fromTime?: number; toTime?: number; flowFile?: number; event?: number }): Iterable<ProvenanceBlock>;
}
