import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { writeParquet } from '../../processors/records/parquet-writing.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { field, schemaOf, TYPES } from '../../server/extension/record-schema.ts';
import { openMillrace } from '../../server/millrace.ts';
import { FlowBench, standard } from './flow.ts';
import type { Result } from './main.ts';
import { ServerProcess } from './server.ts';

const RECORDS = 'org.apache.nifi';
/** What a file is read by and what is written, by their names. */
export const CONVERSIONS = {
  'CSV -> json': { from: 'csv', reader: `${RECORDS}.csv.CSVReader`, writer: `${RECORDS}.json.JsonRecordSetWriter` },
  'CSV -> avro': { from: 'csv', reader: `${RECORDS}.csv.CSVReader`, writer: `${RECORDS}.avro.AvroRecordSetWriter` },
  'CSV -> parquet': { from: 'csv', reader: `${RECORDS}.csv.CSVReader`, writer: `${RECORDS}.parquet.ParquetRecordSetWriter` },
  'Parquet -> csv': { from: 'parquet', reader: `${RECORDS}.parquet.ParquetReader`, writer: `${RECORDS}.csv.CSVRecordSetWriter` },
} as const;
export type ConversionName = keyof typeof CONVERSIONS;

const SIZE = 2e9;
const BLOCK_ROWS = 5000;

const SCHEMA = schemaOf([
  field('id', TYPES.long),
  field('email', TYPES.string),
  field('amount', TYPES.double),
  field('day', TYPES.date),
  field('active', TYPES.boolean),
  field('country', TYPES.string),
  field('note', TYPES.string),
]);

/** Rows of all types and texts of several lengths: ids differ, so that nothing is alike. */
const row = (id: number): DataRecord => ({
  id: 9007199254740993n + BigInt(id),
  email: `person${id}@example.org`,
  amount: (id % 99991) / 100,
  day: `2026-0${1 + (id % 9)}-1${id % 9}`,
  active: id % 3 === 0,
  country: ['DE', 'FR', 'US'][id % 3]!,
  note: `note ${id}, ${'x'.repeat(id % 60)}`,
});

const csvLine = ({ note, ...rest }: DataRecord): string => `${Object.values(rest).join(',')},"${note}"\n`;

/** Rows in blocks until their CSV has so many bytes; each with its CSV. */
function* blocks(bytes: number): Generator<{ rows: DataRecord[]; csv: string }> {
  for (let size = 0, id = 0; size < bytes; ) {
    const rows = Array.from({ length: BLOCK_ROWS }, () => row(++id));
    const csv = rows.map(csvLine).join('');
    size += csv.length;
    yield { rows, csv };
  }
}

/** Writes rows that are a CSV of so many bytes, in one format or the other. Returns their number. */
async function writeRows(file: string, bytes: number, format: 'csv' | 'parquet'): Promise<number> {
  let count = 0;
  function* counted(): Generator<{ rows: DataRecord[]; csv: string }> {
    for (const block of blocks(bytes)) {
      count += block.rows.length;
      yield block;
    }
  }
  async function* csv(): AsyncGenerator<string> {
    yield `${SCHEMA.fields.map(({ name }) => name).join(',')}\n`;
    for (const block of counted()) yield block.csv;
  }
  async function* batches(): AsyncGenerator<DataRecord[]> {
    for (const { rows } of counted()) yield rows;
  }
  await pipeline(format === 'csv' ? csv() : writeParquet({ schema: SCHEMA, batches: batches() }, { codec: 'SNAPPY' }), createWriteStream(file));
  return count;
}

/** GetFile -> ConvertRecord -> UpdateCounter, to be started with the next process on this data directory. */
async function prepare(dataDirectory: string, input: string, name: ConversionName): Promise<void> {
  const { flow, close } = await openMillrace({ dataDirectory, log: () => undefined });
  flow.start();
  const bench = new FlowBench(flow);
  const service = (type: string) => flow.createService(bench.group, { version: 0 }, { type, name: type, properties: {} });
  const reader = service(CONVERSIONS[name].reader);
  const writer = service(CONVERSIONS[name].writer);
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

export interface Conversion {
  readonly rows: number;
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Sends rows that are a CSV of so many bytes through ConvertRecord in a real Millrace process of its own, and tells the most memory that it had. */
export async function convertInProcess(name: ConversionName, bytes: number, patienceMillis: number): Promise<Conversion> {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-memory-'));
  try {
    const input = path.join(directory, 'input');
    await mkdir(input);
    const rows = await writeRows(path.join(input, 'data'), bytes, CONVERSIONS[name].from);
    await prepare(path.join(directory, 'data'), input, name);
    const started = performance.now();
    const server = await ServerProcess.start(path.join(directory, 'data'), '--no-example');
    try {
      while ((await server.counter('converted')) < rows) {
        if (performance.now() - started > patienceMillis) throw new Error(`${name} took longer than ${patienceMillis} ms:\n${server.output}`);
        await delay(250);
      }
      return { rows, seconds: (performance.now() - started) / 1000, peakBytes: server.peakBytes };
    } finally {
      await server.kill('SIGTERM');
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A CSV of 2 GB (or MILLRACE_BENCH_MB) through ConvertRecord into each format, and the same rows from Parquet: the most memory that the process had. */
export async function memory(): Promise<Result[]> {
  const bytes = process.env.MILLRACE_BENCH_MB ? Number(process.env.MILLRACE_BENCH_MB) * 1e6 : SIZE;
  const results: Result[] = [];
  for (const name of Object.keys(CONVERSIONS) as ConversionName[]) {
    const { rows, seconds, peakBytes: peak } = await convertInProcess(name, bytes, 3_600_000);
    results.push({
      bench: 'memory',
      conversion: name,
      csv_mb: Math.round(bytes / 1e6),
      rows,
      seconds: Math.round(seconds),
      rows_per_s: Math.round(rows / seconds),
      peak_memory_mb: Math.round(peak / 1e6),
    });
  }
  return results;
}
