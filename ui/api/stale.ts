import type { Patch } from '../shared/patch.ts';
import { createStore } from '../shared/store.ts';

/** An edit that would overwrite what somebody else has changed since its form was opened. */
export interface Conflict {
  readonly label: string;
  /** Who, where the server knows. */
  readonly who?: string;
  /** Paths of the fields that both have changed. */
  readonly contested: readonly string[];
  /** The fields as they were when the form was opened, as they are now, and as they would be. */
  readonly base: Patch;
  readonly theirs: Patch;
  readonly mine: Patch;
  /** Writes this, or nothing: theirs stays. */
  decide(taken: Patch | undefined): void;
}

/** The one that the user is asked about. */
export const conflictStore = createStore<Conflict | undefined>(undefined);
