import type { IncomingMessage } from 'node:http';
import type { FlowController } from '../engine/flow-controller.ts';
import type { Clock } from '../engine/clock.ts';
import type { LogLine } from '../engine/runtime.ts';

/** How full a place is that repositories write to. */
export interface StorageUsage {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** What the REST API stands on; the composition root builds it. */
export interface RestServices {
  readonly flow: FlowController;
  readonly about: {
    /** Millrace's own version. */
    readonly version: string;
    /** Where it was built from, if known. */
    readonly revision?: string;
  };
  readonly clock: Clock;
  log(line: LogLine): void;
  /** Without login: only requests to a loopback name are answered. */
  readonly loopbackOnly: boolean;
  /** The file system that the data directory lies on. */
  storage(): StorageUsage;
  /** Who sends a request, where there is a login; throws HttpError 401 or 403. Without it everybody is `anonymous`. */
  identify?(request: IncomingMessage): string;
}

/** The version of NiFi whose API this is. */
export const API_VERSION = '2.7.2';

export const ANONYMOUS = 'anonymous';
