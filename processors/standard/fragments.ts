import { randomUUID } from 'node:crypto';
import type { FlowFile } from '../../server/extension/flowfile.ts';

/** What splitters tell mergers. */
export const FRAGMENT_ATTRIBUTES = {
  'fragment.identifier': 'The same random value for all parts of one FlowFile',
  'fragment.index': 'The place of the part among the parts of its FlowFile',
  'fragment.count': 'How many parts the FlowFile was split into',
  'segment.original.filename': 'The filename of the FlowFile that was split',
} as const;

/** Numbers the parts of one FlowFile. */
export class Fragments {
  readonly #identifier = randomUUID();
  readonly #count: string;
  readonly #filename: string;

  constructor(original: FlowFile, count: number) {
    this.#count = String(count);
    this.#filename = original.getAttribute('filename') ?? original.uuid;
  }

  /** Attributes of the part with this index. */
  of(index: number): Record<string, string> {
    return { ...this.original, 'fragment.index': String(index), 'segment.original.filename': this.#filename };
  }

  /** Attributes of the FlowFile that was split. */
  get original(): Record<string, string> {
    return { 'fragment.identifier': this.#identifier, 'fragment.count': this.#count };
  }
}
