import type { FlowRuntime } from './flow-runtime.ts';
import { ProcessGroup } from './process-group.ts';
import type { FlowFileQueue } from './queue.ts';
import { RunScope } from './run-scope.ts';

/** The kind under which syncs stand among the stored components; the parent is the sync's group. */
export const SYNC_KIND = 'SYNC';

const watched = new WeakMap<FlowRuntime, Set<FlowFileQueue>>();

/** Brings up to date which groups and queues belong to which sync, after an edit. What is queued already is counted once. */
export function refreshRunScopes(runtime: FlowRuntime): void {
  const { runs } = runtime.journal;
  const before = watched.get(runtime) ?? new Set();
  if (runs.tracked.size === 0 && before.size === 0) return;
  const known = new Map([...runs.scopes.values()].map((scope) => [scope.syncId, scope]));
  const scopes = new Map<string, RunScope>();
  const queues = new Set<FlowFileQueue>();
  for (const id of runs.tracked) {
    const group = runtime.components.get(id);
    if (!(group instanceof ProcessGroup)) continue;
    const scope = known.get(id) ?? new RunScope(id);
    for (const each of group.tree()) {
      scopes.set(each.id, scope);
      for (const { queue } of each.connections.values()) {
        queues.add(queue);
        watch(queue, scope);
      }
    }
  }
  for (const queue of before) if (!queues.has(queue)) queue.runs = undefined;
  watched.set(runtime, queues);
  runs.scopes = scopes;
}

function watch(queue: FlowFileQueue, scope: RunScope): void {
  if (queue.runs === scope) return;
  queue.runs = scope;
  for (const record of queue.list()) scope.entered(record);
}
