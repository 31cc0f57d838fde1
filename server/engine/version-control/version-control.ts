import type { FlowCoordinates, FlowDefinition } from '../flow-definition/format.ts';
import type { FlowDifference } from '../flow-definition/compare.ts';

/** What is stored with a group; the version's contents are stored apart (snapshots.ts). */
export interface StoredVersionControl {
  readonly coordinates: VersionCoordinates;
  readonly bucketName: string;
  readonly flowName: string;
  readonly flowDescription?: string;
}

export type VersionCoordinates = FlowCoordinates & { readonly registryId: string };

/** NiFi's states of a group under version control. */
export type VersionedFlowState = 'UP_TO_DATE' | 'LOCALLY_MODIFIED' | 'STALE' | 'LOCALLY_MODIFIED_AND_STALE' | 'SYNC_FAILURE';

/** Which version in a registry a group follows, what that version holds, and what is known of the registry. Replaced when the version changes. */
export class VersionControl {
  readonly stored: StoredVersionControl;
  /** What the version holds; undefined until it is read from the registry, where nobody here had it. */
  snapshot: FlowDefinition | undefined;
  /** The latest version in the registry, as far as is known. */
  latest: string | undefined = undefined;
  /** Why the registry could not be asked last. */
  failure: string | undefined = undefined;
  /** Local modifications, and the count of edits at which they were computed. */
  modifications: { readonly at: number; readonly found: readonly FlowDifference[] } | undefined = undefined;

  constructor(stored: StoredVersionControl, snapshot: FlowDefinition | undefined) {
    this.stored = stored;
    this.snapshot = snapshot;
  }

  get coordinates(): VersionCoordinates {
    return this.stored.coordinates;
  }

  get version(): string {
    return this.coordinates.version;
  }

  get isStale(): boolean {
    return this.latest !== undefined && this.latest !== this.version;
  }

  toStored(): StoredVersionControl {
    return this.stored;
  }

  static restore(stored: StoredVersionControl): VersionControl {
    return new VersionControl(stored, undefined);
  }
}
