import type { UpdateRequest } from '../api/parameters.ts';

/** The steps of an update as a list shows them; one that was cancelled is not at work any more. */
export function stepsOf({ updateSteps, complete, failureReason }: UpdateRequest, isCancelled = false) {
  const current = updateSteps.findIndex((step) => !step.complete);
  return updateSteps.map(({ description, complete: done, failureReason: note }, index) => {
    const isRunning = index === current && !complete && failureReason === undefined && !isCancelled;
    const state = done ? ('done' as const) : note !== undefined ? ('failed' as const) : isRunning ? ('running' as const) : ('waiting' as const);
    return { title: description, state, note };
  });
}
