import type { ProcessorDefinition } from '../../server/extension/processor.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { countRequest } from '../../server/extension/run-meter.ts';
import { FlowController } from '../../server/engine/flow-controller.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import type { ProcessorEdit } from '../../server/engine/processor-config.ts';
import type { ProcessorNode } from '../../server/engine/processor-node.ts';
import { Run } from '../../server/engine/run.ts';
import { refreshRunScopes, SYNC_KIND } from '../../server/engine/run-scopes.ts';
import { MemoryContentRepository, MemoryStore } from '../../server/repository/memory.ts';
import { ManualClock } from '../manual-clock.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { TypeTable } from '../type-table.ts';

const created = { version: 0 };
const rowsIn = (content: Buffer): number[] => JSON.parse(content.toString()) as number[];
const count = (rows: readonly number[]) => ({ 'record.count': String(rows.length) });

/** Numbers that follow from a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface Faults {
  /** How often something fails, 0 to 1. */
  readonly rate: number;
  readonly merges: boolean;
}

/** The system at the end of a sync, which counts for itself: each row once, however often it comes. */
export class Destination {
  readonly accepted = new Set<number>();
  readonly rejected = new Set<number>();
  requests = 0;

  /** Whether the row was accepted, was there already, or is refused. */
  put(row: number): 'accepted' | 'unchanged' | 'rejected' {
    if (row % 11 === 0) {
      this.rejected.add(row);
      return 'rejected';
    }
    if (this.accepted.has(row)) return 'unchanged';
    this.accepted.add(row);
    return 'accepted';
  }
}

/** A sync in memory: source, split, perhaps merge, destination. Everything fails now and then, and the process can be killed. */
export class RunWorld {
  readonly destination = new Destination();
  readonly chance: () => number;
  clock = new ManualClock();
  flow!: FlowController;
  readonly #store = new MemoryStore();
  readonly #content = new MemoryContentRepository();
  readonly #types = new TypeTable();
  readonly #faults: Faults;
  readonly #rows: number;
  #groupId = '';

  constructor(seed: number, rows: number, faults: Faults) {
    this.chance = random(seed);
    this.#rows = rows;
    this.#faults = faults;
    for (const [name, definition] of Object.entries(this.#definitions())) this.#types.addProcessor(name, definition as unknown as ProcessorDefinition);
    this.#open();
    this.#build();
  }

  get group(): ProcessGroup {
    return this.flow.group(this.#groupId);
  }

  /** The process dies and starts again: what was not stored is gone, and what the old one still does reaches nobody. */
  kill(): void {
    this.clock = new ManualClock(this.clock.now());
    this.#open();
  }

  runs(): Run[] {
    this.flow.runtime.journal.flush();
    return this.#store.runs(this.#groupId, 10_000).map((stored) => Run.restore(stored));
  }

  rejectedRows(run: number): number[] {
    return this.#store.rejectedRows(run, 10_000).map(({ row }) => Number(row));
  }

  get cursor(): number {
    const source = this.processor('Source');
    return Number(this.flow.runtime.journal.state(source.id, 'local').entries.get('cursor') ?? 0);
  }

  get isDone(): boolean {
    return this.cursor >= this.#rows && !this.group.holdsData && this.flow.runtime.journal.runs.openRuns(this.#groupId).length === 0;
  }

  processor(name: string): ProcessorNode {
    return [...this.group.processors.values()].find((node) => node.name === name)!;
  }

  #open(): void {
    this.flow = FlowController.open({
      clock: this.clock,
      store: this.#store,
      content: this.#content,
      provenance: this.#store,
      types: this.#types,
      environment: new Map(),
      secrets: { encrypt: (text) => text, decrypt: (text) => text },
      componentDirectory: temporaryDirectory(),
      assetDirectory: temporaryDirectory(),
      timeZone: 'UTC',
    });
    this.flow.start();
  }

  #build(): void {
    const { flow } = this;
    const group = flow.createGroup(flow.root, created, { name: 'sync' });
    this.#groupId = group.id;
    const { runs } = flow.runtime.journal;
    flow.runtime.journal.saveComponent({ id: 'sync', kind: SYNC_KIND, parentId: group.id, json: '{}' });
    runs.tracked.add(group.id);
    const quick: ProcessorEdit = { penaltyDuration: '5 ms', yieldDuration: '1 ms' };
    const add = (type: string, edit: ProcessorEdit = {}) => flow.createProcessor(group, created, { type: `test.${type}`, name: type, ...quick, ...edit });
    const retry: ProcessorEdit = { retriedRelationships: ['failure'], retryCount: 2, maxBackoffPeriod: '10 ms', concurrentlySchedulableTaskCount: 3 };
    const steps = [add('Source', { schedulingPeriod: '20 ms' }), add('Split'), ...(this.#faults.merges ? [add('Merge')] : []), add('Put', retry)];
    const connect = (source: string, destination: string, ...relationships: string[]) =>
      flow.createConnection(group, created, { source, destination, selectedRelationships: relationships });
    for (let i = 1; i < steps.length; i++) connect(steps[i - 1]!.id, steps[i]!.id, 'success');
    const put = steps.at(-1)!;
    connect(put.id, put.id, 'failure');
    flow.change(put, { version: put.revision.version }, () => put.configure({ autoTerminatedRelationships: ['success'] }));
    refreshRunScopes(flow.runtime);
    void flow.schedule(group, 'RUNNING');
  }

  #mayFail(): void {
    if (this.chance() < this.#faults.rate) throw new Error('as it happens');
  }

  #definitions() {
    const world = this;
    const Source = defineProcessor({
      description: 'Reads rows',
      tags: [],
      input: 'forbidden',
      triggerSerially: true,
      stateful: { scope: 'local', description: 'cursor' },
      properties: {},
      relationships: { success: 'Rows' },
      onTrigger(session) {
        const from = Number(session.getState('local').get('cursor') ?? 0);
        const to = Math.min(world.#rows, from + 1 + Math.floor(world.chance() * 40));
        for (let at = from; at < to; at += 10) {
          const rows = Array.from({ length: Math.min(10, to - at) }, (_, index) => at + index);
          session.tally('rowsRead', rows.length);
          session.transfer(session.putAttributes(session.write(session.create(), JSON.stringify(rows)), count(rows)), 'success');
        }
        world.#mayFail();
        if (to > from) session.setState('local', { cursor: String(to) });
      },
    });
    const Split = defineProcessor({
      description: 'Splits',
      tags: [],
      input: 'required',
      properties: {},
      relationships: { success: 'Parts' },
      onTrigger(session) {
        const flowFile = session.get();
        if (!flowFile) return;
        const rows = rowsIn(session.read(flowFile));
        const size = 1 + Math.floor(world.chance() * 4);
        for (let at = 0; at < rows.length; at += size) {
          const part = rows.slice(at, at + size);
          const child = world.chance() < 0.5 ? session.create(flowFile) : session.clone(flowFile);
          session.transfer(session.putAttributes(session.write(child, JSON.stringify(part)), count(part)), 'success');
        }
        session.remove(session.removeAttributes(flowFile, ['sync.run']));
        world.#mayFail();
      },
    });
    const Merge = defineProcessor({
      description: 'Merges, whatever run it is of',
      tags: [],
      input: 'required',
      properties: {},
      relationships: { success: 'Merged' },
      onTrigger(session) {
        const flowFiles = session.getBatch(1 + Math.floor(world.chance() * 6));
        if (flowFiles.length === 0) return;
        const rows = flowFiles.flatMap((each) => rowsIn(session.read(each)));
        // Some processors name what they made their FlowFile of, others do not.
        const merged = world.chance() < 0.5 ? session.create(flowFiles) : session.create();
        session.transfer(session.putAttributes(session.write(merged, JSON.stringify(rows)), count(rows)), 'success');
        session.remove(flowFiles);
        world.#mayFail();
      },
    });
    const Put = defineProcessor({
      description: 'Writes rows',
      tags: [],
      input: 'required',
      properties: {},
      relationships: { success: 'All', failure: 'Tried again' },
      async onTrigger(session) {
        const flowFile = session.get();
        if (!flowFile) return;
        countRequest();
        world.destination.requests++;
        await new Promise((resolve) => setImmediate(resolve));
        world.#mayFail();
        const rows = rowsIn(session.read(flowFile));
        const outcomes = rows.map((row) => ({ row, outcome: world.destination.put(row) }));
        const of = (outcome: string) => outcomes.filter((each) => each.outcome === outcome);
        // What is said of rows that are tried again must be forgotten: it is said anew.
        const isLast = world.chance() >= world.#faults.rate;
        const tries = Number(flowFile.getAttribute(`retryCount.${world.processor('Put').id}`) ?? 0);
        if (isLast || tries < 2) {
          session.tally('rowsSent', of('accepted').length, flowFile);
          session.tally('rowsUnchanged', of('unchanged').length, flowFile);
          session.refuse(
            of('rejected').map(({ row }) => ({ row: row as never, reason: 'eleven' })),
            flowFile,
          );
        }
        world.#mayFail();
        session.transfer(flowFile, isLast ? 'success' : 'failure');
      },
    });
    return { Source, Split, Merge, Put };
  }
}
