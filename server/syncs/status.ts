import type { Sync } from './sync.ts';
import type { ProblemView, SyncStatus } from './views.ts';

/** What the sync is at the moment, as the canvas has it: nothing of this is stored. */
export function statusOf(sync: Sync): SyncStatus {
  if (!sync.record.active) return 'DRAFT';
  const sources = sync.sources;
  if (!sources.some(({ state }) => state === 'RUNNING')) return 'PAUSED';
  return connectionProblem(sync) ? 'UNABLE_TO_CONNECT' : 'ENABLED';
}

/** What keeps an active sync from working, if anything does. */
export function problemOf(sync: Sync): ProblemView | undefined {
  if (!sync.record.active) return undefined;
  return connectionProblem(sync) ?? stoppedPart(sync) ?? missingPart(sync);
}

/** A connection that is not there: its service is not enabled, or is not valid. */
function connectionProblem(sync: Sync): ProblemView | undefined {
  for (const { service: path, title } of sync.description.connections) {
    const service = sync.places.service(path);
    if (!service) return problem(`${title} was removed on the canvas.`, 'Bring the controller service back on the canvas, or set the sync up anew.');
    if (service.isEnabled) continue;
    const [reason] = service.validationErrors;
    if (reason) return problem(`${title} is not complete: ${reason}.`, 'Edit the connection.', service);
    if (service.state === 'DISABLED') return problem(`${title} is disabled.`, 'Choose Retry, or enable the controller service on the canvas.', service);
    const bulletin = sync.group.runtime.bulletins.of(service.id).at(-1);
    return problem(bulletin?.message ?? `${title} is being enabled.`, 'Choose Retry, or edit the connection.', service);
  }
  return undefined;
}

/** A processor that rows go through and that somebody stopped on the canvas. */
function stoppedPart(sync: Sync): ProblemView | undefined {
  const stopped = sync.places.processors().find((node) => node.state === 'STOPPED' && node.incoming.size > 0);
  return stopped && problem(`${stopped.name} is stopped, so rows wait before it.`, 'Resume the sync, or start the processor on the canvas.', stopped);
}

function missingPart(sync: Sync): ProblemView | undefined {
  const lost = sync.streams.find(({ enabled, destination }) => enabled && !destination);
  return lost && problem(`The destination of ${lost.description.title} was removed on the canvas.`, 'Bring it back on the canvas, or set the sync up anew.');
}

function problem(summary: string, whatToDo: string, component?: { readonly id: string; readonly name: string }): ProblemView {
  return { summary, whatToDo, componentId: component?.id ?? null, componentName: component?.name ?? null };
}
