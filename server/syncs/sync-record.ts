import type { Revision } from '../engine/component.ts';
import type { TestStepView } from './views.ts';

/** What a test came to. */
export interface TestRecord {
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly ended: number;
  readonly passed: boolean;
  readonly steps: readonly TestStepView[];
  /** What was tested, as a digest: a change since makes the test void. */
  readonly digest: string;
}

/** What a sync has beyond its process group. Everything else is in the flow, where the canvas shows it. */
export interface SyncRecord {
  /** The connector's name. */
  readonly connector: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly createdBy: string;
  /** Whether it was ever switched on; until then it is a draft. */
  readonly active: boolean;
  readonly revision: Revision;
  /** IANA name; of its cron schedule. */
  readonly timeZone: string;
  readonly emails: readonly string[];
  readonly webhook: string | null;
  readonly runLog: { readonly service: string; readonly table: string } | null;
  readonly test: TestRecord | null;
}
