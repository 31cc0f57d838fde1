import type { ComponentContext, ComponentDeclaration } from './component.ts';
import type { FlowView } from './flow-view.ts';
import type { PropertyMap } from './property.ts';

/** What a reporting task may ask of the runtime. */
export interface ReportingContext<P extends PropertyMap> extends ComponentContext<P> {
  readonly flow: FlowView;
  /** What it remembered; empty for a task that is not stateful. */
  getState(): ReadonlyMap<string, string>;
  /** Replaces what it remembers, in the scope that the task declares; stored before this returns. */
  setState(entries: ReadonlyMap<string, string>): void;
}

/** A reporting task: looks at the whole flow at a schedule, and tells somebody. */
export interface ReportingTaskDefinition<P extends PropertyMap = PropertyMap, C = unknown> extends ComponentDeclaration<P> {
  readonly kind: 'reporting-task';
  readonly defaults?: { readonly schedulingPeriod?: string };
  /** Runs when the task starts; what it returns reaches `onTrigger` and `onStopped`. A throw is shown and tried again. */
  onScheduled?(context: ReportingContext<P>): C | Promise<C>;
  /** Reports once. Never called while an earlier call has not ended. A throw becomes a bulletin; the task goes on at its schedule. */
  onTrigger(context: ReportingContext<P>, client: C): void | Promise<void>;
  /** Runs when a stopped task's last report has ended. */
  onStopped?(client: C): void | Promise<void>;
}

/** Declares a reporting task; the file's default export. */
export function defineReportingTask<P extends PropertyMap, C = undefined>(definition: Omit<ReportingTaskDefinition<P, C>, 'kind'>): ReportingTaskDefinition<P, C> {
  return { ...definition, kind: 'reporting-task' } as ReportingTaskDefinition<P, C>;
}
