import type { Readable } from 'node:stream';
import type { FlowController } from '../engine/flow-controller.ts';
import type { Clock } from '../engine/clock.ts';
import type { AccessControl } from './authorization/access-control.ts';
import type { LogLine } from '../engine/runtime.ts';
import type { Catalogue } from '../syncs/catalogue.ts';
import type { Syncs } from '../syncs/syncs.ts';

/** How full a place is that repositories write to. */
export interface StorageUsage {
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** What comes of a name and a password: a token, a no, or the number of seconds after which to try again. */
export type Admission = { readonly token: string } | 'refused' | { readonly retryAfter: number };

/** Who shows a token that counts. */
export interface Identified {
  readonly id: string;
  readonly identity: string;
}

/** Users with passwords, and the tokens that stand for them. */
export interface Login {
  /** `address`: where the request comes from. */
  enter(credentials: { readonly username: string; readonly password: string }, address: string): Promise<Admission>;
  /** Whose token it is; undefined where it does not count (any more). */
  identify(token: string): Promise<Identified | undefined>;
  /** From now on the token does not count. */
  leave(token: string): Promise<void>;
}

/** Where it is written down who did what. */
export interface Audit {
  /** Adds an entry and returns its number. Throws StorageError. */
  append(entry: object): number;
  /** All entries, JSON lines. */
  read(): Readable;
  /** All entries as JSON, the last one first. */
  latest(): Iterable<string>;
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
  /** Bound to a loopback address: only requests to a loopback name are answered. */
  readonly loopbackOnly: boolean;
  /** The file system that the data directory lies on. */
  storage(): StorageUsage;
  /** Without it there are none. */
  readonly connectors?: Catalogue;
  /** Without it there are none. */
  readonly syncs?: Syncs;
  /** Without it everybody is `anonymous`. */
  readonly login?: Login;
  /** Users, groups and policies; without it everybody may do everything. */
  readonly access?: AccessControl;
  /** Without it nothing is written down. */
  readonly audit?: Audit;
}

/** The version of NiFi whose API this is. */
export const API_VERSION = '2.7.2';

export const ANONYMOUS = 'anonymous';

/** Who asks where there is no login. */
export const NOBODY: Identified = { id: '', identity: ANONYMOUS };
