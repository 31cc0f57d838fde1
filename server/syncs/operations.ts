import { ConflictError } from '../engine/errors.ts';
import type { ProcessorNode } from '../engine/processor-node.ts';
import { stepsOf } from './steps.ts';
import type { Sync } from './sync.ts';
import type { Syncs } from './syncs.ts';
import { digestOf } from './test-view.ts';

/** Switches a draft on. Throws ConflictError where a page is not complete, or no test holds that passed. */
export function activate(syncs: Syncs, sync: Sync): void {
  const open = stepsOf(sync).find(({ complete }) => !complete);
  if (open) throw new ConflictError(`${sync.label} is not complete: ${open.problems.join(' ')}`);
  const { test } = sync.record;
  if (!test?.passed) throw new ConflictError(`${sync.label} cannot be switched on before a test has passed. Test it first.`);
  if (test.digest !== digestOf(sync)) throw new ConflictError(`${sync.label} was changed since it was tested. Test it again.`);
  syncs.amend(sync, { active: true });
  start(syncs, sync);
}

/** Enables the connections and starts everything that is not disabled. Throws ConflictError for a draft. */
export function resume(syncs: Syncs, sync: Sync): void {
  checkActive(sync);
  start(syncs, sync);
}

function start({ flow }: Syncs, { group }: Sync): void {
  void flow.activateServices(group, 'ENABLED');
  void flow.schedule(group, 'RUNNING');
}

/** Stops the sources; what was read goes on to the destination. */
export async function pause({ flow }: Syncs, sync: Sync, user: string): Promise<void> {
  checkActive(sync);
  await Promise.all(sync.sources.map((node) => flow.change(node, { version: node.revision.version, user }, () => node.stop())));
}

/** Runs every source once, and leaves the schedule alone. Throws ConflictError where none can run. */
export function runNow({ flow }: Syncs, sync: Sync, user: string): void {
  checkActive(sync);
  const { sources } = sync;
  if (sources.length === 0) throw new ConflictError(`${sync.label} has no source any more. Bring it back on the canvas.`);
  const invalid = sources.find((node) => node.physicalState !== 'RUNNING' && !node.isValid);
  if (invalid) throw new ConflictError(`${invalid.label} cannot run: ${invalid.validationErrors.join('; ')}.`);
  for (const node of sources) runSource(flow, node, user);
}

function runSource(flow: Syncs['flow'], node: ProcessorNode, user: string): void {
  const { scheduler, journal } = flow.runtime;
  if (node.physicalState === 'STOPPED') return flow.change(node, { version: node.revision.version, user }, () => node.runOnce());
  journal.runs.expect(node.id, 'MANUAL');
  scheduler.triggerNow(node.runnable);
}

function checkActive(sync: Sync): void {
  if (!sync.record.active) throw new ConflictError(`${sync.label} is a draft. Complete and test it, then switch it on.`);
}
