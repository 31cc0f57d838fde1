import { Readable } from 'node:stream';
import type { StateScope } from '../extension/component.ts';
import { ContentClaim } from '../engine/content-claim.ts';
import { newUuidPrefix } from '../engine/flowfile-ids.ts';
import type { StoredRejectedRow, StoredRun } from '../engine/run.ts';
import type { RunChanges } from '../engine/run-tracker.ts';
import { REJECTED_ROWS_KEPT, RUNS_KEPT } from '../engine/repositories.ts';
import type {
  ContentRepository,
  CounterValue,
  ProvenanceBlock,
  ProvenanceRepository,
  StateVersion,
  Store,
  StoredComponent,
  StoredFlowFile,
  UnitOfWork,
} from '../engine/repositories.ts';

/** A Store in memory: for tests, and for flows that run once. */
export class MemoryStore implements Store, ProvenanceRepository {
  readonly uuidPrefix = newUuidPrefix();
  nextFlowFile = 1;
  nextEvent = 1;
  nextPosition = 1;
  readonly #flowFiles = new Map<number, StoredFlowFile>();
  readonly #components = new Map<string, StoredComponent>();
  readonly #counters = new Map<string, CounterValue>();
  readonly #states = new Map<string, StateVersion[]>();
  readonly #keys: string[] = [];
  readonly #blocks: ProvenanceBlock[] = [];
  readonly #runs = new Map<number, StoredRun>();
  #rejected: StoredRejectedRow[] = [];

  flowFiles(): StoredFlowFile[] {
    return [...this.#flowFiles.values()].sort((a, b) => a.position - b.position);
  }

  components(): StoredComponent[] {
    return [...this.#components.values()];
  }

  counters(): CounterValue[] {
    return [...this.#counters.values()];
  }

  state(componentId: string, scope: StateScope): StateVersion {
    return this.stateHistory(componentId, scope)[0] ?? { version: 0, at: 0, entries: new Map() };
  }

  stateHistory(componentId: string, scope: StateScope): StateVersion[] {
    return [...(this.#states.get(`${componentId} ${scope}`) ?? [])].reverse();
  }

  get nextRun(): number {
    return Math.max(0, ...this.#runs.keys()) + 1;
  }

  get nextRejectedRow(): number {
    return (this.#rejected.at(-1)?.id ?? 0) + 1;
  }

  openRuns(): StoredRun[] {
    return [...this.#runs.values()].filter(({ ended }) => ended === null);
  }

  run(id: number): StoredRun | undefined {
    return this.#runs.get(id);
  }

  runs(syncId: string, limit: number, before = Number.MAX_SAFE_INTEGER): StoredRun[] {
    const found = [...this.#runs.values()].filter((run) => run.syncId === syncId && run.id < before);
    return found.sort((a, b) => b.id - a.id).slice(0, limit);
  }

  rejectedRows(run: number, limit: number, after = 0): StoredRejectedRow[] {
    return this.#rejected.filter((row) => row.run === run && row.id > after).slice(0, limit);
  }

  keyOf(id: string): number {
    const index = this.#keys.indexOf(id);
    return index >= 0 ? index + 1 : this.#keys.push(id);
  }

  idOf(key: number): string | undefined {
    return this.#keys[key - 1];
  }

  write(unit: UnitOfWork): void {
    for (const record of [...unit.inserted, ...unit.updated, ...unit.moved]) {
      const { id, queue, committed, entryDate, lineageStart, position, queuedAt, penaltyUntil } = record;
      const { segment, offset, length } = committed.content;
      this.#flowFiles.set(id, { id, queue: queue!.key, attributes: committed.own.encode(), segment, offset, length, entryDate, lineageStart, position, queuedAt, penaltyUntil });
    }
    for (const { id } of unit.removed) this.#flowFiles.delete(id);
    for (const { componentId, scope, state } of unit.states) this.#addState(`${componentId} ${scope}`, state);
    for (const counter of unit.counters) this.#counters.set(`${counter.componentId} ${counter.name}`, counter);
    for (const component of unit.components) this.#components.set(component.id, component);
    for (const id of unit.removedComponents) this.#removeComponent(id);
    this.#writeRuns(unit.runs);
    if (unit.provenance) this.#blocks.push({ ...unit.provenance, bytes: Uint8Array.from(unit.provenance.bytes) });
    this.nextFlowFile = unit.nextFlowFile;
    this.nextEvent = unit.nextEvent;
    this.nextPosition = unit.nextPosition;
  }

  *blocks(range: { fromTime?: number; toTime?: number; flowFile?: number; event?: number }): Generator<ProvenanceBlock> {
    const { fromTime = 0, toTime = Number.POSITIVE_INFINITY, flowFile, event } = range;
    for (const block of this.#blocks.toReversed()) {
      const inTime = block.lastTime >= fromTime && block.firstTime <= toTime;
      const hasFlowFile = flowFile === undefined || (block.firstFlowFile <= flowFile && block.lastFlowFile >= flowFile);
      const hasEvent = event === undefined || (block.firstEventId <= event && event < block.firstEventId + block.count);
      if (inTime && hasFlowFile && hasEvent) yield block;
    }
  }

  close(): void {
    // Nothing is held open.
  }

  #writeRuns({ runs, removed, rejected }: RunChanges): void {
    for (const id of removed) this.#runs.delete(id);
    for (const run of runs) {
      this.#runs.set(run.id, run);
      if (run.ended !== null) for (const { id } of this.runs(run.syncId, Number.MAX_SAFE_INTEGER).slice(RUNS_KEPT)) this.#runs.delete(id);
    }
    this.#rejected.push(...rejected);
    for (const syncId of new Set(rejected.map((row) => row.syncId))) {
      const kept = new Set(this.#rejected.filter((row) => row.syncId === syncId).slice(-REJECTED_ROWS_KEPT));
      this.#rejected = this.#rejected.filter((row) => row.syncId !== syncId || kept.has(row));
    }
  }

  #removeComponent(id: string): void {
    this.#components.delete(id);
    for (const run of this.#runs.values()) if (run.syncId === id) this.#runs.delete(run.id);
    this.#rejected = this.#rejected.filter(({ syncId }) => syncId !== id);
    for (const scope of ['local', 'cluster']) this.#states.delete(`${id} ${scope}`);
    for (const [key, counter] of this.#counters) if (counter.componentId === id) this.#counters.delete(key);
  }

  #addState(key: string, state: StateVersion): void {
    this.#states.set(key, [...(this.#states.get(key) ?? []), state]);
  }
}

/** Content in memory, a segment a claim. */
export class MemoryContentRepository implements ContentRepository {
  readonly #segments = new Map<number, Uint8Array>();
  #next = 1;
  #last: { bytes: Uint8Array; claim: ContentClaim } | null = null;

  claimFor(bytes: Uint8Array): ContentClaim {
    if (this.#last?.bytes !== bytes) this.#last = { bytes, claim: ContentClaim.ofBytes(bytes) };
    return this.#last.claim;
  }

  place(claim: ContentClaim): void {
    if (claim.segment >= 0) return;
    if (claim.whole) {
      this.place(claim.whole);
      return claim.followWhole();
    }
    claim.segment = this.#next++;
    this.#segments.set(claim.segment, claim.held!);
    claim.held = null;
  }

  flush(): void {
    // Placed is stored.
  }

  async store(source: AsyncIterable<Uint8Array | string>): Promise<ContentClaim> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of source) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return ContentClaim.ofBytes(Buffer.concat(chunks));
  }

  unpin(): void {
    // Nothing is ever dropped.
  }

  read(claim: ContentClaim): Buffer {
    if (claim.length === 0) return Buffer.alloc(0);
    if (claim.segment < 0 && !claim.bytes) claim.followWhole();
    const bytes = claim.bytes ?? this.#segments.get(claim.segment)!.subarray(claim.offset, claim.offset + claim.length);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  readStream(claim: ContentClaim): Readable {
    return Readable.from([this.read(claim)], { objectMode: false });
  }

  isAvailable(segment: number): boolean {
    return segment <= 0 || this.#segments.has(segment);
  }

  retain(): void {
    // Nothing is ever dropped.
  }

  release(): void {
    // Nothing is ever dropped.
  }

  clean(): void {
    // Nothing is ever dropped.
  }

  close(): void {
    this.#segments.clear();
  }
}
