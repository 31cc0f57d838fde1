import { messageOf } from '../extension/errors.ts';
import type { PropertyMap } from '../extension/property.ts';
import type { ReportingContext } from '../extension/reporting-task.ts';
import { Activation, type Activated } from './activation.ts';
import type { Bundle } from './component-types.ts';
import { ConfiguredComponent, type ConfiguredEdit, type StoredConfigured } from './configured-component.ts';
import { ConflictError, InvalidRequestError } from './errors.ts';
import { DEFAULT_SCHEDULING_PERIODS, type ProcessorConfig, scheduleOf } from './processor-config.ts';
import type { ScheduledState } from './processor-node.ts';
import { ReportSchedule } from './report-schedule.ts';
import type { Runtime } from './runtime.ts';

export type TaskSchedule = Pick<ProcessorConfig, 'schedulingStrategy' | 'schedulingPeriod'>;
export interface TaskEdit extends ConfiguredEdit, Partial<TaskSchedule> {}

export interface StoredTask extends StoredConfigured, TaskSchedule {
  readonly scheduledState: ScheduledState;
}

/** Between onScheduled and onStopped. */
interface Run {
  readonly client: unknown;
  readonly schedule: ReportSchedule;
  /** Tells what runs to come to an end. */
  readonly stop: AbortController;
}

/** NiFi's period for reporting tasks whose type names none. */
const DEFAULT_PERIODS: Readonly<Record<TaskSchedule['schedulingStrategy'], string>> = { ...DEFAULT_SCHEDULING_PERIODS, TIMER_DRIVEN: '5 mins' };

/** The periods that a type of tasks begins with, by strategy. */
export function defaultPeriods(definition: { readonly defaults?: { readonly schedulingPeriod?: string } } | undefined): typeof DEFAULT_PERIODS {
  return { ...DEFAULT_PERIODS, TIMER_DRIVEN: definition?.defaults?.schedulingPeriod ?? DEFAULT_PERIODS.TIMER_DRIVEN };
}

/** A reporting task: looks at the flow at a schedule. Its life cycle is an Activation; a report that fails does not end it. */
export class ReportingTaskNode extends ConfiguredComponent<'reporting-task'> implements Activated {
  readonly kind = 'REPORTING_TASK';
  #schedule: TaskSchedule;
  #wanted: ScheduledState = 'STOPPED';
  readonly #activation: Activation;

  constructor(runtime: Runtime, id: string, type: string, bundle: Bundle) {
    super(runtime, id, null, 'reporting-task', type, bundle);
    this.#schedule = { schedulingStrategy: 'TIMER_DRIVEN', schedulingPeriod: defaultPeriods(this.definition).TIMER_DRIVEN };
    this.#activation = new Activation(this);
  }

  // ---- configuration

  get schedule(): TaskSchedule {
    return this.#schedule;
  }

  checkModifiable(): void {
    if (this.isActive) throw new ConflictError(`Cannot modify reporting task ${this.label} because it is running. Stop it first.`);
  }

  checkRemovable(): void {
    if (this.isActive) throw new ConflictError(`Cannot remove reporting task ${this.label} because it is running. Stop it first.`);
  }

  override configure(edit: TaskEdit): void {
    this.checkModifiable();
    const schedule = this.#editedSchedule(edit);
    super.configure(edit);
    this.#schedule = schedule;
  }

  #editedSchedule({ schedulingStrategy, schedulingPeriod }: TaskEdit): TaskSchedule {
    const strategy = schedulingStrategy ?? this.#schedule.schedulingStrategy;
    if (!Object.hasOwn(DEFAULT_PERIODS, strategy))
      throw new InvalidRequestError(`'${strategy}' is not a scheduling strategy: it must be one of ${Object.keys(DEFAULT_PERIODS).join(', ')}.`);
    const kept = strategy === this.#schedule.schedulingStrategy ? this.#schedule.schedulingPeriod : defaultPeriods(this.definition)[strategy];
    const edited = { schedulingStrategy: strategy, schedulingPeriod: schedulingPeriod ?? kept };
    this.#parse(edited);
    return edited;
  }

  #parse(schedule: TaskSchedule) {
    const parsed = scheduleOf(schedule, this.runtime.timeZone, () => undefined);
    if (parsed.strategy === 'timer' && parsed.period <= 0)
      throw new InvalidRequestError(`Scheduling period '${schedule.schedulingPeriod}' of a reporting task must be more than 0.`);
    return parsed;
  }

  // ---- life cycle

  /** What the user asked for; stored, and taken up again after a restart. */
  get state(): ScheduledState {
    return this.#wanted;
  }

  get isActive(): boolean {
    return this.#activation.state !== 'INACTIVE';
  }

  /** Reports under way. */
  get activeThreadCount(): number {
    return this.#run?.schedule.isCalling ? 1 : 0;
  }

  get #run(): Run | undefined {
    return this.#activation.instance as Run | undefined;
  }

  /** Throws ConflictError where it is disabled or not valid. */
  start(): void {
    if (this.#wanted === 'RUNNING') return;
    if (this.#wanted === 'DISABLED') throw new ConflictError(`Cannot start reporting task ${this.label} because it is disabled. Enable it first.`);
    if (!this.isValid) throw new ConflictError(`Cannot start reporting task ${this.label} because it is not valid: ${this.validationErrors.join('; ')}`);
    this.#want('RUNNING');
    this.#activation.begin();
  }

  /** Resolves when the report under way has ended. A disabled task is enabled by it. */
  stop(): Promise<void> {
    this.#want('STOPPED');
    return this.suspend(false);
  }

  /** Throws ConflictError while it runs. */
  disable(): void {
    if (this.isActive) throw new ConflictError(`Cannot disable reporting task ${this.label} because it is running. Stop it first.`);
    this.#want('DISABLED');
  }

  letGo(): Promise<void> {
    return this.#wanted === 'RUNNING' ? this.stop() : Promise.resolve();
  }

  /** With `kept` for the engine's own purposes: what the user asked for stays. */
  override suspend(kept = true): Promise<void> {
    const run = this.#run;
    run?.stop.abort(new DOMException(`${this.name} was stopped`, 'AbortError'));
    return this.#activation.end(run ? [run.schedule.stop()] : [], kept);
  }

  override resume(): void {
    if (this.#wanted === 'RUNNING') this.#activation.begin();
  }

  reconsider(): void {
    this.#activation.attempt();
  }

  #want(state: ScheduledState): void {
    if (this.#wanted === state) return;
    this.#wanted = state;
    this.runtime.touch(this);
  }

  async open(signal: AbortSignal): Promise<Run> {
    const definition = this.definition!;
    const stop = new AbortController();
    const context = this.#context(stop.signal);
    signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
    const client = await definition.onScheduled?.(context);
    const report = async (): Promise<void> => {
      try {
        await definition.onTrigger(context, client);
      } catch (thrown) {
        if (!stop.signal.aborted) this.log.error(`Failed to report: ${messageOf(thrown)}`);
      }
    };
    return { client, stop, schedule: new ReportSchedule(this.runtime.clock, this.#parse(this.#schedule), report) };
  }

  close(run: unknown): unknown {
    return this.definition?.onStopped?.((run as Run).client);
  }

  activationChanged(): void {
    if (this.#activation.state === 'ACTIVE') this.#run!.schedule.start();
    this.runtime.changed(this);
  }

  reportFailure(what: string, thrown: unknown): void {
    this.log.error(`Failed to ${what}: ${messageOf(thrown)}`);
  }

  #context(signal: AbortSignal): ReportingContext<PropertyMap> {
    const { journal, view } = this.runtime;
    const scope = this.definition!.stateful?.scope ?? 'local';
    return Object.freeze({
      ...this.makeContext(signal),
      flow: view,
      getState: () => journal.state(this.id, scope).entries,
      setState: (entries: ReadonlyMap<string, string>) => {
        journal.setState(this.id, scope, entries);
        journal.flush();
      },
    });
  }

  // ---- storage

  override toStored(): StoredTask {
    return { ...super.toStored(), ...this.#schedule, scheduledState: this.#wanted };
  }

  override restore(stored: StoredTask): void {
    super.restore(stored);
    const { schedulingStrategy, schedulingPeriod } = stored;
    this.#schedule = { schedulingStrategy, schedulingPeriod };
    this.#wanted = stored.scheduledState;
  }
}
