import type { ConnectorDescription, SystemDescription } from './connector-description.ts';

/** Times are ISO 8601 in UTC; what is not known is null. */
export type Moment = string;

export type SyncStatus = 'DRAFT' | 'ENABLED' | 'PAUSED' | 'UNABLE_TO_CONNECT';

export type RunStatus = 'SCHEDULED' | 'IN_PROGRESS' | 'RETRYING' | 'COMPLETED' | 'COMPLETED_WITH_REJECTED' | 'FAILED' | 'CANCELLED' | 'PAUSED';

/** Why a run was begun. */
export type RunCause = 'SCHEDULE' | 'MANUAL' | 'RESTART' | 'RESEND';

/** What went through a run. */
export interface RunFigures {
  readonly rowsRead: number;
  readonly rowsSent: number;
  /** Rows that the destination has just so already. */
  readonly rowsUnchanged: number;
  readonly rowsRejected: number;
  /** Of the content that was sent. */
  readonly bytes: number;
  readonly requests: number;
  /** Milliseconds that requests waited for a rate limit. */
  readonly throttledMillis: number;
}

/** Something that went wrong, for the drawer. */
export interface ErrorView {
  readonly at: Moment;
  readonly summary: string;
  /** As the other side or the component said it. */
  readonly message: string;
  /** Such as `401` or `authentication`. */
  readonly code: string | null;
  readonly whatToDo: string;
  readonly componentId: string | null;
  readonly componentName: string | null;
  /** How often it happened in this run. */
  readonly count: number;
}

export interface RunView {
  readonly id: number;
  readonly syncId: string;
  /** The stream's id, and its title; the source's name where the canvas has a source that the connector has not. */
  readonly stream: string;
  readonly streamTitle: string;
  readonly status: RunStatus;
  readonly cause: RunCause;
  /** 0 to 100 while in progress; null where it is not known. */
  readonly percent: number | null;
  readonly started: Moment;
  readonly ended: Moment | null;
  readonly durationMillis: number;
  readonly figures: RunFigures;
  /** FlowFiles of the run that wait in queues. */
  readonly queued: number;
  /** How many runs in a row found nothing new: they are shown as one. */
  readonly checks: number;
  readonly errors: readonly ErrorView[];
  /** Rejected rows that are kept: at most `REJECTED_KEPT`. */
  readonly rejectedKept: number;
}

/** One row in the list of connectors. */
export interface ConnectorView {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Whether a sync can be made of it; otherwise it can only be put on the canvas, and the rest is null. */
  readonly canSync: boolean;
  readonly category: ConnectorDescription['category'] | null;
  readonly source: SystemDescription | null;
  readonly destination: SystemDescription | null;
  readonly documentation: string;
}

export interface ProblemView {
  readonly summary: string;
  readonly whatToDo: string;
  readonly componentId: string | null;
  readonly componentName: string | null;
}

export interface ScheduleView {
  readonly strategy: 'CRON_DRIVEN' | 'TIMER_DRIVEN';
  /** A cron expression of six fields, or a duration such as `30 min`. */
  readonly period: string;
  readonly timeZone: string;
  /** In words. */
  readonly words: string;
  readonly nextRuns: readonly Moment[];
}

/** One row in the list of syncs. */
export interface SyncSummaryView {
  /** That of its process group. */
  readonly id: string;
  readonly name: string;
  readonly connector: string;
  readonly connectorTitle: string;
  readonly source: SystemDescription;
  readonly destination: SystemDescription;
  readonly status: SyncStatus;
  /** Why it is unable to connect, or what on the canvas keeps it from working. */
  readonly problem: ProblemView | null;
  readonly errorsLastDay: number;
  /** The end of the last completed run. */
  readonly lastSync: Moment | null;
  /** Seconds since the start of the last completed run: how old the destination's data is. */
  readonly freshnessSeconds: number | null;
  readonly nextRun: Moment | null;
  readonly lastRun: RunView | null;
  readonly schedule: ScheduleView | null;
  /** Rows of the latest runs, oldest first: for the chart. */
  readonly rowsPerRun: readonly { readonly run: number; readonly started: Moment; readonly sent: number; readonly rejected: number }[];
  readonly permissions: { readonly canRead: boolean; readonly canWrite: boolean; readonly canOperate: boolean };
}

export interface StreamView {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly sourceIds: readonly string[];
  readonly destinationId: string | null;
  /** JSON, in the form that MapRecord takes; null where the stream maps nothing. */
  readonly mapping: string | null;
  readonly query: string | null;
}

export interface StepView {
  readonly id: string;
  readonly complete: boolean;
  readonly problems: readonly string[];
}

export interface TestStepView {
  readonly name: string;
  readonly component: string;
  readonly outcome: 'SUCCESSFUL' | 'FAILED' | 'SKIPPED';
  readonly explanation: string;
  readonly preview: readonly Readonly<Record<string, unknown>>[] | null;
}

export interface TestView {
  readonly started: Moment;
  readonly ended: Moment | null;
  /** null while it runs. */
  readonly passed: boolean | null;
  /** Whether what was tested is what the sync is now. */
  readonly current: boolean;
  readonly steps: readonly TestStepView[];
}

/** Who hears of faults. */
export interface ContactsView {
  readonly emails: readonly string[];
  readonly webhook: string | null;
}

/** A connection of the sync: which parameter context has its credentials, and who else uses them. */
export interface SyncConnectionView {
  readonly id: string;
  readonly serviceId: string | null;
  readonly contextId: string | null;
  readonly contextName: string | null;
  readonly sharedWith: readonly { readonly id: string; readonly name: string }[];
}

export interface SyncView extends SyncSummaryView {
  readonly revision: { readonly version: number; readonly clientId?: string; readonly lastModifier?: string };
  readonly groupId: string;
  readonly created: Moment;
  readonly createdBy: string;
  readonly timeZone: string;
  readonly contacts: ContactsView;
  /** A table of the warehouse that gets a row for each run; null for none. */
  readonly runLog: { readonly service: string; readonly table: string } | null;
  readonly connections: readonly SyncConnectionView[];
  readonly streams: readonly StreamView[];
  readonly steps: readonly StepView[];
  /** Field id to value; secrets that are set are `********`. */
  readonly values: Readonly<Record<string, string | null>>;
  readonly test: TestView | null;
}

export interface RejectedRowView {
  readonly id: number;
  readonly at: Moment;
  readonly reason: string;
  readonly row: Readonly<Record<string, unknown>>;
  /** The processor that refused it. */
  readonly componentName: string;
}

/** What "sync again" is going to do. */
export interface RestartPlanView {
  readonly from: string | null;
  readonly clears: readonly { readonly componentId: string; readonly componentName: string; readonly state: Readonly<Record<string, string>> }[];
  readonly sets: readonly { readonly what: string; readonly before: string | null; readonly after: string }[];
  /** Rows that the next run will read; null where it cannot be told. */
  readonly rowsExpected: number | null;
  readonly merges: boolean;
  readonly sentences: readonly string[];
  /** Names this plan: it is carried out only while it still holds. */
  readonly token: string;
}

export interface MappingEntryView {
  readonly source: string;
  readonly destination: string;
  readonly type: string | null;
  readonly transform: string | null;
  readonly required: boolean;
}

export interface FieldView {
  readonly name: string;
  readonly type: string | null;
  readonly required: boolean;
}

export interface MappingSuggestionView {
  readonly sources: readonly FieldView[];
  readonly destinations: readonly FieldView[];
  readonly matches: readonly (MappingEntryView & { readonly score: number })[];
}

export interface MappingPreviewView {
  readonly rows: readonly { readonly source: Readonly<Record<string, unknown>>; readonly mapped: Readonly<Record<string, unknown>> | null; readonly reason: string | null }[];
}

export interface DryRunView {
  readonly started: Moment;
  readonly ended: Moment | null;
  readonly rows: number;
  readonly rejected: number;
  readonly samples: readonly Readonly<Record<string, unknown>>[];
  readonly rejectedSamples: readonly Readonly<Record<string, unknown>>[];
  readonly explanation: string;
}
