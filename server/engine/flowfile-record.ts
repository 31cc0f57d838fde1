import type { FlowFile } from '../extension/flowfile.ts';
import { Attributes } from './attributes.ts';
import { ContentClaim } from './content-claim.ts';
import type { FlowFileQueue } from './queue.ts';

/** Turns a FlowFile's number into its UUID, and back. */
export interface FlowFileIds {
  uuidOf(id: number): string;
  /** The number behind a UUID of this data directory; undefined for any other text. */
  idOf(uuid: string): number | undefined;
}

/** One immutable version of a FlowFile, as a processor sees it. */
export class FlowFileVersion implements FlowFile {
  readonly record: FlowFileRecord;
  readonly own: Attributes;
  readonly content: ContentClaim;

  constructor(record: FlowFileRecord, own: Attributes, content: ContentClaim) {
    this.record = record;
    this.own = own;
    this.content = content;
  }

  get id(): number {
    return this.record.id;
  }

  get uuid(): string {
    return this.record.ids.uuidOf(this.record.id);
  }

  get size(): number {
    return this.content.length;
  }

  get entryDate(): number {
    return this.record.entryDate;
  }

  get lineageStartDate(): number {
    return this.record.lineageStart;
  }

  getAttribute(name: string): string | undefined {
    if (name === 'uuid') return this.uuid;
    const value = this.own.get(name);
    if (value !== undefined) return value;
    if (name === 'filename') return this.uuid;
    return name === 'path' ? './' : undefined;
  }

  get attributes(): ReadonlyMap<string, string> {
    const uuid = this.uuid;
    return new Map([['uuid', uuid], ['filename', uuid], ['path', './'], ...this.own.entries, ['uuid', uuid]]);
  }
}

/** Marks that a session removes the FlowFile. */
export const REMOVED = Symbol('removed');
/** Marks that a session puts the FlowFile back where it came from. */
export const REQUEUED = Symbol('requeued');

/**
 * A FlowFile through all its versions. Three parties keep notes on it: the queue and journal (what is committed), the store
 * (what has been written), and the session that holds it (what is planned).
 */
export class FlowFileRecord {
  readonly id: number;
  readonly ids: FlowFileIds;
  readonly entryDate: number;
  readonly lineageStart: number;

  /** The newest committed version. */
  committed!: FlowFileVersion;
  /** The queue that it is committed to; null once removed. */
  queue: FlowFileQueue | null = null;
  /** Order of arrival in its queue: grows over all queues. */
  position = 0;
  /** When it came into its queue, milliseconds since 1970. */
  queuedAt = 0;
  /** Held back from the consumer until then, milliseconds since 1970; 0 when not penalized. */
  penaltyUntil = 0;

  /** Whether the journal's turn lists it. */
  dirty = false;
  /** Whether the store has a row for it. */
  stored = false;
  storedAttributes: Attributes | null = null;
  storedContent: ContentClaim | null = null;
  /** The store's own note: whether it has folded the FlowFile into a row. */
  folded = false;

  /** The session that holds it. */
  holder: object | null = null;
  /** The newest version inside that session. */
  current!: FlowFileVersion;
  created = false;
  /** An event other than CREATE tells where it came from. */
  hasOrigin = false;
  plan: string | typeof REMOVED | typeof REQUEUED | null = null;
  penalize = false;

  constructor(id: number, ids: FlowFileIds, entryDate: number, lineageStart: number, attributes = Attributes.none, content = ContentClaim.empty) {
    this.id = id;
    this.ids = ids;
    this.entryDate = entryDate;
    this.lineageStart = lineageStart;
    this.current = new FlowFileVersion(this, attributes, content);
    this.committed = this.current;
  }
}
