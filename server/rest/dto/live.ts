import type { FlowEvent } from '../../engine/flow-runtime.ts';
import type { BulletinEntity } from './common.ts';
import type { GroupStatusSnapshotDto } from './group-status.ts';

/** A component that came, changed or went. */
export interface LiveChange {
  id: string;
  kind: string;
  /** `state`: it started, stopped, became valid ... by itself. */
  type: FlowEvent['type'];
  version: number;
  groupId?: string;
}

/** What the server says: at most twice a second, and only where something is new. */
export interface LiveMessage {
  group: string;
  /** Numbers of the group, and of what is directly in it: of those whose numbers are new, in the first message of all. */
  status: GroupStatusSnapshotDto;
  /** Those since the last message. */
  bulletins: BulletinEntity[];
  /** Those since the last message: the client fetches what it shows of them. */
  changes: LiveChange[];
}

/** What the server says instead where it does not understand. */
export interface LiveRefusal {
  error: string;
}
