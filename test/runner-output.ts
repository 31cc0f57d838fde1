import type { EventType } from '../server/engine/provenance.ts';

/** A FlowFile that the processor transferred. */
export interface Output {
  readonly uuid: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The content as text. */
  readonly content: string;
  readonly bytes: Buffer;
  readonly size: number;
  readonly penalized: boolean;
}

/** A provenance event of the processor. */
export interface Told {
  readonly type: EventType;
  readonly relationship: string;
  readonly transitUri: string;
  readonly details: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parents: number;
  readonly children: number;
}
