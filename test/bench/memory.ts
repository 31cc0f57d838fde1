import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openMillrace } from '../../server/millrace.ts';
import { FlowBench, standard } from './flow.ts';
import type { Result } from './main.ts';
import { ServerProcess } from './server.ts';

const RECORDS = 'org.apache.nifi';
/** Service types by the format that they write. */
export const WRITERS = {
  json: `${RECORDS}.json.JsonRecordSetWriter`,
  avro: `${RECORDS}.avro.AvroRecordSetWriter`,
  parquet: `${RECORDS}.parquet.ParquetRecordSetWriter`,
} as const;
export type Format = keyof typeof WRITERS;

const SIZE = 2e9;
const BLOCK_ROWS = 5000;

/** A CSV of so many bytes, rows of all types and texts of several lengths: ids differ, so that nothing is alike. Returns the number of rows. */
export async function writeCsv(file: string, bytes: number): Promise<number> {
  const out = await open(file, 'w');
  try {
    const header = 'id,email,amount,day,active,country,note\n';
    let size = header.length;
    let rows = 0;
    await out.write(header);
    while (size < bytes) {
      const block = Array.from({ length: BLOCK_ROWS }, () => {
        const id = ++rows;
        return `${9007199254740993n + BigInt(id)},person${id}@example.org,${(id % 99991) / 100},2026-0${1 + (id % 9)}-1${id % 9},${id % 3 === 0},${['DE', 'FR', 'US'][id % 3]},"note ${id}, ${'x'.repeat(id % 60)}"\n`;
      }).join('');
      size += block.length;
      await out.write(block);
    }
    return rows;
  } finally {
    await out.close();
  }
}

/** GetFile -> ConvertRecord -> UpdateCounter, to be started with the next process on this data directory. */
async function prepare(dataDirectory: string, input: string, format: Format): Promise<void> {
  const { flow, close } = await openMillrace({ dataDirectory, log: () => undefined });
  flow.start();
  const bench = new FlowBench(flow);
  const service = (type: string) => flow.createService(bench.group, { version: 0 }, { type, name: type, properties: {} });
  const reader = service(`${RECORDS}.csv.CSVReader`);
  const writer = service(WRITERS[format]);
  const get = bench.processor(standard('GetFile'), { 'Input Directory': input }, { schedulingPeriod: '1 sec' });
  const convert = bench.processor(standard('ConvertRecord'), { 'Record Reader': reader.id, 'Record Writer': writer.id }, { autoTerminatedRelationships: ['failure'] });
  const sink = bench.processor(standard('UpdateCounter'), { 'Counter Name': 'converted', Delta: '${record.count}' }, { autoTerminatedRelationships: ['success'] });
  bench.connect(get, convert, ['success']);
  bench.connect(convert, sink, ['success']);
  await flow.activateServices(bench.group, 'ENABLED');
  while (![reader, writer].every(({ state }) => state === 'ENABLED')) await delay(10);
  flow.batch(() => {
    for (const node of [get, convert, sink]) node.start();
  });
  await close();
}

interface Counters {
  readonly counters: { readonly aggregateSnapshot: { readonly counters: readonly { readonly name: string; readonly valueCount: number }[] } };
}

const converted = async (server: ServerProcess): Promise<number> =>
  (await server.get<Counters>('/counters')).counters.aggregateSnapshot.counters
    .filter(({ name }) => name === 'converted')
    .reduce((sum, { valueCount }) => Math.max(sum, valueCount), 0);

/** The most memory that a process has had resident so far, bytes: the kernel's own mark, so that nothing is missed. */
const peakBytes = (pid: number): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;

export interface Conversion {
  readonly rows: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Sends a CSV of so many bytes through ConvertRecord in a real Millrace process of its own, and tells the most memory that it had. */
export async function convertInProcess(format: Format, bytes: number, patienceMillis: number): Promise<Conversion> {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-memory-'));
  try {
    const input = path.join(directory, 'input');
    await mkdir(input);
    const rows = await writeCsv(path.join(input, 'data.csv'), bytes);
    await prepare(path.join(directory, 'data'), input, format);
    const started = performance.now();
    const server = await ServerProcess.start(path.join(directory, 'data'), '--no-example');
    try {
      while ((await converted(server)) < rows) {
        if (performance.now() - started > patienceMillis) throw new Error(`CSV to ${format} took longer than ${patienceMillis} ms:\n${server.output}`);
        await delay(250);
      }
      return { rows, seconds: (performance.now() - started) / 1000, peakBytes: peakBytes(server.child.pid!) };
    } finally {
      await server.kill('SIGTERM');
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A CSV of 2 GB (or MILLRACE_BENCH_MB) through ConvertRecord into each format: the most memory that the process had. */
export async function memory(): Promise<Result[]> {
  const bytes = process.env.MILLRACE_BENCH_MB ? Number(process.env.MILLRACE_BENCH_MB) * 1e6 : SIZE;
  const results: Result[] = [];
  for (const format of Object.keys(WRITERS) as Format[]) {
    const { rows, seconds, peakBytes: peak } = await convertInProcess(format, bytes, 3_600_000);
    results.push({
      bench: 'memory',
      conversion: `CSV -> ${format}`,
      csv_mb: Math.round(bytes / 1e6),
      rows,
      seconds: Math.round(seconds),
      rows_per_s: Math.round(rows / seconds),
      peak_memory_mb: Math.round(peak / 1e6),
    });
  }
  return results;
}
