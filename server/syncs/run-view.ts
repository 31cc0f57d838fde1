import type { FlowController } from '../engine/flow-controller.ts';
import { Run, type RunError } from '../engine/run.ts';
import type { Sync } from './sync.ts';
import type { ErrorView, RunStatus, RunView } from './views.ts';

const DAY_MILLIS = 24 * 3_600_000;
const MOST_RUNS = 500;

const moment = (millis: number): string => new Date(millis).toISOString();

/** The runs of a sync, newest first; those that go on as they are now. */
export function runsOf(flow: FlowController, sync: Sync, limit: number, before?: number): RunView[] {
  const { journal, config } = flow.runtime;
  journal.flush();
  return config.store.runs(sync.id, limit, before).map((stored) => runView(flow, sync, journal.runs.find(stored.id) ?? Run.restore(stored)));
}

/** Errors of the last 24 hours, each time counted. */
export function errorsLastDay(runs: readonly RunView[], now: number): number {
  const since = moment(now - DAY_MILLIS);
  return runs.flatMap(({ errors }) => errors).reduce((sum, { at, count }) => sum + (at >= since ? count : 0), 0);
}

export const lastCompleted = (runs: readonly RunView[]): RunView | undefined => runs.find(({ status }) => status === 'COMPLETED' || status === 'COMPLETED_WITH_REJECTED');

/** All runs that are kept. */
export const allRuns = (flow: FlowController, sync: Sync): RunView[] => runsOf(flow, sync, MOST_RUNS);

export function runView(flow: FlowController, sync: Sync, run: Run): RunView {
  const { id, data, figures, ended, checks, errors, kept } = run;
  const stream = sync.streams.find(({ sources }) => sources.some((source) => source.id === data.sourceId))?.description;
  const now = flow.runtime.clock.now();
  return {
    id,
    syncId: sync.id,
    stream: stream?.id ?? data.sourceId,
    streamTitle: stream?.title ?? data.sourceName,
    status: statusOf(flow, sync, run),
    cause: data.cause,
    percent: ended === null ? percentOf(run) : null,
    started: moment(data.started),
    ended: ended === null ? null : moment(ended),
    durationMillis: Math.max(0, (ended ?? now) - data.started),
    figures: { ...figures },
    queued: flow.runtime.journal.runs.queued(run),
    checks,
    errors: errors.map(errorView),
    rejectedKept: kept,
  };
}

function statusOf(flow: FlowController, sync: Sync, run: Run): RunStatus {
  if (run.outcome) return run.outcome;
  if (run.retrying) return 'RETRYING';
  return !run.reading && waitsBeforeStopped(flow, sync, run) ? 'PAUSED' : 'IN_PROGRESS';
}

/** Whether what is queued of the run stands before something that was stopped. */
function waitsBeforeStopped(flow: FlowController, sync: Sync, run: Run): boolean {
  if (flow.runtime.journal.runs.queued(run) === 0) return false;
  return sync.places.processors().some((node) => node.state !== 'RUNNING' && [...node.incoming].some(({ queue }) => !queue.isEmpty));
}

/** Not known while the source is at work: nobody can tell how much is to come. */
function percentOf({ reading, figures }: Run): number | null {
  if (reading || figures.rowsRead === 0) return null;
  return Math.min(99, Math.floor((100 * (figures.rowsSent + figures.rowsUnchanged + figures.rowsRejected)) / figures.rowsRead));
}

/** Messages of components say what happened, then what to do: the last sentences that advise are the remedy. */
const ADVICE = /^(Put|Check|Correct|Choose|Give|Lower|Add|Set|Use|Free|Start|Enable|It is tried again|Its contacts are sent again|The next run)\b/;

function errorView({ at, componentId, componentName, message, count }: RunError): ErrorView {
  const sentences = message.split(/(?<=[.!?])\s+(?=[A-Z])/);
  const advice = sentences.findIndex((each, index) => index > 0 && ADVICE.test(each));
  const code = /\b(?:HTTP|status|answered|error|code)\s+'?(\d{3,6}|[A-Z]{2,}[A-Z0-9_]+)\b/.exec(message)?.[1] ?? null;
  return {
    at: moment(at),
    summary: sentences[0]!.slice(0, 300),
    message,
    code,
    whatToDo: advice > 0 ? sentences.slice(advice).join(' ') : 'Look at the component on the canvas; its bulletin and the log say more.',
    componentId,
    componentName,
    count,
  };
}
