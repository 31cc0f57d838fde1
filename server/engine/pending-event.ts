import type { FlowFileRecord } from './flowfile-record.ts';
import type { EventType } from './provenance.ts';

/** Something that a session will tell provenance when it commits. */
export interface PendingEvent {
  readonly type: EventType;
  readonly record: FlowFileRecord;
  readonly transitUri: string;
  readonly details: string;
  readonly parents: readonly number[];
  readonly children: number[];
}
