import type { ExpressionScope, PropertyMap, PropertyValues } from './property.ts';
import type { ServiceContract } from './service.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A component's own voice: each line goes to the log, and from its bulletin level up to the bulletin board. */
export type ComponentLog = Readonly<Record<LogLevel, (message: string) => void>>;

/** What a bulletin says of itself. NiFi calls a warning WARN where a level is chosen, and WARNING where a bulletin has it. */
export type BulletinSeverity = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';

export type BulletinLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'NONE';

/** Properties that users add by name, such as UpdateAttribute's attributes. */
export interface DynamicProperties {
  readonly description: string;
  /** What the name and the value stand for in the documentation, such as "Attribute name". */
  readonly name: string;
  readonly value: string;
  readonly expressions: ExpressionScope;
  /** Each dynamic property adds a relationship of its name. */
  readonly relationships?: boolean;
  /** A value must be an expression of this type (RouteOnAttribute refuses plain text). */
  readonly expressionType?: 'boolean';
  /** Names that begin so hold sensitive values. */
  readonly sensitivePrefix?: string;
  /** Called for each name; throws PropertyError where no property may be called so. */
  readonly checkName?: (name: string) => void;
  /** Values are controller services of this contract; the component finds them in `dynamicServices`. */
  readonly service?: ServiceContract;
}

export type StateScope = 'local' | 'cluster';

/** What a type may need beyond the right to edit, in NiFi's words (RequiredPermission). Policies are at `/restricted-components/<permission>`. */
export const REQUIRED_PERMISSIONS = {
  'read-filesystem': 'read filesystem',
  'write-filesystem': 'write filesystem',
  'execute-code': 'execute code',
  'access-environment-credentials': 'access environment credentials',
  'reference-remote-resources': 'reference remote resources',
} as const;

export type RequiredPermission = keyof typeof REQUIRED_PERMISSIONS;

/** What every kind of component declares. The type's name is the file's name. */
export interface ComponentDeclaration<P extends PropertyMap> {
  readonly description: string;
  readonly tags: readonly string[];
  readonly properties: P;
  readonly dynamicProperties?: DynamicProperties;
  /** Where the type is NiFi's own: its Java package and the NAR that carries it. Ours are `dev.millrace.<folder>`. */
  readonly nifi?: { readonly package: string; readonly bundle: string };
  readonly stateful?: { readonly scope: StateScope; readonly description: string };
  /** Longer documentation in Markdown. */
  readonly details?: string;
  /** Who puts it on the canvas needs these permissions; what each lets one do, in a sentence. */
  readonly restrictions?: Readonly<Partial<Record<RequiredPermission, string>>>;
  /** Cross-checks between properties that are each valid; returns what is wrong, worded as a sentence. */
  validate?(values: PropertyValues<P>): string[];
  /** Answers "Test connection". */
  verify?(context: ComponentContext<P>): Promise<VerificationStep[]>;
}

/** What a component may ask of the runtime outside a session. */
export interface ComponentContext<P extends PropertyMap> {
  readonly id: string;
  readonly name: string;
  readonly properties: PropertyValues<P>;
  /** Dynamic properties by name; each evaluates its expression against the FlowFile given. */
  readonly dynamic: ReadonlyMap<string, (flowFile?: import('./flowfile.ts').FlowFile) => string>;
  /** Enabled services by the names of the dynamic properties that name them. */
  readonly dynamicServices: ReadonlyMap<string, unknown>;
  /** The names of dynamic properties whose values are secrets: these must not become attributes. */
  readonly sensitiveDynamic: ReadonlySet<string>;
  /** What an advanced editor of NiFi has stored with the component, such as UpdateAttribute's rules. */
  readonly annotationData: string | undefined;
  readonly log: ComponentLog;
  /** Fires when the component is stopped or terminated: hand it to what takes long. */
  readonly signal: AbortSignal;
  /** The folder under the data directory in which embedded databases and other files of components live. */
  readonly dataDirectory: string;
  /** The time of the runtime's clock, milliseconds since 1970. */
  now(): number;
  /** Writes down for good what somebody outside did here (a login, an upload, a refusal), where the server keeps an audit. No secrets. */
  audit(event: string, details: Readonly<Record<string, unknown>>): void;
  /**
   * Compiles a text with expressions and parameters that stands somewhere else than in a property, once; what it gives is
   * evaluated for each FlowFile. Throws an Error that names the position of what is wrong.
   */
  compile(text: string): (flowFile?: import('./flowfile.ts').FlowFile) => string;
}

/** One step of "Test connection". */
export interface VerificationStep {
  readonly name: string;
  readonly outcome: 'SUCCESSFUL' | 'FAILED' | 'SKIPPED';
  readonly explanation: string;
  /** A few records to look at. */
  readonly preview?: readonly Readonly<Record<string, unknown>>[];
}
