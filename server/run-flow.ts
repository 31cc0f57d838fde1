import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControllerServiceNode } from './engine/controller-service-node.ts';
import type { FlowController } from './engine/flow-controller.ts';
import type { FlowDefinition } from './engine/flow-definition/format.ts';
import type { ProcessGroup } from './engine/process-group.ts';
import type { ProcessorNode } from './engine/processor-node.ts';
import type { LogLine } from './engine/runtime.ts';
import { openMillrace } from './millrace.ts';
import type { RunReport } from './run-report.ts';

/** A parameter that the command line sets. */
export interface ParameterOverride {
  readonly context: string;
  readonly name: string;
  readonly value: string;
}

export interface RunOptions {
  readonly definition: FlowDefinition;
  readonly parameters: readonly ParameterOverride[];
  /** Where the flow's embedded databases are kept. */
  readonly databases: string;
  readonly log: (line: LogLine) => void;
  /** Told now and then: how many FlowFiles are through, of how many known so far. */
  readonly progress: (done: number, known: number) => void;
}

const LOOK_MILLIS = 20;
/** How long controller services may take to be enabled. */
const ENABLE_MILLIS = 60_000;
/** When nothing moves for so long, what is queued is stuck. */
const STUCK_MILLIS = 3000;

/**
 * Runs a flow without a server: each source once, then everything until the queues are empty. FlowFiles and state live in a
 * temporary directory and are gone afterwards, so that every run begins from the start; what the flow writes elsewhere stays.
 */
export async function runFlow(options: RunOptions): Promise<RunReport> {
  const failures: string[] = [];
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-run-'));
  const log = (line: LogLine): void => {
    if (line.level === 'error') failures.push(`${line.component?.name ?? 'Millrace'}: ${line.message}`);
    options.log(line);
  };
  try {
    const millrace = await openMillrace({ dataDirectory: directory, componentDirectory: options.databases, log });
    try {
      return await runIn(millrace.flow, options, failures);
    } finally {
      await millrace.close();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runIn(flow: FlowController, options: RunOptions, failures: string[]): Promise<RunReport> {
  const started = performance.now();
  flow.start();
  const group = flow.import(flow.root, { version: 0 }, options.definition);
  setParameters(flow, options.parameters);
  await enableServices(flow, group, failures);
  const processors = [...group.tree()].flatMap((each) => [...each.processors.values()]);
  if (failures.length === 0) startProcessors(flow, group, processors, failures);
  if (failures.length === 0) await drain(group, processors, options, failures);
  const counters = countersOf(flow, new Set(processors.map(({ id }) => id)));
  if ((counters.get('rows rejected') ?? 0) > 0) failures.push(`${counters.get('rows rejected')} rows were rejected; the log names the reasons.`);
  return { processors: processors.map(processorReport), counters, failures: [...new Set(failures)], seconds: (performance.now() - started) / 1000 };
}

function setParameters(flow: FlowController, overrides: readonly ParameterOverride[]): void {
  for (const { context: name, name: parameter, value } of overrides) {
    const context = [...flow.parameterContexts.values()].find((each) => each.name === name);
    if (!context)
      throw new Error(
        `--param ${name}.${parameter}: the flow has no parameter context '${name}'. It has: ${[...flow.parameterContexts.values()].map((each) => each.name).join(', ') || 'none'}.`,
      );
    const known = context.parameters.get(parameter);
    if (!known) throw new Error(`--param ${name}.${parameter}: the context has no parameter '${parameter}'. It has: ${[...context.parameters.keys()].join(', ')}.`);
    flow.change(context, { version: context.revision.version }, () => context.apply({ parameters: [{ name: parameter, value }] }));
  }
}

async function enableServices(flow: FlowController, group: ProcessGroup, failures: string[]): Promise<void> {
  const services = [...group.tree()].flatMap((each) => [...each.services.values()]);
  void flow.activateServices(group, 'ENABLED');
  const end = performance.now() + ENABLE_MILLIS;
  const waiting = (service: ControllerServiceNode): boolean => service.state !== 'ENABLED' && service.validationErrors.length === 0;
  while (services.some(waiting) && failures.length === 0 && performance.now() < end) await delay(LOOK_MILLIS);
  for (const service of services) {
    if (service.state !== 'ENABLED') failures.push(`Controller service ${service.name} could not be enabled: ${service.validationErrors.join('; ') || 'see the log'}`);
  }
}

/** Sources run once, everything else for as long as there is data. */
function startProcessors(flow: FlowController, group: ProcessGroup, processors: readonly ProcessorNode[], failures: string[]): void {
  const invalid = processors.filter((processor) => processor.state !== 'DISABLED' && !processor.isValid);
  for (const { name, validationErrors } of invalid) failures.push(`${name} is not valid: ${validationErrors.join('; ')}`);
  if (invalid.length > 0) return;
  flow.batch(() => {
    for (const each of group.tree()) for (const port of each.ports()) if (port.isValid && port.state !== 'DISABLED') port.start();
    for (const processor of processors.filter(({ state }) => state !== 'DISABLED')) {
      if (processor.incoming.size === 0) processor.runOnce();
      else processor.start();
    }
  });
}

async function drain(group: ProcessGroup, processors: readonly ProcessorNode[], { progress }: RunOptions, failures: string[]): Promise<void> {
  let moved = performance.now();
  let before = '';
  for (;;) {
    await delay(LOOK_MILLIS);
    const queued = queuedIn(group);
    const done = processors.reduce((sum, { runnable }) => sum + runnable.statistics.sinceStart().flowFilesIn, 0);
    progress(done, done + queued);
    const busy = processors.some(
      ({ activeThreadCount, physicalState, incoming }) => activeThreadCount > 0 || (incoming.size === 0 && physicalState !== 'STOPPED' && physicalState !== 'DISABLED'),
    );
    if (queued === 0 && !busy) return;
    const now = `${done} ${queued}`;
    // What failed once and waits to be tried again does not keep the run: it has failed.
    if (now !== before || busy || (waitsForPenalty(group) && failures.length === 0)) moved = performance.now();
    before = now;
    if (performance.now() - moved > STUCK_MILLIS) return void failures.push(...stuck(group));
  }
}

function connectionsOf(group: ProcessGroup) {
  return [...group.tree()].flatMap((each) => [...each.connections.values()]);
}

function queuedIn(group: ProcessGroup): number {
  return connectionsOf(group).reduce((sum, { queue }) => sum + queue.objectCount, 0);
}

/** Retries wait for their penalty: that is no standstill. */
function waitsForPenalty(group: ProcessGroup): boolean {
  return connectionsOf(group).some(({ queue }) => queue.firstPenaltyEnd !== undefined);
}

function stuck(group: ProcessGroup): string[] {
  const full = connectionsOf(group).filter(({ queue }) => queue.objectCount > 0);
  return full.map(
    ({ queue, source, destination }) =>
      `${queue.objectCount} FlowFiles wait between ${source.name} and ${destination.name || destination.kind.toLowerCase()}, and nothing takes them.`,
  );
}

function countersOf(flow: FlowController, ids: ReadonlySet<string>): Map<string, number> {
  const counters = new Map<string, number>();
  for (const { componentId, name, value } of flow.runtime.journal.counters()) if (ids.has(componentId)) counters.set(name, (counters.get(name) ?? 0) + value);
  return counters;
}

function processorReport({ name, runnable }: ProcessorNode) {
  const { flowFilesIn, flowFilesOut, bytesRead, bytesWritten, taskMillis } = runnable.statistics.sinceStart();
  return { name, flowFilesIn, flowFilesOut, bytes: bytesRead + bytesWritten, seconds: taskMillis / 1000 };
}
