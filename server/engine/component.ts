import { InvalidRequestError } from './errors.ts';
import type { ProcessGroup } from './process-group.ts';
import type { Runtime } from './runtime.ts';

/** Counts the edits of a component, so that two people cannot overwrite each other unknowingly. */
export interface Revision {
  readonly version: number;
  /** The client that wrote last. */
  readonly clientId?: string;
  /** The user who wrote last. */
  readonly lastModifier?: string;
}

/** What a client says about the revision that its edit is based on, and who it is. */
export interface RevisionClaim {
  readonly version: number;
  readonly clientId?: string;
  readonly user?: string;
}

/** On the canvas, in its units. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

export type ComponentKind =
  | 'PROCESSOR'
  | 'INPUT_PORT'
  | 'OUTPUT_PORT'
  | 'FUNNEL'
  | 'LABEL'
  | 'CONNECTION'
  | 'PROCESS_GROUP'
  | 'CONTROLLER_SERVICE'
  | 'PARAMETER_CONTEXT'
  | 'CONTROLLER'
  | 'REPORTING_TASK'
  | 'PARAMETER_PROVIDER'
  | 'FLOW_ANALYSIS_RULE'
  | 'FLOW_REGISTRY_CLIENT';

/** What every component is stored with. */
export interface StoredBase {
  readonly name: string;
  readonly comments?: string;
  readonly position?: Position;
  readonly versionedId?: string;
  readonly revision: Revision;
}

/** What an edit may say of any component; what is left out stays. */
export interface ComponentEdit {
  readonly name?: string;
  readonly comments?: string;
  readonly position?: Position;
}

/** A node of the flow: everything that has an id, a revision and a place in a process group. */
export abstract class Component {
  abstract readonly kind: ComponentKind;
  readonly id: string;
  readonly runtime: Runtime;
  revision: Revision = { version: 0 };
  name: string;
  comments = '';
  position: Position = { x: 0, y: 0 };
  /** Its identifier in the flow definition that it was imported from. */
  versionedId: string | undefined = undefined;
  /** The group that holds it; null for the root group, parameter contexts and what stands beside the canvas. */
  group: ProcessGroup | null;

  constructor(runtime: Runtime, id: string, name: string, group: ProcessGroup | null) {
    this.runtime = runtime;
    this.id = id;
    this.name = name;
    this.group = group;
  }

  /** Its configuration as plain data, sensitive values encrypted: what is stored. */
  abstract toStored(): StoredBase;

  /** Takes over what every component is stored with. */
  protected restoreBase(stored: StoredBase): void {
    this.name = stored.name;
    this.comments = stored.comments ?? '';
    this.position = stored.position ?? { x: 0, y: 0 };
    this.versionedId = stored.versionedId;
    this.revision = stored.revision;
  }

  protected storedBase(): StoredBase {
    const { name, comments, position, versionedId, revision } = this;
    return { name, comments, position, versionedId, revision };
  }

  /** Name, comments and position. */
  protected editBase(edit: ComponentEdit): void {
    this.name = edit.name ?? this.name;
    this.comments = edit.comments ?? this.comments;
    if (edit.position) this.moveTo(edit.position);
  }

  /** Moves it on the canvas: allowed at any time. */
  moveTo(position: Position): void {
    if (!Number.isFinite(position.x) || !Number.isFinite(position.y)) throw new InvalidRequestError('The x and y coordinate of the position must be numbers.');
    this.position = { x: position.x, y: position.y };
    this.runtime.touch(this);
  }

  /** Stands in another group from now on. */
  enterGroup(group: ProcessGroup): void {
    this.group = group;
    this.runtime.touch(this);
  }

  /** How messages name it. */
  get label(): string {
    return `${this.name} (${this.id})`;
  }
}
