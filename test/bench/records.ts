import { setTimeout as delay } from 'node:timers/promises';
import { FlowBench, standard, withMillrace } from './flow.ts';
import type { Result } from './main.ts';
import { cpuSeconds } from './yardstick.ts';

const RECORDS = 1000;
const SECONDS = 4;

const mapping = [
  { source: 'first_name', destination: 'FIRSTNAME', type: 'text' },
  { source: 'last_name', destination: 'LASTNAME', type: 'text' },
  { source: 'email', destination: 'EMAIL', type: 'text' },
  { source: 'orders', destination: 'ORDER_COUNT', type: 'integer' },
  { source: 'ltv', destination: 'LTV_SCORE', type: 'decimal' },
];

/** What a warehouse query gives: small records of five fields. */
function sample(): string {
  const records = Array.from({ length: RECORDS }, (_, i) => ({ first_name: `First${i}`, last_name: `Last${i}`, email: `person${i}@example.org`, orders: i % 40, ltv: i / 4 }));
  return JSON.stringify(records);
}

/** JSON.parse, rename five fields, JSON.stringify, and nothing else: records per CPU second. */
function bareLoop(text: string): number {
  const bytes = Buffer.from(text);
  const rounds = 400;
  const once = (): number => {
    const records = JSON.parse(bytes.toString()) as Record<string, unknown>[];
    const mapped = records.map(({ first_name, last_name, email, orders, ltv }) => ({
      FIRSTNAME: first_name,
      LASTNAME: last_name,
      EMAIL: email,
      ORDER_COUNT: orders,
      LTV_SCORE: ltv,
    }));
    return Buffer.from(JSON.stringify(mapped)).length;
  };
  for (let i = 0; i < 50; i++) once();
  const seconds = cpuSeconds(() => {
    for (let i = 0; i < rounds; i++) once();
  });
  return Math.round((rounds * RECORDS) / seconds);
}

/** JSON arrays of 1,000 small records through MapRecord in a durable flow. */
export async function records(): Promise<Result[]> {
  const text = sample();
  const bare = bareLoop(text);
  return withMillrace(async (flow) => {
    const bench = new FlowBench(flow);
    const source = bench.processor(standard('GenerateFlowFile'), { 'Custom Text': text, 'Data Format': 'Text' }, { schedulingPeriod: '0 sec' });
    const map = bench.processor('dev.millrace.records.MapRecord', { Mapping: JSON.stringify(mapping) }, { autoTerminatedRelationships: ['success', 'rejected', 'failure'] });
    bench.connect(source, map, ['success'], { backPressureObjectThreshold: 20 });
    void flow.schedule(flow.root, 'RUNNING');
    await delay(1000);
    const [before, cpu, started] = [bench.figures(map).flowFilesIn, process.cpuUsage(), performance.now()];
    await delay(SECONDS * 1000);
    const { user, system } = process.cpuUsage(cpu);
    const count = (bench.figures(map).flowFilesIn - before) * RECORDS;
    await flow.schedule(flow.root, 'STOPPED');
    const perCpuSecond = Math.round((count * 1e6) / (user + system));
    return [
      {
        bench: 'records',
        processor: 'MapRecord',
        records_per_s: Math.round((count * 1000) / (performance.now() - started)),
        records_per_cpu_s: perCpuSecond,
        bare_loop_records_per_cpu_s: bare,
        of_bare_loop: Number((perCpuSecond / bare).toFixed(2)),
      },
    ];
  });
}
