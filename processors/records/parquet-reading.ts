import { createWriteStream } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { sandboxStatements } from '../../server/extension/duckdb-sandbox.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import type { OpenContent, RecordSet } from '../../server/extension/record-io.ts';
import { field, schemaOf } from '../../server/extension/record-schema.ts';
import { type Decode, decoderOf, recordTypeOf } from './duckdb-values.ts';

const MAGIC = 'PAR1';

/** The rows to read; all where it is not said. */
export interface RowRange {
  readonly offset: number;
  readonly count: number;
}

async function* checked(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let beginning = Buffer.alloc(0);
  for await (const chunk of content) {
    if (beginning.length < MAGIC.length) {
      beginning = Buffer.concat([beginning, chunk.subarray(0, MAGIC.length)]);
      if (!MAGIC.startsWith(beginning.subarray(0, MAGIC.length).toString('latin1')))
        throw new ProcessError("The content is not a Parquet file: it does not begin with 'PAR1' (encrypted files cannot be read).");
    }
    yield chunk;
  }
  if (beginning.length < MAGIC.length) throw new ProcessError('The content is not a Parquet file: it is empty or too short.');
}

const broken = (thrown: unknown): ProcessError =>
  thrown instanceof ProcessError ? thrown : new ProcessError(`The Parquet file cannot be read: ${messageOf(thrown).split('\n')[0]!.slice(0, 300)}`, { cause: thrown });

/** Files whose rows nobody asked for go when their records are forgotten. */
const forgotten = new FinalizationRegistry<string>((file) => void rm(file, { force: true }));

/** Reads Parquet files by a DuckDB of its own, which may read a folder of its own and nothing else. */
export class ParquetFiles {
  readonly #instance: DuckDBInstance;
  readonly #directory: string;

  private constructor(instance: DuckDBInstance, directory: string) {
    this.#instance = instance;
    this.#directory = directory;
  }

  static async open(): Promise<ParquetFiles> {
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const directory = await realpath(await mkdtemp(path.join(os.tmpdir(), 'millrace-parquet-')));
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '1',
      memory_limit: '128MB',
      enable_external_file_cache: 'false',
      temp_directory: path.join(directory, 'spill'),
    });
    const connection = await instance.connect();
    await connection.run(sandboxStatements([directory]));
    connection.disconnectSync();
    return new ParquetFiles(instance, directory);
  }

  async close(): Promise<void> {
    this.#instance.closeSync();
    await rm(this.#directory, { recursive: true, force: true });
  }

  /** The records of a file, as they come. Its end says what it holds, so it is stored as a whole first. Throws ProcessError. */
  async read(open: OpenContent, range?: RowRange): Promise<RecordSet> {
    const file = path.join(this.#directory, `${crypto.randomUUID()}.parquet`);
    const connection = await this.#instance.connect();
    try {
      await pipeline(checked(open()), createWriteStream(file));
      const rows = `SELECT * FROM read_parquet('${file.replaceAll("'", "''")}')`;
      const described = await connection.run(`${rows} LIMIT 0`);
      const types = described.columnTypes();
      const names = described.columnNames();
      const schema = schemaOf(names.map((name, index) => field(name, recordTypeOf(types[index]!))));
      const asked = range ? `${rows} LIMIT ${range.count} OFFSET ${range.offset}` : rows;
      const batches = batchesOf(connection, asked, names, types.map(decoderOf), file);
      forgotten.register(batches, file);
      return { schema, batches };
    } catch (thrown) {
      await release(connection, file);
      throw broken(thrown);
    }
  }
}

async function release(connection: DuckDBConnection, file: string): Promise<void> {
  connection.disconnectSync();
  await rm(file, { force: true });
}

async function* batchesOf(connection: DuckDBConnection, sql: string, names: readonly string[], decoders: readonly Decode[], file: string): AsyncGenerator<RecordBatch> {
  try {
    const result = await connection.stream(sql);
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) return;
      const columns = names.map((_, index) => chunk.getColumnValues(index).map((value) => (value === null ? null : decoders[index]!(value))));
      yield Array.from({ length: chunk.rowCount }, (_, row) => {
        const record: DataRecord = {};
        for (let index = 0; index < names.length; index++) record[names[index]!] = columns[index]![row]!;
        return record;
      });
    }
  } catch (thrown) {
    throw broken(thrown);
  } finally {
    await release(connection, file);
  }
}
