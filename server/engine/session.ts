import type { Readable } from 'node:stream';
import type { StateScope } from '../extension/component.ts';
import type { FlowFile } from '../extension/flowfile.ts';
import { type ProcessSession, RUN_ATTRIBUTE, type RefusedRow, type ReportedEvent, type RowFigure } from '../extension/session.ts';
import { Attributes } from './attributes.ts';
import type { Clock } from './clock.ts';
import type { ContentClaim } from './content-claim.ts';
import { FlowFileRecord, FlowFileVersion, REMOVED, REQUEUED } from './flowfile-record.ts';
import type { Journal } from './journal.ts';
import { takeMatching, takeNext } from './session-input.ts';
import type { PendingEvent } from './pending-event.ts';
import type { EventType } from './provenance.ts';
import type { Run } from './run.ts';
import { sharedBy, withRun } from './run-shares.ts';
import type { Tally } from './run-tally.ts';
import type { Runnable } from './runnable.ts';
import { checkedTexts, checkText, inherited } from './session-attributes.ts';
import { commitSession, rollBackSession } from './session-commit.ts';
import { addRefused, addTally } from './session-tallies.ts';
import { concatenated, SPILL_BYTES, spill } from './session-content.ts';

const asList = (flowFiles: FlowFile | readonly FlowFile[]): readonly FlowFile[] => (Array.isArray(flowFiles) ? flowFiles : [flowFiles as FlowFile]);

/**
 * The engine's ProcessSession. What it takes and makes it notes on the FlowFile records themselves (`current`, `plan`), so
 * that the way from one queue to the next costs no look-up; commitSession turns the notes into facts, `rollback` undoes them.
 */
export class Session implements ProcessSession {
  readonly runnable: Runnable;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Everything taken or made, in that order. */
  readonly records: FlowFileRecord[] = [];
  /** The same in the order in which their way was decided: the order in which they enter queues. */
  readonly planned: FlowFileRecord[] = [];
  readonly events: PendingEvent[] = [];
  readonly counters = new Map<string, number>();
  readonly states = new Map<StateScope, ReadonlyMap<string, string>>();
  readonly afterCommits: (() => void)[] = [];
  /** What it says of rows of syncs. */
  tallies: Tally[] = [];
  /** The run of a sync that it reads for. */
  run: Run | null = null;
  bytesRead = 0;
  bytesWritten = 0;
  /** New content that stands in memory only. */
  unplacedBytes = 0;
  #open = true;

  constructor(runnable: Runnable, journal: Journal, clock: Clock) {
    this.runnable = runnable;
    this.journal = journal;
    this.clock = clock;
  }

  /** Whether the trigger did nothing at all. */
  get isIdle(): boolean {
    return this.records.length === 0 && this.states.size === 0 && this.counters.size === 0 && this.afterCommits.length === 0;
  }

  get(): FlowFile | null {
    this.#check();
    return takeNext(this)?.current ?? null;
  }

  getBatch(max: number): FlowFile[] {
    this.#check();
    const batch: FlowFile[] = [];
    while (batch.length < max) {
      const record = takeNext(this);
      if (!record) break;
      batch.push(record.current);
    }
    return batch;
  }

  getMatching(choose: (flowFile: FlowFile) => 'take' | 'skip' | 'stop'): FlowFile[] {
    this.#check();
    return takeMatching(this, choose).map((record) => record.current);
  }

  create(parents?: FlowFile | readonly FlowFile[]): FlowFile {
    this.#check();
    const { runs } = this.journal;
    if (parents === undefined) return this.#make(this.clock.now(), runs.active ? withRun(Attributes.none, runs.ownOf(this)) : Attributes.none).current;
    const records = asList(parents).map((parent) => this.#mine(parent));
    if (records.length === 0) return this.create();
    const lineage = records.reduce((oldest, { lineageStart }) => Math.min(oldest, lineageStart), records[0]!.lineageStart);
    const attributes = inherited(records);
    const child = this.#make(lineage, records.length > 1 ? withRun(attributes, sharedBy(records)) : attributes);
    if (records.length === 1) this.#fork(records[0]!, child);
    else this.events.push({ type: 'JOIN', record: child, transitUri: '', details: '', parents: records.map(({ id }) => id), children: [child.id] });
    child.hasOrigin = true;
    return child.current;
  }

  clone(flowFile: FlowFile, offset = 0, length = flowFile.size - offset): FlowFile {
    this.#check();
    const parent = this.#mine(flowFile);
    const content = parent.current.content.slice(offset, length);
    const child = this.#make(parent.lineageStart, inherited([parent]));
    child.current = new FlowFileVersion(child, child.current.own, content);
    if (offset === 0 && length === parent.current.size) this.#note('CLONE', parent, child);
    else this.#fork(parent, child);
    child.hasOrigin = true;
    return child.current;
  }

  putAttribute(flowFile: FlowFile, name: string, value: string): FlowFile {
    const { current } = this.#mine(flowFile);
    checkText(value, `attribute ${name}`);
    if (name === 'uuid' || name === RUN_ATTRIBUTE || current.own.get(name) === value) return current;
    return this.#become(current, current.own.with(name, value), current.content);
  }

  putAttributes(flowFile: FlowFile, attributes: Readonly<Record<string, string>>): FlowFile {
    const { current } = this.#mine(flowFile);
    const own = current.own.withAll(checkedTexts(attributes, RUN_ATTRIBUTE));
    return own === current.own ? current : this.#become(current, own, current.content);
  }

  removeAttributes(flowFile: FlowFile, names: readonly string[]): FlowFile {
    const { current } = this.#mine(flowFile);
    const known = names.filter((name) => name !== RUN_ATTRIBUTE && current.own.get(name) !== undefined);
    return known.length === 0 ? current : this.#become(current, current.own.without(known), current.content);
  }

  read(flowFile: FlowFile): Buffer {
    const { current } = this.#mine(flowFile);
    this.bytesRead += current.size;
    return this.journal.content.read(current.content);
  }

  readStream(flowFile: FlowFile): Readable {
    const { current } = this.#mine(flowFile);
    this.bytesRead += current.size;
    return this.journal.content.readStream(current.content);
  }

  write(flowFile: FlowFile, content: Uint8Array | string): FlowFile {
    const { current } = this.#mine(flowFile);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    this.bytesWritten += bytes.length;
    const written = this.#become(current, current.own, this.journal.content.claimFor(bytes));
    this.unplacedBytes += bytes.length;
    if (this.unplacedBytes >= SPILL_BYTES) spill(this);
    return written;
  }

  async writeStream(flowFile: FlowFile, source: AsyncIterable<Uint8Array | string>): Promise<FlowFile> {
    this.#mine(flowFile);
    const claim = await this.journal.content.store(source, this);
    // Terminated meanwhile: nobody will ever refer to what was stored.
    if (!this.#open) this.journal.content.unpin(this);
    const { current } = this.#mine(flowFile);
    this.bytesWritten += claim.length;
    return this.#become(current, current.own, claim);
  }

  concatenate(flowFile: FlowFile, parts: readonly (FlowFile | Uint8Array)[]): Promise<FlowFile> {
    return this.writeStream(flowFile, concatenated(this, parts));
  }

  transfer(flowFiles: FlowFile | readonly FlowFile[], relationship: string): void {
    if (!this.runnable.relationships.has(relationship)) throw new Error(`'${relationship}' is not a relationship of ${this.runnable.name}`);
    if (Array.isArray(flowFiles)) for (const flowFile of flowFiles) this.#plan(this.#mine(flowFile), relationship);
    else this.#plan(this.#mine(flowFiles as FlowFile), relationship);
  }

  requeue(flowFiles: FlowFile | readonly FlowFile[]): void {
    for (const flowFile of asList(flowFiles)) {
      const record = this.#mine(flowFile);
      if (record.created) throw new Error('a FlowFile that this session made has no queue to go back to');
      this.#plan(record, REQUEUED);
    }
  }

  remove(flowFiles: FlowFile | readonly FlowFile[]): void {
    for (const flowFile of asList(flowFiles)) this.#plan(this.#mine(flowFile), REMOVED);
  }

  penalize(flowFile: FlowFile): FlowFile {
    const record = this.#mine(flowFile);
    record.penalize = true;
    return record.current;
  }

  getState(scope: StateScope): ReadonlyMap<string, string> {
    this.#check();
    return this.states.get(scope) ?? this.journal.state(this.runnable.id, scope).entries;
  }

  setState(scope: StateScope, state: Readonly<Record<string, string>>): void {
    this.#check();
    this.states.set(scope, new Map(Object.entries(state)));
  }

  adjustCounter(name: string, delta: number): void {
    this.#check();
    if (!Number.isFinite(delta)) throw new TypeError(`Counter ${name} of ${this.runnable.name} cannot change by ${delta}`);
    this.counters.set(name, (this.counters.get(name) ?? 0) + delta);
  }

  tally(figure: RowFigure, amount: number, of?: FlowFile): void {
    this.#check();
    addTally(this, figure, amount, of && this.#mine(of));
  }

  refuse(rows: readonly RefusedRow[], of: FlowFile): void {
    addRefused(this, rows, this.#mine(of));
  }

  report(type: ReportedEvent, flowFile: FlowFile, transitUri: string, details = ''): void {
    const record = this.#mine(flowFile);
    checkText(transitUri, 'transit URI');
    checkText(details, 'details');
    if (type === 'RECEIVE' || type === 'FETCH') record.hasOrigin = true;
    this.events.push({ type, record, transitUri, details, parents: [], children: [] });
  }

  afterCommit(action: () => void): void {
    this.#check();
    this.afterCommits.push(action);
  }

  /** Makes what was done real, in memory at once. Throws where a FlowFile was forgotten; then nothing has happened. */
  commit(): void {
    this.#check();
    commitSession(this);
    this.#reset();
  }

  /** Undoes everything: what was taken goes back to its queue, penalized where `penalize` is set. */
  rollback(penalize: boolean): void {
    if (!this.#open) return;
    rollBackSession(this, penalize);
    this.#reset();
  }

  /** Rolls back and refuses any further use: a terminated task must not touch anything any more. */
  abandon(): void {
    this.rollback(false);
    this.#open = false;
  }

  #reset(): void {
    this.journal.content.unpin(this);
    this.records.length = 0;
    this.planned.length = 0;
    this.events.length = 0;
    this.counters.clear();
    this.states.clear();
    this.afterCommits.length = 0;
    this.tallies.length = 0;
    this.bytesRead = 0;
    this.bytesWritten = 0;
    this.unplacedBytes = 0;
  }

  #plan(record: FlowFileRecord, plan: FlowFileRecord['plan']): void {
    if (record.plan === null) this.planned.push(record);
    record.plan = plan;
  }

  #make(lineageStart: number, attributes: Attributes): FlowFileRecord {
    const record = new FlowFileRecord(this.journal.newFlowFileId(), this.journal.ids, this.clock.now(), lineageStart, attributes);
    record.holder = this;
    record.created = true;
    this.records.push(record);
    return record;
  }

  #become(from: FlowFileVersion, attributes: Attributes, content: ContentClaim): FlowFileVersion {
    const { record } = from;
    record.current = new FlowFileVersion(record, attributes, content);
    return record.current;
  }

  /** Splits of one parent share one FORK event, as in NiFi. */
  #fork(parent: FlowFileRecord, child: FlowFileRecord): void {
    const fork = this.events.findLast((event) => event.type === 'FORK' && event.record === parent);
    if (fork) fork.children.push(child.id);
    else this.#note('FORK', parent, child);
  }

  #note(type: EventType, parent: FlowFileRecord, child: FlowFileRecord): void {
    this.events.push({ type, record: parent, transitUri: '', details: '', parents: [parent.id], children: [child.id] });
  }

  #mine(flowFile: FlowFile): FlowFileRecord {
    const record = (flowFile as FlowFileVersion).record;
    if (record?.holder === this && this.#open) return record;
    this.#check();
    throw new Error(`FlowFile ${flowFile.uuid} does not belong to this session of ${this.runnable.name}: it was not taken or made by it, or the session has ended`);
  }

  #check(): void {
    if (!this.#open) throw new Error(`This session of ${this.runnable.name} was terminated; its work was rolled back`);
  }
}
