import { setTimeout as delay } from 'node:timers/promises';
import type { FlowController } from '../../server/engine/flow-controller.ts';
import { FlowBench, standard, withMillrace } from './flow.ts';
import type { Result } from './main.ts';

const ROWS = 20_000;
const SECONDS = 4;
const JSON_READER = 'org.apache.nifi.json.JsonTreeReader';
const JSON_WRITER = 'org.apache.nifi.json.JsonRecordSetWriter';

const rows = Array.from({ length: ROWS }, (_, i) => ({ id: i, email: `person${i}@example.org`, country: ['DE', 'FR', 'US'][i % 3]!, amount: (i % 9973) / 100 }));
const CSV = `id,email,country,amount\n${rows.map((row) => Object.values(row).join(',')).join('\n')}\n`;

interface Flow {
  readonly name: string;
  readonly processor: string;
  readonly content: string;
  readonly reader: string;
  readonly writer: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly relationship: string;
  readonly terminated: readonly string[];
}

const FLOWS: readonly Flow[] = [
  { name: 'CSV -> JSON', processor: 'ConvertRecord', content: CSV, reader: 'org.apache.nifi.csv.CSVReader', writer: JSON_WRITER, relationship: 'success', terminated: ['failure'] },
  {
    name: 'JSON -> Parquet',
    processor: 'ConvertRecord',
    content: JSON.stringify(rows),
    reader: JSON_READER,
    writer: 'org.apache.nifi.parquet.ParquetRecordSetWriter',
    relationship: 'success',
    terminated: ['failure'],
  },
  {
    name: 'QueryRecord',
    processor: 'QueryRecord',
    content: JSON.stringify(rows),
    reader: JSON_READER,
    writer: JSON_WRITER,
    properties: { totals: 'SELECT country, sum(amount) AS total, count(*) AS orders FROM FLOWFILE GROUP BY country' },
    relationship: 'totals',
    terminated: ['failure', 'original'],
  },
];

async function measure(flow: FlowController, { name, processor, content, reader, writer, properties, relationship, terminated }: Flow): Promise<Result> {
  const bench = new FlowBench(flow, name);
  const services = [reader, writer].map((type) => flow.createService(bench.group, { version: 0 }, { type, name: type, properties: {} }));
  const source = bench.processor(standard('GenerateFlowFile'), { 'Custom Text': content, 'Data Format': 'Text' }, { schedulingPeriod: '0 sec' });
  const convert = bench.processor(
    standard(processor),
    { 'Record Reader': services[0]!.id, 'Record Writer': services[1]!.id, ...properties },
    { autoTerminatedRelationships: terminated },
  );
  const sink = bench.processor(standard('UpdateCounter'), { 'Counter Name': name }, { autoTerminatedRelationships: ['success'] });
  bench.connect(source, convert, ['success'], { backPressureObjectThreshold: 5 });
  bench.connect(convert, sink, [relationship]);
  await flow.activateServices(bench.group, 'ENABLED');
  while (services.some(({ state }) => state !== 'ENABLED')) await delay(10);
  void flow.schedule(bench.group, 'RUNNING');
  while (bench.figures(sink).flowFilesIn === 0) await delay(10);
  const [before, cpu, started] = [bench.figures(sink).flowFilesIn, process.cpuUsage(), performance.now()];
  await delay(SECONDS * 1000);
  const { user, system } = process.cpuUsage(cpu);
  const count = (bench.figures(sink).flowFilesIn - before) * ROWS;
  const seconds = (performance.now() - started) / 1000;
  await flow.schedule(bench.group, 'STOPPED');
  return { bench: 'record-flows', flow: name, records_per_s: Math.round(count / seconds), records_per_cpu_s: Math.round((count * 1e6) / (user + system)) };
}

/** FlowFiles of 20,000 records of four fields through ConvertRecord and QueryRecord, in a durable flow. */
export async function recordFlows(): Promise<Result[]> {
  const results: Result[] = [];
  for (const flow of FLOWS) results.push(await withMillrace((controller) => measure(controller, flow)));
  return results;
}
