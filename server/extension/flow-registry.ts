import { ProcessError } from './errors.ts';

/** Where a flow is kept in a registry. A registry without branches ignores `branch`. */
export interface FlowLocation {
  readonly branch: string;
  readonly bucket: string;
  readonly flow: string;
}

export interface RegistryBucket {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
}

/** A flow of which a registry keeps versions. */
export interface RegisteredFlow {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
}

/** One stored version of a flow. */
export interface FlowVersion {
  /** Opaque; what `read` takes. */
  readonly version: string;
  readonly author: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly comments: string;
}

/** A version with what it holds: NiFi's flow definition, not looked into. */
export interface StoredFlow extends FlowVersion {
  readonly flow: RegisteredFlow;
  readonly definition: Readonly<Record<string, unknown>>;
  /** Whether no later version is there. */
  readonly isLatest: boolean;
}

export interface SaveRequest {
  readonly location: FlowLocation;
  /** What people call it, for the first version. */
  readonly name?: string;
  readonly description?: string;
  readonly definition: Readonly<Record<string, unknown>>;
  readonly comments: string;
  /** The identity of the user who saves. */
  readonly author: string;
  /** The version that this one follows; undefined where the flow is new. A registry that has a later one refuses with cause `conflict`. */
  readonly follows: string | undefined;
  /** Saves even on top of a version that the user has not seen. */
  readonly force?: boolean;
}

/** What keeps versions of flows. Methods throw RegistryError. */
export interface FlowRegistry {
  /** Such as `git@/srv/flows.git`; carries no secret. */
  readonly storageLocation: string;
  /** The branch that is taken where none is named. */
  readonly defaultBranch: string;
  branches(): Promise<string[]>;
  buckets(branch: string): Promise<RegistryBucket[]>;
  flows(branch: string, bucket: string): Promise<RegisteredFlow[]>;
  /** Newest first. */
  versions(location: FlowLocation): Promise<FlowVersion[]>;
  /** The latest version where none is named. */
  read(location: FlowLocation, version?: string): Promise<StoredFlow>;
  save(request: SaveRequest): Promise<FlowVersion>;
  /** Lets go of what was opened. */
  close(): Promise<void>;
}

/** Why a registry refused. */
export type RegistryCause = 'missing' | 'conflict' | 'invalid' | 'unavailable';

/** A registry refused or could not be reached; the message says what to do. */
export class RegistryError extends ProcessError {
  override name = 'RegistryError';
  readonly kind: RegistryCause;

  constructor(kind: RegistryCause, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
