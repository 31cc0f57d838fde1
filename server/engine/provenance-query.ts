import type { Readable } from 'node:stream';
import { ConflictError, NotFoundError } from './errors.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import { buildLineage, type Lineage } from './lineage.ts';
import { type DescribedEvent, describeEvent } from './provenance-description.ts';
import { decodeBlock } from './provenance-decoder.ts';
import type { ProvenanceEvent } from './provenance.ts';
import { compileSearch, type ProvenanceSearch } from './provenance-search.ts';
import { replayEvent } from './replay.ts';

export type { DescribedEvent } from './provenance-description.ts';
export type { Lineage, LineageLink, LineageNode } from './lineage.ts';
export type { ProvenanceSearch, SearchTerm } from './provenance-search.ts';

export interface SearchResult {
  /** Newest first. */
  readonly events: readonly DescribedEvent[];
  /** How many were found. */
  readonly total: number;
  /** Whether the search ended because it had found as many as were asked for. */
  readonly more: boolean;
  /** Time of the oldest event that was looked at, milliseconds since 1970. */
  readonly oldest: number | undefined;
}

interface Range {
  readonly fromTime?: number;
  readonly toTime?: number;
  readonly flowFile?: number;
}

/** How long a search may hold the event loop, milliseconds. */
const SLICE_MILLIS = 8;
const MAX_RESULTS = 1000;
/** A lineage of more events than this shows the newest. */
const MAX_LINEAGE_EVENTS = 10_000;

/** Questions about what happened to FlowFiles. Searches let the flow go on meanwhile. */
export class ProvenanceQueries {
  readonly #runtime: FlowRuntime;

  constructor(runtime: FlowRuntime) {
    this.#runtime = runtime;
  }

  /** Throws InvalidRequestError where a term cannot be searched for, the signal's reason once it fires. */
  async search(search: ProvenanceSearch = {}, signal?: AbortSignal): Promise<SearchResult> {
    const { range, matches } = compileSearch(search, this.#runtime);
    const max = search.maxResults ?? MAX_RESULTS;
    const events: DescribedEvent[] = [];
    let oldest: number | undefined;
    for await (const event of this.#newestFirst(range, signal)) {
      oldest = event.time;
      if (!matches(event)) continue;
      if (events.length >= max) return { events, total: events.length, more: true, oldest };
      events.push(this.describe(event));
    }
    return { events, total: events.length, more: false, oldest };
  }

  /** Throws NotFoundError. */
  event(eventId: number): DescribedEvent {
    return this.describe(this.#find(eventId));
  }

  /** The newest events of a component, newest first. */
  async latest(componentId: string, limit = 1): Promise<readonly DescribedEvent[]> {
    return (await this.search({ terms: { ProcessorID: { value: componentId } }, maxResults: limit })).events;
  }

  /** The way of one FlowFile. Throws NotFoundError where nothing is known of it. */
  async lineage(flowFileUuid: string, signal?: AbortSignal): Promise<Lineage> {
    const id = this.#runtime.journal.ids.idOf(flowFileUuid);
    if (id === undefined) throw new NotFoundError(`Nothing is known of a FlowFile with UUID ${flowFileUuid}.`);
    return this.#lineageOf(new Set([id]), { flowFile: id }, signal);
  }

  /** The ways of the FlowFiles that an event made (`CHILDREN`) or was made of (`PARENTS`). */
  async expand(eventId: number, direction: 'PARENTS' | 'CHILDREN', signal?: AbortSignal): Promise<Lineage> {
    const event = this.#find(eventId);
    const range = direction === 'PARENTS' ? { toTime: event.time } : { fromTime: event.time };
    return this.#lineageOf(new Set(direction === 'PARENTS' ? event.parents : event.children), range, signal);
  }

  async #lineageOf(flowFiles: ReadonlySet<number>, range: Range, signal?: AbortSignal): Promise<Lineage> {
    const concerns = ({ flowFile, parents, children }: ProvenanceEvent): boolean =>
      flowFiles.has(flowFile) || parents.some((id) => flowFiles.has(id)) || children.some((id) => flowFiles.has(id));
    const events: DescribedEvent[] = [];
    for await (const event of this.#newestFirst(range, signal)) {
      if (!concerns(event)) continue;
      events.push(this.describe(event));
      if (events.length >= MAX_LINEAGE_EVENTS) break;
    }
    return buildLineage(events.reverse(), flowFiles, this.#runtime.journal.ids);
  }

  /** Content of an event's FlowFile before (`input`) or after (`output`) it. Throws NotFoundError where it is gone. */
  content(eventId: number, side: 'input' | 'output'): { stream: Readable; size: number; event: DescribedEvent } {
    const event = this.event(eventId);
    const available = side === 'input' ? event.inputContentAvailable : event.outputContentAvailable;
    if (!available) throw new NotFoundError(`The ${side} content of event ${eventId} is not available any more.`);
    const claim = side === 'input' ? event.event.previousContent : event.event.content;
    return { stream: this.#runtime.journal.content.readStream(claim), size: claim.length, event };
  }

  /** Puts a FlowFile like the one before the event into the connection that it came from. Throws ConflictError where that cannot be. */
  replay(eventId: number, user?: string): DescribedEvent {
    const described = this.event(eventId);
    if (described.replayRefusal !== undefined) throw new ConflictError(`Cannot replay event ${eventId}: ${described.replayRefusal}`);
    replayEvent(this.#runtime, described.event, user);
    return described;
  }

  describe(event: ProvenanceEvent): DescribedEvent {
    return describeEvent(event, this.#runtime);
  }

  #find(eventId: number): ProvenanceEvent {
    this.#runtime.journal.tryFlush();
    for (const block of this.#runtime.config.provenance.blocks({ event: eventId })) {
      const event = decodeBlock(block)[eventId - block.firstEventId];
      if (event) return event;
    }
    throw new NotFoundError(`Unable to find provenance event with id ${eventId}.`);
  }

  async *#newestFirst(range: Range, signal?: AbortSignal): AsyncGenerator<ProvenanceEvent> {
    const { journal, clock, config } = this.#runtime;
    journal.tryFlush();
    let sliceEnd = clock.monotonic() + SLICE_MILLIS;
    for (const block of config.provenance.blocks(range)) {
      for (const event of decodeBlock(block).reverse()) yield event;
      if (clock.monotonic() < sliceEnd) continue;
      await new Promise<void>((resolve) => clock.soon(resolve));
      signal?.throwIfAborted();
      sliceEnd = clock.monotonic() + SLICE_MILLIS;
    }
  }
}
