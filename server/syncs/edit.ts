import { ConflictError, InvalidRequestError } from '../engine/errors.ts';
import type { FlowController } from '../engine/flow-controller.ts';
import type { ParameterContext } from '../engine/parameter-context.ts';
import { duration } from '../engine/processor-config.ts';
import type { ProcessorNode } from '../engine/processor-node.ts';
import type { FieldTarget } from './connector-description.ts';
import { MASK } from './flow-places.ts';
import { nextTimes } from './schedule-words.ts';
import type { Sync } from './sync.ts';

export interface StreamEdit {
  readonly enabled?: boolean | null;
  readonly query?: string | null;
  readonly mapping?: string | null;
}

/** What of a sync's flow is to change. */
export interface FlowEdit {
  readonly name?: string;
  /** By field id; null takes a value back. */
  readonly values?: Readonly<Record<string, string | null>>;
  readonly streams?: Readonly<Record<string, StreamEdit>>;
  readonly schedule?: { readonly strategy: 'CRON_DRIVEN' | 'TIMER_DRIVEN'; readonly period: string };
}

interface Change {
  readonly target: FieldTarget;
  readonly value: string | null;
}

/**
 * Changes the flow of a sync as its API would: on the present revisions, with audit and undo. What runs is stopped for the moment. What
 * makes no sense is refused before anything is changed. Throws InvalidRequestError and ConflictError.
 */
export async function editFlow(flow: FlowController, sync: Sync, edit: FlowEdit, user: string): Promise<void> {
  const changes = [...valueChanges(sync, edit), ...streamChanges(sync, edit), ...scheduleChanges(sync, edit)].filter(({ value }) => value !== MASK);
  if (edit.name !== undefined && edit.name.trim() === '') throw new InvalidRequestError('A sync needs a name.');
  await changeParameters(flow, sync, changes, user);
  for (const change of changes) await changeProperty(flow, sync, change, user);
  if (edit.schedule) for (const { sources } of sync.streams) if (sources[0]) await setStrategy(flow, sources[0], edit.schedule.strategy, user);
  for (const [id, { enabled }] of Object.entries(edit.streams ?? {})) if (typeof enabled === 'boolean') await switchStream(flow, sync, id, enabled, user);
  const { group } = sync;
  const { name } = edit;
  if (name !== undefined && name.trim() !== group.name) flow.change(group, { version: group.revision.version, user }, () => group.configure({ name: name.trim() }));
}

/** The parameter contexts that an edit changes, so that it can be checked who else uses them. */
export function changedContexts(sync: Sync, edit: FlowEdit): ParameterContext[] {
  const changes = [...valueChanges(sync, edit), ...streamChanges(sync, edit), ...scheduleChanges(sync, edit)];
  const contexts = changes.map(({ target }) => ('parameter' in target ? sync.places.parameter(target.parameter)?.context : undefined));
  return [...new Set(contexts)].filter((context) => context !== undefined);
}

function valueChanges({ description }: Sync, { values = {} }: FlowEdit): Change[] {
  const fields = [...description.connections.flatMap((each) => each.fields), ...description.steps.flatMap((each) => each.fields ?? [])];
  return Object.entries(values).map(([id, value]) => {
    const field = fields.find((each) => each.id === id);
    if (!field) throw new InvalidRequestError(`There is no field '${id}'. GET /api/connectors/{name}/sync lists the fields.`);
    if (value !== null && value !== '' && field.options && !field.options.some((option) => option.value === value))
      throw new InvalidRequestError(`${field.label} cannot be '${value}': it must be one of ${field.options.map((option) => option.value).join(', ')}.`);
    return { target: field.target, value };
  });
}

function streamOf({ description }: Sync, id: string) {
  const stream = description.streams.find((each) => each.id === id);
  if (!stream) throw new InvalidRequestError(`There is no stream '${id}'. It must be one of ${description.streams.map((each) => each.id).join(', ')}.`);
  return stream;
}

function streamChanges(sync: Sync, { streams = {} }: FlowEdit): Change[] {
  return Object.entries(streams).flatMap(([id, edit]) => {
    const stream = streamOf(sync, id);
    return (['query', 'mapping'] as const).flatMap((what) => {
      const value = edit[what];
      if (value === undefined || value === null) return [];
      const target = stream[what];
      if (!target) throw new InvalidRequestError(`The stream ${stream.title} has no ${what}.`);
      return [{ target, value }];
    });
  });
}

function scheduleChanges({ description, record, places }: Sync, { schedule }: FlowEdit): Change[] {
  if (!schedule) return [];
  if (schedule.strategy === 'CRON_DRIVEN') nextTimes(schedule.period, record.timeZone, places.group.runtime.clock.now(), 1);
  else duration('The schedule', schedule.period);
  return [{ target: description.schedule, value: schedule.period }];
}

async function changeParameters(flow: FlowController, sync: Sync, changes: readonly Change[], user: string): Promise<void> {
  const byContext = new Map<ParameterContext, { name: string; value: string | null }[]>();
  for (const { target, value } of changes) {
    if (!('parameter' in target)) continue;
    const place = sync.places.parameter(target.parameter);
    if (!place) throw new ConflictError(`The parameter ${target.parameter} was removed from the parameter contexts of ${sync.label}. Add it again on the canvas.`);
    if ((place.context.parameters.get(place.name)?.value ?? null) === value) continue;
    byContext.set(place.context, [...(byContext.get(place.context) ?? []), { name: place.name, value }]);
  }
  for (const [context, parameters] of byContext) {
    const update = flow.updateParameterContext(context, { version: context.revision.version, user }, { parameters });
    await update.done;
    if (update.failureReason !== undefined) throw new ConflictError(`The values of ${sync.label} could not be changed: ${update.failureReason}`);
  }
}

async function changeProperty(flow: FlowController, { places, label }: Sync, { target, value }: Change, user: string): Promise<void> {
  if ('parameter' in target) return;
  const node = places.component(target);
  if (!node) throw new ConflictError(`${'processor' in target ? target.processor : target.service} was removed from ${label} on the canvas. Bring it back there.`);
  if ((node.properties.effective.get(target.property) ?? null) === value) return;
  const edit = (): void => flow.change(node, { version: node.revision.version, user }, () => node.configure({ properties: { [target.property]: value } }));
  if (node.kind === 'PROCESSOR') await whileStopped(node, edit);
  else edit();
}

async function setStrategy(flow: FlowController, node: ProcessorNode, strategy: 'CRON_DRIVEN' | 'TIMER_DRIVEN', user: string): Promise<void> {
  if (node.config.schedulingStrategy === strategy) return;
  const { schedulingPeriod } = node.config;
  await whileStopped(node, () => flow.change(node, { version: node.revision.version, user }, () => node.configure({ schedulingStrategy: strategy, schedulingPeriod })));
}

/** What ran goes on afterwards, also where the edit was refused. */
async function whileStopped(node: ProcessorNode, edit: () => void): Promise<void> {
  const wasActive = node.isActive;
  if (wasActive) await node.suspend();
  try {
    edit();
  } finally {
    if (wasActive) node.resume();
  }
}

/** A stream that is off has its processors disabled. */
async function switchStream(flow: FlowController, sync: Sync, id: string, enabled: boolean, user: string): Promise<void> {
  const stream = streamOf(sync, id);
  const group = sync.places.processor(stream.destination)?.group ?? sync.places.processor(stream.sources[0]!)?.group;
  if (!group || stream.group === undefined) {
    if (!enabled) throw new InvalidRequestError(`${stream.title} is all that ${sync.name} moves. Pause the sync instead.`);
    return;
  }
  for (const node of group.processors.values()) {
    if (enabled === (node.state !== 'DISABLED')) continue;
    if (!enabled && node.isActive) await node.stop();
    flow.change(node, { version: node.revision.version, user }, () => (enabled ? node.enable() : node.disable()));
  }
  if (enabled && sync.record.active && sync.sources.some(({ state }) => state === 'RUNNING')) await flow.schedule(group, 'RUNNING');
}
