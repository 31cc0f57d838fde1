import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { type ComponentTypes, TypeCatalogue } from '../../server/engine/component-types.ts';
import type { ProcessorNode } from '../../server/engine/processor-node.ts';
import { places } from '../../server/config.ts';
import type { ProcessorDefinition } from '../../server/extension/processor.ts';
import { loadComponentTypes } from '../../server/registry.ts';
import { FlowBench, standard, withMillrace } from './flow.ts';
import type { Result } from './main.ts';

const SECONDS = 5;
/** In the variant with full queues each step leaves this many FlowFiles standing before it. */
const STANDING = 5000;

/** GenerateFlowFile (1 KB) -> UpdateAttribute (one expression) -> RouteOnAttribute -> sink, durable, with provenance. */
export async function small(): Promise<Result[]> {
  const results: Result[] = [];
  for (const batch of [100, 10, 1]) results.push(await measure('small', batch));
  results.push(await measure('small-full-queues', 100, await typesThatHoldBack()));
  return results;
}

async function measure(bench: string, batch: number, types?: ComponentTypes): Promise<Result> {
  return withMillrace(async (flow) => {
    const sink = await build(new FlowBench(flow), batch);
    void flow.schedule(flow.root, 'RUNNING');
    await delay(1000);
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    const [before, cpu, started] = [through(sink), process.cpuUsage(), performance.now()];
    await delay(SECONDS * 1000);
    const { user, system } = process.cpuUsage(cpu);
    const count = through(sink) - before;
    await flow.schedule(flow.root, 'STOPPED');
    return {
      bench,
      batch,
      flowfiles_per_s: Math.round((count * 1000) / (performance.now() - started)),
      flowfiles_per_cpu_s: Math.round((count * 1e6) / (user + system)),
      loop_delay_p99_ms: Number((loop.percentile(99) / 1e6).toFixed(1)),
    };
  }, types);
}

const through = (sink: ProcessorNode): number => sink.runnable.statistics.sinceStart().flowFilesIn;

async function build(bench: FlowBench, batch: number): Promise<ProcessorNode> {
  const source = bench.processor(standard('GenerateFlowFile'), { 'File Size': '1 KB', 'Batch Size': String(batch) }, { schedulingPeriod: '0 sec' });
  const update = bench.processor('org.apache.nifi.processors.attributes.UpdateAttribute', { kind: "${filename:substring(0, 4):append('-small')}" });
  const route = bench.processor(standard('RouteOnAttribute'), { small: "${kind:endsWith('-small')}" }, { autoTerminatedRelationships: ['unmatched'] });
  const sink = bench.processor(standard('UpdateCounter'), { 'Counter Name': 'through' }, { autoTerminatedRelationships: ['success'] });
  bench.connect(source, update, ['success']);
  bench.connect(update, route, ['success']);
  bench.connect(route, sink, ['small']);
  return sink;
}

/** The same types, but none takes a FlowFile unless more than STANDING wait: every queue stays full. */
async function typesThatHoldBack(): Promise<ComponentTypes> {
  const types = await loadComponentTypes(places.processors, 'bench');
  const held = new TypeCatalogue();
  for (const known of types.all('processor')) held.add(known.definition.input === 'forbidden' ? known : { ...known, definition: holdingBack(known.definition) });
  for (const known of types.all('controller-service')) held.add(known);
  return held;
}

function holdingBack(definition: ProcessorDefinition): ProcessorDefinition {
  return {
    ...definition,
    onTrigger(session, context) {
      const { runnable } = session as unknown as { runnable: ProcessorNode['runnable'] };
      return runnable.incoming[0]!.objectCount > STANDING ? definition.onTrigger(session, context) : undefined;
    },
  };
}
