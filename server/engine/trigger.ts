import { messageOf, ProcessError } from '../extension/errors.ts';
import { metered, type RunMeter } from '../extension/run-meter.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Runnable } from './runnable.ts';
import { Session } from './session.ts';

/** A trigger under way. */
export interface Task {
  readonly runnable: Runnable;
  readonly session: Session;
  readonly started: number;
  /** Its session was abandoned; whatever it still does is ignored. */
  terminated: boolean;
}

/** How a trigger ended: `idle` where there was nothing to do. */
export type Outcome = 'worked' | 'idle' | 'failed';

/**
 * Runs one task to its end: open session, run, commit; a throw rolls back, penalizes what was taken, yields, and shows a
 * bulletin. Returns a promise only where the work does.
 */
export function runTask(task: Task, clock: Clock): Outcome | Promise<Outcome> {
  try {
    const running = begin(task);
    if (running instanceof Promise) {
      return running.then(
        () => finish(task, clock),
        (thrown: unknown) => fail(task, clock, thrown),
      );
    }
  } catch (thrown) {
    return fail(task, clock, thrown);
  }
  return finish(task, clock);
}

/** What belongs to a sync begins its run, and has its requests counted. */
function begin({ runnable, session }: Task): void | Promise<void> {
  const { runs } = session.journal;
  if (!runs.active || !runs.scopes.has(runnable.groupId)) return runnable.work!.trigger(session);
  runs.triggered(session);
  const meter: RunMeter = {
    request: () => runs.happened(session, 'requests', 1),
    throttled: (millis) => runs.happened(session, 'throttledMillis', Math.round(millis)),
  };
  return metered(meter, () => runnable.work!.trigger(session));
}

function finish(task: Task, clock: Clock): Outcome {
  if (task.terminated) return 'failed';
  const { session } = task;
  const idle = session.isIdle;
  try {
    session.commit();
  } catch (thrown) {
    return fail(task, clock, thrown);
  }
  return idle ? 'idle' : 'worked';
}

function fail(task: Task, clock: Clock, thrown: unknown): Outcome {
  const { runnable, session } = task;
  if (task.terminated) return 'failed';
  if (runnable.state === 'stopping' && isAbort(thrown)) return breakOff(session);
  if (session.journal.runs.active) session.journal.runs.failed(session, messageOf(thrown));
  session.rollback(true);
  runnable.yieldAt(clock.now());
  const detail = thrown instanceof ProcessError || !(thrown instanceof Error) ? messageOf(thrown) : (thrown.stack ?? thrown.message);
  const expected = thrown instanceof ProcessError;
  runnable.log.error(`${messageOf(thrown)}${expected ? '' : ` [${runnable.name} failed unexpectedly; its session was rolled back]`}`);
  if (!expected) runnable.log.debug(detail);
  return 'failed';
}

/** Who was told to stop and left off has not failed: its input waits for the next start, unpenalized. */
function breakOff(session: Session): Outcome {
  session.rollback(false);
  return 'failed';
}

/** What an AbortSignal throws, or an error because of it. */
function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || isAbort(thrown.cause));
}

/** A new task with a session of its own. */
export function newTask(runnable: Runnable, journal: Journal, clock: Clock): Task {
  return { runnable, session: new Session(runnable, journal, clock), started: clock.now(), terminated: false };
}
