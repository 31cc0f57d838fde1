import type { Runnable } from './runnable.ts';

/**
 * Gives each runnable its rank: the longest way to it from a source of the flow. Members of a loop, which has no longest way,
 * get the rank at which the loop is entered.
 */
export function assignRanks(runnables: Iterable<Runnable>): void {
  const waitingFor = new Map<Runnable, number>();
  for (const runnable of runnables) {
    runnable.rank = 0;
    waitingFor.set(runnable, new Set(runnable.incoming.map(({ producer }) => producer).filter((producer) => producer !== runnable)).size);
  }
  const sorted = [...waitingFor].filter(([, count]) => count === 0).map(([runnable]) => runnable);
  for (let i = 0; i < waitingFor.size; i++) {
    const runnable = sorted[i] ?? enterLoop(waitingFor);
    sorted[i] = runnable;
    waitingFor.set(runnable, -1);
    for (const next of successors(runnable)) {
      const count = waitingFor.get(next) ?? -1;
      if (count < 0) continue;
      next.rank = Math.max(next.rank, runnable.rank + 1);
      waitingFor.set(next, count - 1);
      if (count === 1) sorted.push(next);
    }
  }
}

/** Only loops are left: the one reached first is entered. */
function enterLoop(waitingFor: ReadonlyMap<Runnable, number>): Runnable {
  const left = [...waitingFor].filter(([, count]) => count > 0).map(([runnable]) => runnable);
  const reached = left.filter(({ rank }) => rank > 0);
  return (reached.length > 0 ? reached : left).reduce((first, runnable) => (runnable.rank < first.rank ? runnable : first));
}

function successors(runnable: Runnable): Set<Runnable> {
  const next = new Set([...runnable.outgoing.values()].flat().map(({ consumer }) => consumer));
  next.delete(runnable);
  return next;
}
