import type { BulletinLevel } from '../extension/component.ts';
import { messageOf } from '../extension/errors.ts';
import type { ProcessorDefinition } from '../extension/processor.ts';
import { parseDuration } from '../extension/units.ts';
import type { ComponentEdit } from './component.ts';
import type { PropertyEdit } from './configured-properties.ts';
import { parseCron } from './cron.ts';
import { InvalidRequestError } from './errors.ts';
import { parameterReferences, substituteParameters } from './expression/parameter-references.ts';
import type { RetryPolicy, RunSettings, Schedule } from './runnable.ts';

export type SchedulingStrategy = 'TIMER_DRIVEN' | 'CRON_DRIVEN';

/** How a processor is scheduled, in NiFi's words; durations as texts such as `30 sec`. */
export interface ProcessorConfig {
  readonly schedulingStrategy: SchedulingStrategy;
  /** A duration or a cron expression; may refer to parameters. */
  readonly schedulingPeriod: string;
  readonly concurrentlySchedulableTaskCount: number;
  readonly runDurationMillis: number;
  readonly penaltyDuration: string;
  readonly yieldDuration: string;
  readonly bulletinLevel: BulletinLevel;
  readonly autoTerminatedRelationships: readonly string[];
  readonly executionNode: 'ALL' | 'PRIMARY';
  readonly retriedRelationships: readonly string[];
  readonly retryCount: number;
  readonly backoffMechanism: RetryPolicy['backoff'];
  readonly maxBackoffPeriod: string;
  /** For the canvas, such as `background-color`. */
  readonly style: Readonly<Record<string, string>>;
}

/** What an edit of a processor may say; what is left out stays. */
export interface ProcessorEdit extends ComponentEdit, Partial<ProcessorConfig> {
  readonly properties?: PropertyEdit;
  readonly sensitiveDynamicPropertyNames?: readonly string[];
  /** Of NiFi's advanced editors; kept as it is. */
  readonly annotationData?: string;
}

export const DEFAULT_SCHEDULING_PERIODS: Readonly<Record<SchedulingStrategy, string>> = { TIMER_DRIVEN: '0 sec', CRON_DRIVEN: '* * * * * ?' };

export function defaultProcessorConfig(definition: ProcessorDefinition | undefined): ProcessorConfig {
  const defaults = definition?.defaults ?? {};
  return {
    schedulingStrategy: 'TIMER_DRIVEN',
    schedulingPeriod: defaults.schedulingPeriod ?? DEFAULT_SCHEDULING_PERIODS.TIMER_DRIVEN,
    concurrentlySchedulableTaskCount: 1,
    runDurationMillis: 0,
    penaltyDuration: defaults.penaltyDuration ?? '30 sec',
    yieldDuration: defaults.yieldDuration ?? '1 sec',
    bulletinLevel: defaults.bulletinLevel ?? 'WARN',
    autoTerminatedRelationships: [],
    executionNode: definition?.primaryNodeOnly ? 'PRIMARY' : 'ALL',
    retriedRelationships: [],
    retryCount: 10,
    backoffMechanism: 'PENALIZE_FLOWFILE',
    maxBackoffPeriod: '10 mins',
    style: {},
  };
}

const CHOICES: { readonly [K in keyof ProcessorConfig]?: readonly ProcessorConfig[K][] } = {
  schedulingStrategy: ['TIMER_DRIVEN', 'CRON_DRIVEN'],
  bulletinLevel: ['DEBUG', 'INFO', 'WARN', 'ERROR', 'NONE'],
  executionNode: ['ALL', 'PRIMARY'],
  backoffMechanism: ['PENALIZE_FLOWFILE', 'YIELD_PROCESSOR'],
};

/** Fields of ProcessorConfig, to tell them from the other fields of an edit. */
export const CONFIG_FIELDS = Object.keys(defaultProcessorConfig(undefined)) as (keyof ProcessorConfig)[];

/** The configuration after an edit. Throws InvalidRequestError where a value makes no sense; a period with parameters is checked when it is used. */
export function editedConfig(config: ProcessorConfig, edit: Partial<ProcessorConfig>, definition: ProcessorDefinition | undefined): ProcessorConfig {
  const given = Object.fromEntries(CONFIG_FIELDS.filter((field) => edit[field] !== undefined && edit[field] !== null).map((field) => [field, edit[field]]));
  const next: ProcessorConfig = { ...config, ...given };
  for (const [field, allowed] of Object.entries(CHOICES)) {
    const value = next[field as keyof ProcessorConfig];
    if (!(allowed as readonly unknown[]).includes(value)) throw new InvalidRequestError(`'${String(value)}' is not a value of ${field}: it must be one of ${allowed.join(', ')}.`);
  }
  if (next.schedulingStrategy !== config.schedulingStrategy && edit.schedulingPeriod === undefined) {
    return editedConfig(config, { ...edit, schedulingPeriod: DEFAULT_SCHEDULING_PERIODS[next.schedulingStrategy] }, definition);
  }
  checkNumbers(next);
  checkDurations(next);
  return { ...next, concurrentlySchedulableTaskCount: definition?.triggerSerially ? 1 : next.concurrentlySchedulableTaskCount };
}

function checkNumbers({ concurrentlySchedulableTaskCount: tasks, runDurationMillis, retryCount }: ProcessorConfig): void {
  if (!Number.isInteger(tasks) || tasks < 1) throw new InvalidRequestError('Concurrent tasks must be a whole number greater than 0.');
  if (!Number.isFinite(runDurationMillis) || runDurationMillis < 0) throw new InvalidRequestError('Run duration must be a number of milliseconds, 0 or more.');
  if (!Number.isInteger(retryCount) || retryCount < 0) throw new InvalidRequestError('Retry count must be a whole number, 0 or more.');
}

function checkDurations(config: ProcessorConfig): void {
  const durations = { 'Penalty duration': config.penaltyDuration, 'Yield duration': config.yieldDuration, 'Max backoff period': config.maxBackoffPeriod };
  for (const [name, text] of Object.entries(durations)) duration(name, text);
  if (parameterReferences(config.schedulingPeriod).length === 0) scheduleOf(config, undefined, () => undefined);
}

/** A setting's text in milliseconds. Throws InvalidRequestError. */
export function duration(name: string, text: string): number {
  try {
    return parseDuration(text);
  } catch (thrown) {
    throw new InvalidRequestError(`${name} '${text}' is not valid: ${messageOf(thrown)}.`);
  }
}

/** Throws InvalidRequestError. */
export function scheduleOf(
  config: Pick<ProcessorConfig, 'schedulingStrategy' | 'schedulingPeriod'>,
  timeZone: string | undefined,
  parameter: (name: string) => string | undefined,
): Schedule {
  try {
    const text = substituteParameters(config.schedulingPeriod, parameter);
    return config.schedulingStrategy === 'CRON_DRIVEN' ? { strategy: 'cron', next: parseCron(text, timeZone) } : { strategy: 'timer', period: parseDuration(text) };
  } catch (thrown) {
    throw new InvalidRequestError(`Scheduling period '${config.schedulingPeriod}' is not valid: ${messageOf(thrown)}.`);
  }
}

/** What the scheduler and the session need to know. Throws InvalidRequestError. */
export function runSettings(config: ProcessorConfig, definition: ProcessorDefinition, timeZone: string | undefined, parameter: (name: string) => string | undefined): RunSettings {
  return {
    schedule: scheduleOf(config, timeZone, parameter),
    concurrentTasks: definition.triggerSerially ? 1 : config.concurrentlySchedulableTaskCount,
    runDuration: config.runDurationMillis,
    yieldDuration: duration('Yield duration', config.yieldDuration),
    penaltyDuration: duration('Penalty duration', config.penaltyDuration),
    retry: retryPolicy(config),
    needsInput: definition.input === 'required',
    triggerWhenEmpty: definition.triggerWhenEmpty ?? false,
    triggerWhenAnyDestinationAvailable: definition.triggerWhenAnyDestinationAvailable ?? false,
  };
}

function retryPolicy(config: ProcessorConfig): RetryPolicy | null {
  if (config.retriedRelationships.length === 0 || config.retryCount === 0) return null;
  return {
    relationships: new Set(config.retriedRelationships),
    count: config.retryCount,
    backoff: config.backoffMechanism,
    maxBackoff: duration('Max backoff period', config.maxBackoffPeriod),
  };
}
