import { substituteParameters } from '../engine/expression/parameter-references.ts';
import { parseCron } from '../engine/cron.ts';
import type { ProcessorNode } from '../engine/processor-node.ts';
import { nextTimes, scheduleWords } from './schedule-words.ts';
import { problemOf, statusOf } from './status.ts';
import { stepsOf } from './steps.ts';
import type { Sync, SyncStream } from './sync.ts';
import type { Syncs } from './syncs.ts';
import type { RunView, ScheduleView, StreamView, SyncConnectionView, SyncSummaryView, SyncView } from './views.ts';

/** How many next runs are told. */
const NEXT_RUNS = 5;

/** Runs in the chart. */
const CHARTED = 50;

export const moment = (millis: number): string => new Date(millis).toISOString();

export interface SummaryExtras {
  readonly permissions: SyncSummaryView['permissions'];
  readonly now: number;
  /** Runs, newest first. */
  readonly runs: readonly RunView[];
  readonly errorsLastDay: number;
  readonly lastCompleted: RunView | undefined;
}

/** One row in the list of syncs. */
export function summaryView(sync: Sync, { permissions, now, runs, errorsLastDay, lastCompleted }: SummaryExtras): SyncSummaryView {
  const { description, connector, group } = sync;
  const schedule = scheduleView(sync, now);
  return {
    id: group.id,
    name: group.name,
    connector: connector.name,
    connectorTitle: description.title,
    source: description.source,
    destination: description.destination,
    status: statusOf(sync),
    problem: problemOf(sync) ?? null,
    errorsLastDay,
    lastSync: lastCompleted?.ended ?? null,
    freshnessSeconds: lastCompleted ? Math.max(0, Math.round((now - Date.parse(lastCompleted.started)) / 1000)) : null,
    nextRun: nextRunOf(sync),
    lastRun: runs[0] ?? null,
    schedule,
    rowsPerRun: runs
      .slice(0, CHARTED)
      .map(({ id, started, figures }) => ({ run: id, started, sent: figures.rowsSent, rejected: figures.rowsRejected }))
      .reverse(),
    permissions,
  };
}

/** Everything about a sync. */
export function syncView(syncs: Syncs, sync: Sync, extras: SummaryExtras): SyncView {
  const { record, description, places } = sync;
  const fields = [...description.connections.flatMap((connection) => connection.fields), ...description.steps.flatMap((step) => step.fields ?? [])];
  return {
    ...summaryView(sync, extras),
    revision: record.revision,
    groupId: sync.id,
    created: moment(record.created),
    createdBy: record.createdBy,
    timeZone: record.timeZone,
    contacts: { emails: record.emails, webhook: record.webhook },
    runLog: record.runLog,
    connections: description.connections.map((connection) => connectionView(syncs, sync, connection.id)),
    streams: sync.streams.map((stream) => streamView(sync, stream)),
    steps: stepsOf(sync),
    values: Object.fromEntries(fields.map(({ id, target }) => [id, places.value(target)])),
    test: syncs.tests.of(sync),
  };
}

function streamView({ places }: Sync, { description, sources, destination, enabled }: SyncStream): StreamView {
  const { mapping, query } = description;
  return {
    id: description.id,
    title: description.title,
    description: description.description ?? '',
    enabled,
    sourceIds: sources.map(({ id }) => id),
    destinationId: destination?.id ?? null,
    mapping: mapping ? places.value(mapping) : null,
    query: query ? places.value(query) : null,
  };
}

function connectionView(syncs: Syncs, sync: Sync, connectionId: string): SyncConnectionView {
  const connection = sync.description.connections.find(({ id }) => id === connectionId)!;
  const parameter = connection.fields.map(({ target }) => ('parameter' in target ? sync.places.parameter(target.parameter) : undefined)).find((place) => place !== undefined);
  const context = parameter?.context;
  const users = context ? syncs.all().filter((other) => other !== sync && [...other.group.tree()].some((group) => group.parameterContext?.inheritsFrom(context))) : [];
  return {
    id: connectionId,
    serviceId: sync.places.service(connection.service)?.id ?? null,
    contextId: context?.id ?? null,
    contextName: context?.name ?? null,
    sharedWith: users.map(({ id, name }) => ({ id, name })),
  };
}

function periodOf(node: ProcessorNode): string | undefined {
  try {
    return substituteParameters(node.config.schedulingPeriod, (name) => node.propertyScope.parameter(name)?.value);
  } catch {
    return undefined;
  }
}

/** When the sync runs; undefined where its source is gone. */
function scheduleView(sync: Sync, now: number): ScheduleView | null {
  const source = sync.mainSource;
  const period = source && periodOf(source);
  if (!source || period === undefined) return null;
  const strategy = source.config.schedulingStrategy;
  const { timeZone } = sync.record;
  return {
    strategy,
    period,
    timeZone,
    words: scheduleWords(strategy, period),
    nextRuns: strategy === 'CRON_DRIVEN' && isCron(period) ? nextTimes(period, timeZone, now, NEXT_RUNS).map(moment) : [],
  };
}

function isCron(period: string): boolean {
  try {
    parseCron(period, undefined);
    return true;
  } catch {
    return false;
  }
}

/** When a source is triggered next; null where none is running. */
function nextRunOf(sync: Sync): string | null {
  const times = sync.sources.filter(({ physicalState }) => physicalState === 'RUNNING').map(({ runnable }) => Math.max(runnable.nextRun, runnable.yieldUntil));
  const next = Math.min(...times);
  return Number.isFinite(next) && next > 0 ? moment(next) : null;
}
