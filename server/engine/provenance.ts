import type { Attributes } from './attributes.ts';
import { ByteWriter } from './byte-writer.ts';
import type { ContentClaim } from './content-claim.ts';
import type { ProvenanceBlock } from './repositories.ts';

/** NiFi's event types, in the order of their stored numbers: append only. */
export const EVENT_TYPES = [
  'CREATE',
  'RECEIVE',
  'FETCH',
  'SEND',
  'UPLOAD',
  'REMOTE_INVOCATION',
  'DOWNLOAD',
  'DROP',
  'EXPIRE',
  'FORK',
  'JOIN',
  'CLONE',
  'CONTENT_MODIFIED',
  'ATTRIBUTES_MODIFIED',
  'ROUTE',
  'ADDINFO',
  'REPLAY',
  'UNKNOWN',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];

const EVENT_NUMBERS = new Map(EVENT_TYPES.map((type, number) => [type, number]));

/** What happened to a FlowFile, as the session reports it. */
export interface ProvenanceFact {
  readonly type: EventType;
  /** The component's number in the store. */
  readonly component: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly flowFile: number;
  readonly entryDate: number;
  readonly lineageStart: number;
  readonly attributes: Attributes;
  readonly previousAttributes: Attributes;
  readonly content: ContentClaim;
  readonly previousContent: ContentClaim;
  /** The number of the queue that the FlowFile came from; 0 for none. */
  readonly sourceQueue: number;
  readonly relationship: string;
  readonly details: string;
  readonly transitUri: string;
  readonly parents: readonly number[];
  readonly children: readonly number[];
}

/** A fact with its number, as it is read back. */
export interface ProvenanceEvent extends ProvenanceFact {
  readonly eventId: number;
}

/** No parents, no children. */
export const noNumbers: readonly number[] = [];
let blockNumber = 0;

/**
 * Packs events into a block as they happen. Texts and attribute sets are written where they first occur and referred to by
 * number afterwards, so that a FlowFile that many processors only pass on costs a few bytes for each.
 */
export class ProvenanceEncoder {
  readonly #writer = new ByteWriter();
  #count = 0;
  #firstTime = 0;
  #lastTime = 0;
  #firstFlowFile = Number.POSITIVE_INFINITY;
  #lastFlowFile = 0;
  readonly #texts = new Map<string, number>();
  #attributeSets = 0;
  #block = ++blockNumber;

  get count(): number {
    return this.#count;
  }

  get size(): number {
    return this.#writer.size;
  }

  add(fact: ProvenanceFact): void {
    if (this.#count++ === 0) this.#firstTime = fact.time;
    this.#lastTime = fact.time;
    this.#spans(fact.flowFile);
    this.#writer.byte(EVENT_NUMBERS.get(fact.type)!);
    this.#writer.number(fact.component);
    this.#writer.number(Math.max(0, fact.time - this.#firstTime));
    this.#writer.number(fact.flowFile);
    // A clock that was set back must not make these negative.
    this.#writer.number(Math.max(0, fact.time - fact.entryDate));
    this.#writer.number(Math.max(0, fact.entryDate - fact.lineageStart));
    this.#attributes(fact.attributes);
    this.#attributes(fact.previousAttributes);
    this.#content(fact.content);
    if (fact.previousContent === fact.content) this.#writer.byte(1);
    else {
      this.#writer.byte(0);
      this.#content(fact.previousContent);
    }
    this.#writer.number(fact.sourceQueue);
    this.#text(fact.relationship);
    this.#text(fact.details);
    this.#text(fact.transitUri);
    this.#flowFiles(fact.parents);
    this.#flowFiles(fact.children);
  }

  /** The block so far; null where nothing happened. The encoder starts anew. */
  take(firstEventId: number): ProvenanceBlock | null {
    if (this.#count === 0) return null;
    const block: ProvenanceBlock = {
      firstEventId,
      count: this.#count,
      firstTime: this.#firstTime,
      lastTime: this.#lastTime,
      firstFlowFile: this.#firstFlowFile,
      lastFlowFile: this.#lastFlowFile,
      bytes: this.#writer.take(),
    };
    this.#count = 0;
    this.#firstFlowFile = Number.POSITIVE_INFINITY;
    this.#lastFlowFile = 0;
    this.#texts.clear();
    this.#attributeSets = 0;
    this.#block = ++blockNumber;
    return block;
  }

  #spans(flowFile: number): void {
    if (flowFile < this.#firstFlowFile) this.#firstFlowFile = flowFile;
    if (flowFile > this.#lastFlowFile) this.#lastFlowFile = flowFile;
  }

  #flowFiles(ids: readonly number[]): void {
    this.#writer.number(ids.length);
    if (ids.length === 0) return;
    for (const id of ids) {
      this.#writer.number(id);
      this.#spans(id);
    }
  }

  #content(claim: ContentClaim): void {
    this.#writer.number(claim.segment);
    if (claim.segment === 0) return;
    this.#writer.number(claim.offset);
    this.#writer.number(claim.length);
  }

  /** 0, or the number of a set known; a set not known follows its own number. */
  #attributes(set: Attributes): void {
    if (set.provenanceBlock === this.#block) return this.#writer.number(set.provenanceIndex);
    set.provenanceBlock = this.#block;
    set.provenanceIndex = this.#attributeSets++;
    this.#writer.number(set.provenanceIndex);
    this.#writer.number(set.entries.size);
    for (const [name, value] of set.entries) {
      this.#text(name);
      this.#writer.text(value);
    }
  }

  #text(text: string): void {
    const known = this.#texts.get(text);
    if (known !== undefined) return this.#writer.number(known);
    this.#writer.number(this.#texts.size);
    this.#texts.set(text, this.#texts.size);
    this.#writer.text(text);
  }
}
