import type { Runnable } from './runnable.ts';

/** Why a runnable is not triggered now. Reasons with a time end by themselves; the others end with an event. */
export type Reason =
  | { readonly because: 'not running' | 'concurrent tasks reached' | 'no input' | 'back pressure' }
  | { readonly because: 'yielding' | 'not yet time' | 'input is penalized'; readonly until: number };

const notRunning: Reason = { because: 'not running' };
const tasksReached: Reason = { because: 'concurrent tasks reached' };
const noInput: Reason = { because: 'no input' };
const backPressure: Reason = { because: 'back pressure' };

/** The checklist before each trigger; null means go. `now` in milliseconds since 1970. */
export function reasonNotToTrigger(runnable: Runnable, now: number): Reason | null {
  const { settings } = runnable;
  if (runnable.state !== 'running' && runnable.state !== 'once') return notRunning;
  if (runnable.activeTasks >= settings.concurrentTasks) return tasksReached;
  if (runnable.yieldUntil > now) return { because: 'yielding', until: runnable.yieldUntil };
  if (runnable.nextRun > now && !isBeyondPeriod(runnable, now)) return { because: 'not yet time', until: runnable.nextRun };
  return inputReason(runnable, now) ?? (hasRoom(runnable) ? null : backPressure);
}

/** The clock was set back: a timer never waits longer than its period. */
function isBeyondPeriod({ settings: { schedule }, nextRun }: Runnable, now: number): boolean {
  return schedule.strategy === 'timer' && nextRun - now > schedule.period;
}

function inputReason(runnable: Runnable, now: number): Reason | null {
  const { settings, incoming } = runnable;
  if (settings.triggerWhenEmpty) return null;
  let penaltyEnd = Number.POSITIVE_INFINITY;
  let connected = settings.needsInput;
  for (const queue of incoming) {
    if (queue.hasReady(now)) return null;
    // A processor's connection to itself does not make it wait for itself.
    connected ||= queue.producer !== runnable;
    penaltyEnd = Math.min(penaltyEnd, queue.firstPenaltyEnd ?? Number.POSITIVE_INFINITY);
  }
  if (!connected) return null;
  return Number.isFinite(penaltyEnd) ? { because: 'input is penalized', until: penaltyEnd } : noInput;
}

function hasRoom({ outgoing, settings: { triggerWhenAnyDestinationAvailable: any } }: Runnable): boolean {
  let full = 0;
  for (const queues of outgoing.values()) {
    if (!queues.some(({ isFull }) => isFull)) continue;
    if (!any) return false;
    full++;
  }
  return full === 0 || full < outgoing.size;
}
