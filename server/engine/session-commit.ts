import { FlowFileRecord, type FlowFileVersion, REMOVED, REQUEUED } from './flowfile-record.ts';
import { noNumbers, type EventType } from './provenance.ts';
import type { FlowFileQueue } from './queue.ts';
import type { PendingEvent } from './pending-event.ts';
import { penaltyEnd } from './runnable.ts';
import type { Session } from './session.ts';
import { planRetries } from './session-retry.ts';

const noQueues: readonly FlowFileQueue[] = [];

/**
 * Turns a session's notes into facts, in memory and in the journal's turn. First everything that could go wrong, then
 * everything that counts: a throw leaves the session as it was.
 */
export function commitSession(session: Session): void {
  const { runnable, journal } = session;
  checkAllPlanned(session);
  if (runnable.settings.retry) planRetries(session);
  // Whatever can fail comes first: reading the state that is to be replaced, too.
  for (const scope of session.states.keys()) journal.state(runnable.id, scope);
  const { runs } = journal;
  if (runs.active) runs.noteFailures(session);
  const now = session.clock.now();
  for (const record of session.records) if (record.current.content.segment < 0) journal.content.place(record.current.content);
  for (const event of session.events) tell(session, event.type, event.record, now, event);
  for (const record of session.planned) if (record.plan !== REQUEUED) settle(session, record, now);
  // Last taken, first back: the queue's order is as it was.
  for (let i = session.planned.length - 1; i >= 0; i--) if (session.planned[i]!.plan === REQUEUED) settle(session, session.planned[i]!, now);
  for (const [name, delta] of session.counters) journal.adjustCounter(runnable.id, name, delta);
  for (const [scope, entries] of session.states) journal.setState(runnable.id, scope, entries);
  for (const action of session.afterCommits) journal.afterStored(action);
  countBytes(session, now);
  if (runs.active) runs.committed(session);
  if (!session.isIdle || runs.hasChanges) journal.committed();
}

/** Undoes what a session notes: what was taken goes back to its queue, penalized where `penalize` is set. */
export function rollBackSession(session: Session, penalize: boolean): void {
  const { journal, records, runnable } = session;
  if (session.run) journal.runs.abandoned(session.run);
  session.run = null;
  const now = session.clock.now();
  // Last taken, first back: the queue's order is as it was.
  for (const record of records.toReversed()) {
    record.holder = null;
    if (record.created) continue;
    record.current = record.committed;
    record.plan = null;
    record.penalize = false;
    if (penalize) {
      record.penaltyUntil = penaltyEnd(now, runnable.settings);
      journal.touch(record);
    }
    record.queue!.putBack(record);
  }
  if (penalize && records.length > 0) journal.committed();
}

function countBytes(session: Session, now: number): void {
  const figures = session.runnable.statistics.at(now);
  figures.bytesRead += session.bytesRead;
  figures.bytesWritten += session.bytesWritten;
}

function checkAllPlanned(session: Session): void {
  for (const record of session.records) {
    if (record.plan === null) {
      throw new Error(`FlowFile ${record.current.uuid} (${record.current.getAttribute('filename')}) was neither transferred nor removed by ${session.runnable.name}`);
    }
    if (typeof record.plan === 'string' && !session.runnable.outgoing.has(record.plan) && !session.runnable.autoTerminated.has(record.plan)) {
      throw new Error(`FlowFile ${record.current.uuid} cannot go to '${record.plan}': the relationship of ${session.runnable.name} is neither connected nor terminated`);
    }
  }
}

/** One FlowFile's way out of the session. */
function settle(session: Session, record: FlowFileRecord, now: number): void {
  const { runnable, journal } = session;
  const { plan, committed, current } = record;
  const source = record.queue;
  record.plan = null;
  record.holder = null;
  if (plan === REQUEUED) return requeue(session, record, now);

  const figures = runnable.statistics.at(now);
  if (source) {
    figures.flowFilesIn++;
    figures.bytesIn += committed.content.length;
    const sourceFigures = source.statistics.at(now);
    sourceFigures.flowFilesOut++;
    sourceFigures.bytesOut += committed.content.length;
  }
  const queues = typeof plan === 'string' ? (runnable.outgoing.get(plan) ?? noQueues) : noQueues;
  describe(session, record, now, plan, queues);
  if (source) source.settle(record);
  record.committed = current;
  record.created = false;
  if (queues.length === 0) {
    record.queue = null;
    figures.flowFilesRemoved++;
    return journal.touch(record);
  }
  figures.flowFilesOut += queues.length;
  figures.bytesOut += queues.length * current.content.length;
  enter(session, record, queues[0]!, now, record.penalize);
  for (let i = 1; i < queues.length; i++) cloneInto(session, record, queues[i]!, now);
  record.penalize = false;
}

/** The FlowFile is in the queue from now on. */
function enter(session: Session, record: FlowFileRecord, queue: FlowFileQueue, now: number, penalized: boolean): void {
  record.queue = queue;
  record.queuedAt = now;
  record.position = session.journal.newPosition();
  record.penaltyUntil = penalized ? penaltyEnd(now, session.runnable.settings) : 0;
  const figures = queue.statistics.at(now);
  figures.flowFilesIn++;
  figures.bytesIn += record.committed.content.length;
  session.journal.touch(record);
  queue.add(record);
}

/** A relationship with several connections sends a clone down each but the first. */
function cloneInto(session: Session, original: FlowFileRecord, queue: FlowFileQueue, now: number): void {
  const { journal } = session;
  const own = original.current.own.get('filename') === undefined ? original.current.own.with('filename', original.current.uuid) : original.current.own;
  const clone = new FlowFileRecord(journal.newFlowFileId(), journal.ids, now, original.lineageStart, own, original.current.content);
  tell(session, 'CLONE', original, now, { parents: [original.id], children: [clone.id] });
  enter(session, clone, queue, now, original.penalize);
}

/** Back into the connection it came from, with what the session changed of it. */
function requeue(session: Session, record: FlowFileRecord, now: number): void {
  const queue = record.queue!;
  const changed = record.current !== record.committed;
  if (changed) {
    queue.settle(record);
    record.committed = record.current;
  }
  if (changed || record.penalize) session.journal.touch(record);
  if (record.penalize) record.penaltyUntil ||= penaltyEnd(now, session.runnable.settings);
  record.penalize = false;
  if (changed) queue.add(record);
  else queue.putBack(record);
}

/** Tells provenance what became of the FlowFile, as NiFi's session does by itself. */
function describe(session: Session, record: FlowFileRecord, now: number, plan: FlowFileRecord['plan'], queues: readonly FlowFileQueue[]): void {
  const { committed, current } = record;
  const relationship = typeof plan === 'string' ? plan : '';
  if (record.created) {
    if (!record.hasOrigin) tell(session, 'CREATE', record, now, { relationship });
  } else if (current.content !== committed.content) tell(session, 'CONTENT_MODIFIED', record, now, { relationship });
  else if (current.own !== committed.own) tell(session, 'ATTRIBUTES_MODIFIED', record, now, { relationship });
  else if (queues.length > 0 && session.runnable.relationships.size > 1) tell(session, 'ROUTE', record, now, { relationship });
  if (queues.length > 0) return;
  const details = plan === REMOVED ? '' : `Auto-Terminated by ${relationship} Relationship`;
  tell(session, 'DROP', record, now, { relationship, details });
}

type Particulars = Partial<Pick<PendingEvent, 'parents' | 'children' | 'transitUri' | 'details'>> & { relationship?: string };

function tell(session: Session, type: EventType, record: FlowFileRecord, now: number, more: Particulars): void {
  const { committed, current } = record;
  const before: FlowFileVersion = record.queue ? committed : current;
  session.journal.provenance.add({
    type,
    time: now,
    component: session.runnable.key,
    flowFile: record.id,
    entryDate: record.entryDate,
    lineageStart: record.lineageStart,
    attributes: current.own,
    previousAttributes: before.own,
    content: current.content,
    previousContent: before.content,
    sourceQueue: record.queue?.key ?? 0,
    relationship: more.relationship ?? '',
    details: more.details ?? '',
    transitUri: more.transitUri ?? '',
    parents: more.parents ?? noNumbers,
    children: more.children ?? noNumbers,
  });
  count(session, type, current.size, now);
}

function count(session: Session, type: EventType, bytes: number, now: number): void {
  if (type !== 'RECEIVE' && type !== 'FETCH' && type !== 'SEND') return;
  const figures = session.runnable.statistics.at(now);
  if (type === 'SEND') {
    figures.flowFilesSent++;
    figures.bytesSent += bytes;
  } else {
    figures.flowFilesReceived++;
    figures.bytesReceived += bytes;
  }
}
