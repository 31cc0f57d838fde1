import { Journal } from '../server/engine/journal.ts';
import { assignRanks } from '../server/engine/rank.ts';
import { FlowFileQueue } from '../server/engine/queue.ts';
import { decodeBlock } from '../server/engine/provenance-decoder.ts';
import type { ProvenanceEvent } from '../server/engine/provenance.ts';
import type { ContentRepository, ProvenanceRepository, Store } from '../server/engine/repositories.ts';
import { defaultRunSettings, Runnable, type RunSettings, type Work } from '../server/engine/runnable.ts';
import { Scheduler } from '../server/engine/scheduler.ts';
import { Session } from '../server/engine/session.ts';
import { MemoryContentRepository, MemoryStore } from '../server/repository/memory.ts';
import { ManualClock } from './manual-clock.ts';

function inMemory() {
  const store = new MemoryStore();
  return { store, provenance: store, content: new MemoryContentRepository() };
}

/** The data path without a flow around it: runnables and queues on real sessions, journal and scheduler. */
export class Rig {
  readonly clock = new ManualClock();
  readonly bulletins: string[] = [];
  readonly journal: Journal;
  readonly scheduler: Scheduler;
  readonly runnables: Runnable[] = [];
  readonly store: Store;
  readonly provenance: ProvenanceRepository;

  constructor(repositories: { store: Store; provenance: ProvenanceRepository; content: ContentRepository } = inMemory()) {
    const { store, content } = repositories;
    this.store = store;
    this.provenance = repositories.provenance;
    this.journal = new Journal(store, content, this.clock);
    this.scheduler = new Scheduler(this.clock, this.journal);
  }

  runnable(name: string, relationships: readonly string[], settings: Partial<RunSettings> = {}, trigger?: Work['trigger']): Runnable {
    const show = (message: string): void => void this.bulletins.push(`${name}: ${message}`);
    const runnable = new Runnable(name, this.store.keyOf(name), name, name, 'root', { debug: () => undefined, info: show, warn: show, error: show });
    runnable.relationships = new Set(relationships);
    runnable.settings = { ...defaultRunSettings, ...settings };
    runnable.work = trigger ? { trigger } : null;
    this.runnables.push(runnable);
    return runnable;
  }

  /** A runnable that makes one FlowFile a trigger, numbered in the attribute `n`. */
  source(name = 'source', period = 1000): Runnable {
    let made = 0;
    return this.runnable(name, ['success'], { needsInput: false, schedule: { strategy: 'timer', period } }, (session) => {
      session.transfer(session.putAttribute(session.create(), 'n', String(made++)), 'success');
    });
  }

  connect(from: Runnable, to: Runnable, ...relationships: string[]): FlowFileQueue {
    const id = `${from.name}-${relationships.join()}-${to.name}`;
    const queue = new FlowFileQueue(id, this.store.keyOf(id), from, to);
    from.attachOutgoing(queue, relationships.length > 0 ? relationships : ['success']);
    to.incoming.push(queue);
    assignRanks(this.runnables);
    return queue;
  }

  session(runnable: Runnable): Session {
    return new Session(runnable, this.journal, this.clock);
  }

  /** Puts FlowFiles into a queue as its producer would. */
  fill(queue: FlowFileQueue, ...flowFiles: { content?: string; attributes?: Record<string, string> }[]): void {
    const session = this.session(queue.producer);
    for (const { content, attributes } of flowFiles) {
      let flowFile = session.putAttributes(session.create(), attributes ?? {});
      if (content !== undefined) flowFile = session.write(flowFile, content);
      session.transfer(flowFile, [...queue.producer.outgoing].find(([, queues]) => queues.includes(queue))![0]);
    }
    session.commit();
  }

  events(): ProvenanceEvent[] {
    this.journal.flush();
    return [...this.provenance.blocks({})].reverse().flatMap(decodeBlock);
  }
}

/** The values of an attribute along a queue, in its order. */
export function along(queue: FlowFileQueue, attribute: string): (string | undefined)[] {
  return [...queue.list()].map(({ committed }) => committed.getAttribute(attribute));
}
