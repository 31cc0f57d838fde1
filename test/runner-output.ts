import type { FlowFileIds, FlowFileRecord } from '../server/engine/flowfile-record.ts';
import type { EventType } from '../server/engine/provenance.ts';
import { decodeBlock } from '../server/engine/provenance-decoder.ts';
import type { ContentRepository, ProvenanceRepository } from '../server/engine/repositories.ts';
import type { ProcessorDefinition } from '../server/extension/processor.ts';

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

/** A FlowFile as a test sees it; `now` in milliseconds since 1970. */
export function outputOf({ committed, penaltyUntil }: FlowFileRecord, content: ContentRepository, now: number): Output {
  const bytes = content.read(committed.content);
  const { uuid, size } = committed;
  return { uuid, size, bytes, content: bytes.toString(), attributes: Object.fromEntries(committed.attributes), penalized: penaltyUntil > now };
}

/** The stored events of a component, in order. */
export function toldBy(provenance: ProvenanceRepository, component: number, ids: FlowFileIds): Told[] {
  const events = [...provenance.blocks({})].reverse().flatMap(decodeBlock);
  return events
    .filter((event) => event.component === component)
    .map(({ type, relationship, transitUri, details, attributes, flowFile, parents, children }) => ({
      type,
      relationship,
      transitUri,
      details,
      attributes: { uuid: ids.uuidOf(flowFile), ...Object.fromEntries(attributes.entries) },
      parents: parents.length,
      children: children.length,
    }));
}

/** Stands before the processor under test. */
export const SOURCE: ProcessorDefinition = {
  kind: 'processor',
  description: 'Stands before the processor under test',
  tags: [],
  input: 'forbidden',
  properties: {},
  relationships: { success: '' },
  onTrigger: () => undefined,
};
