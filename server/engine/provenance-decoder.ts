import { Attributes } from './attributes.ts';
import { ByteReader } from './byte-writer.ts';
import { ContentClaim } from './content-claim.ts';
import { EVENT_TYPES, type ProvenanceEvent } from './provenance.ts';
import type { ProvenanceBlock } from './repositories.ts';

/** The events of a block in the order in which they happened: the reverse of ProvenanceEncoder. */
export function decodeBlock(block: ProvenanceBlock): ProvenanceEvent[] {
  const reader = new BlockReader(block.bytes);
  return Array.from({ length: block.count }, (_, i) => reader.event(block.firstEventId + i, block.firstTime));
}

class BlockReader {
  readonly #reader: ByteReader;
  readonly #texts: string[] = [];
  readonly #sets: Attributes[] = [];

  constructor(bytes: Uint8Array) {
    this.#reader = new ByteReader(bytes);
  }

  event(eventId: number, blockTime: number): ProvenanceEvent {
    const type = EVENT_TYPES[this.#reader.byte()] ?? 'UNKNOWN';
    const component = this.#reader.number();
    const time = blockTime + this.#reader.number();
    const flowFile = this.#reader.number();
    const entryDate = time - this.#reader.number();
    const lineageStart = entryDate - this.#reader.number();
    const attributes = this.#attributes();
    const previousAttributes = this.#attributes();
    const content = this.#content();
    const previousContent = this.#reader.byte() === 1 ? content : this.#content();
    return {
      eventId,
      type,
      component,
      time,
      flowFile,
      entryDate,
      lineageStart,
      attributes,
      previousAttributes,
      content,
      previousContent,
      sourceQueue: this.#reader.number(),
      relationship: this.#text(),
      details: this.#text(),
      transitUri: this.#text(),
      parents: this.#flowFiles(),
      children: this.#flowFiles(),
    };
  }

  #flowFiles(): number[] {
    return Array.from({ length: this.#reader.number() }, () => this.#reader.number());
  }

  #content(): ContentClaim {
    const segment = this.#reader.number();
    return segment === 0 ? ContentClaim.empty : ContentClaim.at(segment, this.#reader.number(), this.#reader.number());
  }

  #attributes(): Attributes {
    const index = this.#reader.number();
    if (index < this.#sets.length) return this.#sets[index]!;
    const size = this.#reader.number();
    const set = Attributes.of(Array.from({ length: size }, () => [this.#text(), this.#reader.text()] as const));
    this.#sets.push(set);
    return set;
  }

  #text(): string {
    const index = this.#reader.number();
    if (index < this.#texts.length) return this.#texts[index]!;
    const text = this.#reader.text();
    this.#texts.push(text);
    return text;
  }
}
