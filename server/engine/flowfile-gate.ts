import type { Port } from './port.ts';
import type { ProcessGroup } from './process-group.ts';

/**
 * How many FlowFiles a group lets in and out at a time (NiFi User Guide, "FlowFile Concurrency" and "Outbound Policy").
 * One per group, asked by its ports.
 */
export class FlowFileGate {
  readonly #group: ProcessGroup;
  /** The input port whose batch is coming in. */
  #batch: Port | null = null;

  constructor(group: ProcessGroup) {
    this.#group = group;
  }

  /** How many FlowFiles the input port may bring in now. */
  admits(port: Port): number {
    const { flowfileConcurrency } = this.#group.settings;
    if (flowfileConcurrency === 'UNBOUNDED') return Number.POSITIVE_INFINITY;
    if (flowfileConcurrency === 'SINGLE_FLOWFILE_PER_NODE') return this.#group.holdsData ? 0 : 1;
    // A port that stopped in the middle of its batch, or went, leaves the gate to the others.
    if (this.#batch && (this.#batch.group !== this.#group || this.#batch.runnable.state === 'stopped')) this.#batch = null;
    if (this.#batch === null && !this.#group.holdsData) this.#batch = port;
    return this.#batch === port ? Number.POSITIVE_INFINITY : 0;
  }

  /** The port has brought in that many: the batch is complete once nothing was left outside. */
  admitted(port: Port, count: number): void {
    if (this.#batch !== port) return;
    if (count === 0 || port.runnable.incoming.every(({ available }) => available === 0)) this.#batch = null;
  }

  /** Whether the output ports may send. Batch output waits until everything inside stands before an output port. */
  get releases(): boolean {
    const { flowfileConcurrency, flowfileOutboundPolicy } = this.#group.settings;
    if (flowfileOutboundPolicy === 'STREAM_WHEN_AVAILABLE' || flowfileConcurrency === 'UNBOUNDED') return true;
    return !this.#group.processesData;
  }
}
