import type { BulletinLevel, ComponentContext, ComponentDeclaration } from './component.ts';
import type { PropertyMap } from './property.ts';
import type { ProcessSession } from './session.ts';

export type InputRequirement = 'required' | 'allowed' | 'forbidden';

/** What a trigger of a processor may ask of the runtime; `client` is what its `onScheduled` returned. */
export interface ProcessContext<P extends PropertyMap, C = undefined> extends ComponentContext<P> {
  readonly client: C;
  /** The names of the relationships that lead somewhere with room left. */
  readonly availableRelationships: ReadonlySet<string>;
  /** Whether any connection leads in; for processors whose input is allowed, not required. */
  readonly hasIncomingConnection: boolean;
  /** Not now: the processor is left alone for its yield duration. */
  yield(): void;
}

/** A processor type: behaviour, form, validation and documentation in one declaration. */
export interface ProcessorDefinition<P extends PropertyMap = PropertyMap, R extends string = string, C = unknown> extends ComponentDeclaration<P> {
  readonly kind: 'processor';
  readonly input: InputRequirement;
  /** Name to description. */
  readonly relationships: Readonly<Record<R, string>>;
  /** Relationships as they follow from configured property texts, where they are not fixed. */
  relationshipsFor?(texts: ReadonlyMap<string, string>): Readonly<Record<string, string>>;
  /** Never more than one task at a time. */
  readonly triggerSerially?: boolean;
  /** Runs on one node of a cluster only. */
  readonly primaryNodeOnly?: boolean;
  /** Runs even when the incoming connections are empty (MergeContent must close old bins). */
  readonly triggerWhenEmpty?: boolean;
  /** Runs while any relationship has room, and looks at `availableRelationships` itself (DistributeLoad). */
  readonly triggerWhenAnyDestinationAvailable?: boolean;
  readonly sideEffectFree?: boolean;
  /** Whether a run duration may be set. */
  readonly supportsBatching?: boolean;
  readonly readsAttributes?: Readonly<Record<string, string>>;
  readonly writesAttributes?: Readonly<Record<string, string>>;
  readonly defaults?: {
    readonly schedulingPeriod?: string;
    readonly yieldDuration?: string;
    readonly penaltyDuration?: string;
    readonly bulletinLevel?: BulletinLevel;
  };
  /** Runs when the processor starts; what it returns reaches `onTrigger` and `onStopped`. A throw is shown and tried again. */
  onScheduled?(context: ComponentContext<P>): C | Promise<C>;
  /**
   * Does the work of one session. Synchronous where it can be: a promise costs more than a small FlowFile's whole journey.
   * A throw rolls the session back, penalizes what it took, yields, and shows a bulletin.
   */
  onTrigger(session: ProcessSession<R>, context: ProcessContext<P, C>): void | Promise<void>;
  /** Runs when the last task of a stopped processor has ended. */
  onStopped?(client: C): void | Promise<void>;
}

/** Declares a processor; the file's default export. */
export function defineProcessor<P extends PropertyMap, R extends string, C = undefined>(definition: Omit<ProcessorDefinition<P, R, C>, 'kind'>): ProcessorDefinition<P, R, C> {
  return { ...definition, kind: 'processor' } as ProcessorDefinition<P, R, C>;
}
