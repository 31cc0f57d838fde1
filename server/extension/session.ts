import type { Readable } from 'node:stream';
import type { StateScope } from './component.ts';
import type { FlowFile } from './flowfile.ts';
import type { DataRecord } from './record.ts';

/** The kinds of provenance events that a processor reports itself; the session adds the rest (CREATE, FORK, ROUTE, DROP ...). */
export type ReportedEvent = 'RECEIVE' | 'SEND' | 'FETCH' | 'UPLOAD' | 'REMOTE_INVOCATION';

/** The attribute by which a FlowFile belongs to a run of a sync. The session hands it down, and lets nobody change it. */
export const RUN_ATTRIBUTE = 'sync.run';

/** What a session can say of the rows of a FlowFile: read from outside, accepted by a destination, known to it just so already; bytes that were sent. */
export type RowFigure = 'rowsRead' | 'rowsSent' | 'rowsUnchanged' | 'bytes';

/** A row as it came, and why it was not accepted. */
export interface RefusedRow {
  readonly row: DataRecord;
  readonly reason: string;
}

/**
 * One unit of work of a processor, committed or rolled back as a whole by the engine. Each method that changes a FlowFile
 * returns its new version; an older version may be handed in, the session always works on the newest.
 * Methods throw when a FlowFile is not of this session, is already transferred or removed, or when the session has ended.
 */
export interface ProcessSession<R extends string = string> {
  /** The next FlowFile of the incoming connections, or null. */
  get(): FlowFile | null;
  /** Up to `max` FlowFiles. */
  getBatch(max: number): FlowFile[];
  /** The next FlowFiles that `choose` accepts (`'take'`), passes over (`'skip'`), until it ends the search (`'stop'`). */
  getMatching(choose: (flowFile: FlowFile) => 'take' | 'skip' | 'stop'): FlowFile[];

  /** A new FlowFile; with parents it inherits their common attributes and lineage. */
  create(parents?: FlowFile | readonly FlowFile[]): FlowFile;
  /** A copy, of a part of the content where `offset` and `length` (bytes) are given; no bytes are copied. */
  clone(flowFile: FlowFile, offset?: number, length?: number): FlowFile;

  putAttribute(flowFile: FlowFile, name: string, value: string): FlowFile;
  putAttributes(flowFile: FlowFile, attributes: Readonly<Record<string, string>>): FlowFile;
  removeAttributes(flowFile: FlowFile, names: readonly string[]): FlowFile;

  /** The whole content. For content that may be large use `readStream`. */
  read(flowFile: FlowFile): Buffer;
  readStream(flowFile: FlowFile): Readable;
  /** Replaces the content. The bytes must not be changed afterwards; the same buffer given twice is stored once. */
  write(flowFile: FlowFile, content: Uint8Array | string): FlowFile;
  /** Replaces the content by a stream's bytes as they come; memory stays small whatever the length. */
  writeStream(flowFile: FlowFile, source: AsyncIterable<Uint8Array | string>): Promise<FlowFile>;
  /** Concatenates the content of others, in order, as the content of `flowFile`; no bytes pass through memory at once. */
  concatenate(flowFile: FlowFile, parts: readonly (FlowFile | Uint8Array)[]): Promise<FlowFile>;

  transfer(flowFile: FlowFile | readonly FlowFile[], relationship: R): void;
  /** Puts a FlowFile back into the connection that it came from. */
  requeue(flowFile: FlowFile | readonly FlowFile[]): void;
  remove(flowFile: FlowFile | readonly FlowFile[]): void;
  /** Holds the FlowFile back from the next component for the processor's penalty duration. */
  penalize(flowFile: FlowFile): FlowFile;

  /** The processor's state as of this session, its own changes included. */
  getState(scope: StateScope): ReadonlyMap<string, string>;
  /** Replaces the state. It is stored with this session's FlowFiles, or not at all. */
  setState(scope: StateScope, state: Readonly<Record<string, string>>): void;

  adjustCounter(name: string, delta: number): void;
  /**
   * Counts rows for the run of a sync that they belong to: `of` is the FlowFile whose rows they are, left out where the session reads
   * them. Stored with this session's FlowFiles, or not at all; outside of syncs it does nothing.
   */
  tally(figure: RowFigure, amount: number, of?: FlowFile): void;
  /** The same for rows that were not accepted: they are counted as rejected, and kept (some of them) with their reasons. */
  refuse(rows: readonly RefusedRow[], of: FlowFile): void;
  /** Reports an exchange with an outside system. */
  report(event: ReportedEvent, flowFile: FlowFile, transitUri: string, details?: string): void;
  /** Runs once this session is stored for good: the place to acknowledge a source. */
  afterCommit(action: () => void): void;
}
