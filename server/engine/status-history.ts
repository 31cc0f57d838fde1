import type { Component } from './component.ts';
import { Connection } from './connection.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import { ProcessGroup } from './process-group.ts';
import { ProcessorNode } from './processor-node.ts';
import { addFigures, type Figures, noFigures } from './statistics.ts';

/** A measured quantity, with NiFi's field name. */
export interface StatusField {
  readonly field: string;
  readonly label: string;
  readonly description: string;
  readonly formatter: 'COUNT' | 'DURATION' | 'DATA_SIZE' | 'FRACTION';
}

/** The captures of one component. */
export interface ComponentHistory {
  readonly fields: readonly StatusField[];
  /** Oldest first; `values` in the order of the fields, `time` in milliseconds since 1970. */
  readonly snapshots: readonly { readonly time: number; readonly values: readonly number[] }[];
}

interface Measure<T> extends StatusField {
  readonly value: (of: T) => number;
}

interface Measured {
  readonly figures: Figures;
  readonly queued?: { readonly objects: number; readonly bytes: number };
}

function measure(field: string, label: string, formatter: StatusField['formatter'], description: string, value: (of: Measured) => number): Measure<Measured> {
  return { field, label: `${label} (5 mins)`, formatter, description: `${description} in the past 5 minutes`, value };
}

const BYTES_READ = measure('bytesRead', 'Bytes Read', 'DATA_SIZE', 'The total number of bytes read from the Content Repository', ({ figures }) => figures.bytesRead);
const BYTES_WRITTEN = measure('bytesWritten', 'Bytes Written', 'DATA_SIZE', 'The total number of bytes written to the Content Repository', ({ figures }) => figures.bytesWritten);
const BYTES_TRANSFERRED = measure(
  'bytesTransferred',
  'Bytes Transferred',
  'DATA_SIZE',
  'The total number of bytes read from or written to the Content Repository',
  ({ figures }) => figures.bytesRead + figures.bytesWritten,
);
const IN_BYTES = measure('inputBytes', 'Bytes In', 'DATA_SIZE', 'The cumulative size of all FlowFiles that came in', ({ figures }) => figures.bytesIn);
const IN_COUNT = measure('inputCount', 'FlowFiles In', 'COUNT', 'The number of FlowFiles that came in', ({ figures }) => figures.flowFilesIn);
const OUT_BYTES = measure('outputBytes', 'Bytes Out', 'DATA_SIZE', 'The cumulative size of all FlowFiles that went out', ({ figures }) => figures.bytesOut);
const OUT_COUNT = measure('outputCount', 'FlowFiles Out', 'COUNT', 'The number of FlowFiles that went out', ({ figures }) => figures.flowFilesOut);
const TASKS = measure('taskCount', 'Tasks', 'COUNT', 'The number of tasks completed', ({ figures }) => figures.tasks);
const TASK_MILLIS = measure('taskMillis', 'Total Task Duration', 'DURATION', 'The total number of milliseconds that tasks took', ({ figures }) => Math.round(figures.taskMillis));
const TASK_NANOS = measure('averageTaskNanos', 'Average Task Duration (nanoseconds)', 'COUNT', 'The average number of nanoseconds that a task took', ({ figures }) =>
  figures.tasks === 0 ? 0 : Math.round((figures.taskMillis * 1e6) / figures.tasks),
);
const REMOVED = measure('flowFilesRemoved', 'FlowFiles Removed', 'COUNT', 'The number of FlowFiles removed', ({ figures }) => figures.flowFilesRemoved);
const QUEUED_BYTES: Measure<Measured> = {
  field: 'queuedBytes',
  label: 'Queued Bytes',
  formatter: 'DATA_SIZE',
  description: 'The number of bytes queued',
  value: ({ queued }) => queued?.bytes ?? 0,
};
const QUEUED_COUNT: Measure<Measured> = {
  field: 'queuedCount',
  label: 'Queued Count',
  formatter: 'COUNT',
  description: 'The number of FlowFiles queued',
  value: ({ queued }) => queued?.objects ?? 0,
};

const PROCESSOR = [BYTES_READ, BYTES_WRITTEN, BYTES_TRANSFERRED, IN_BYTES, IN_COUNT, OUT_BYTES, OUT_COUNT, TASKS, TASK_MILLIS, REMOVED, TASK_NANOS];
const CONNECTION = [IN_BYTES, IN_COUNT, OUT_BYTES, OUT_COUNT, QUEUED_BYTES, QUEUED_COUNT];
const GROUP = [BYTES_READ, BYTES_WRITTEN, BYTES_TRANSFERRED, IN_BYTES, IN_COUNT, OUT_BYTES, OUT_COUNT, QUEUED_BYTES, QUEUED_COUNT, TASK_MILLIS];

const MINUTE = 60_000;
const CAPTURES = 24 * 60;

/** What the components did, captured once a minute for a day. A capture that equals the one before it costs no memory. */
export class StatusHistory {
  readonly #runtime: FlowRuntime;
  readonly #root: ProcessGroup;
  /** Times of the captures; the number of the first one kept is `#first`. */
  #times: number[] = [];
  #first = 0;
  readonly #rows = new Map<string, { capture: number; values: Float64Array }[]>();
  #cancel = (): void => undefined;

  constructor(runtime: FlowRuntime, root: ProcessGroup) {
    this.#runtime = runtime;
    this.#root = root;
  }

  start(): void {
    this.#cancel = this.#runtime.clock.after(MINUTE, () => {
      this.capture();
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }

  capture(): void {
    const now = this.#runtime.clock.now();
    const capture = this.#first + this.#times.push(now) - 1;
    this.#captureGroup(this.#root, capture, now);
    if (this.#times.length <= CAPTURES) return;
    this.#times.shift();
    this.#first++;
    this.#forget();
  }

  /** Empty until the first capture; undefined for components that are not measured. */
  of(component: Component): ComponentHistory {
    const rows = this.#rows.get(component.id);
    const fields = fieldsOf(component);
    if (!rows) return { fields: [], snapshots: [] };
    const snapshots: { time: number; values: readonly number[] }[] = [];
    let row = 0;
    for (let capture = Math.max(this.#first, rows[0]!.capture); capture < this.#first + this.#times.length; capture++) {
      while (row + 1 < rows.length && rows[row + 1]!.capture <= capture) row++;
      snapshots.push({ time: this.#times[capture - this.#first]!, values: [...rows[row]!.values] });
    }
    return { fields: fields.map(({ field, label, description, formatter }) => ({ field, label, description, formatter })), snapshots };
  }

  /** Captures the group and all below; returns what it adds to the group above. */
  #captureGroup(group: ProcessGroup, capture: number, now: number): Measured {
    const figures = noFigures();
    const queued = { objects: 0, bytes: 0 };
    for (const node of group.processors.values()) {
      const own = node.runnable.statistics.sum(now);
      addFigures(figures, own);
      this.#add(node, capture, { figures: own });
    }
    for (const connection of group.connections.values()) {
      const own = { objects: connection.queue.objectCount, bytes: connection.queue.byteCount };
      queued.objects += own.objects;
      queued.bytes += own.bytes;
      this.#add(connection, capture, { figures: connection.queue.statistics.sum(now), queued: own });
    }
    for (const child of group.groups.values()) {
      const below = this.#captureGroup(child, capture, now);
      addFigures(figures, below.figures);
      queued.objects += below.queued!.objects;
      queued.bytes += below.queued!.bytes;
    }
    this.#add(group, capture, { figures: throughPorts(group, figures, now), queued });
    return { figures, queued };
  }

  #add(component: Component, capture: number, measured: Measured): void {
    const values = Float64Array.from(fieldsOf(component), ({ value }) => value(measured));
    const rows = this.#rows.get(component.id) ?? [];
    const last = rows.at(-1)?.values;
    if (last?.every((value, index) => value === values[index])) return;
    rows.push({ capture, values });
    this.#rows.set(component.id, rows);
  }

  /** Drops what no kept capture needs, and components that are gone. */
  #forget(): void {
    for (const [id, rows] of this.#rows) {
      if (!this.#runtime.components.has(id)) this.#rows.delete(id);
      else while (rows.length > 1 && rows[1]!.capture <= this.#first) rows.shift();
    }
  }
}

function fieldsOf(component: Component): readonly Measure<Measured>[] {
  if (component instanceof ProcessorNode) return PROCESSOR;
  if (component instanceof Connection) return CONNECTION;
  return component instanceof ProcessGroup ? GROUP : [];
}

/** A group's input and output are what its ports pass. */
function throughPorts(group: ProcessGroup, inside: Figures, now: number): Figures {
  const sums = (ports: Iterable<{ runnable: { statistics: { sum(now: number): Figures } } }>): Figures =>
    [...ports].reduce((sum, { runnable }) => addFigures(sum, runnable.statistics.sum(now)), noFigures());
  const [into, out] = [sums(group.inputPorts.values()), sums(group.outputPorts.values())];
  return { ...inside, flowFilesIn: into.flowFilesIn, bytesIn: into.bytesIn, flowFilesOut: out.flowFilesOut, bytesOut: out.bytesOut };
}
