import { inTurn } from '../../server/extension/turns.ts';
import { randomUUID } from 'node:crypto';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import type { UpsertOptions, UpsertResult } from '../../server/extension/warehouse.ts';
import { groupedRecords, StagedColumns } from '../../server/extension/warehouse-staging.ts';
import { NEW_TYPES, quote, type TableField } from './bigquery-types.ts';
import type { BigQueryClient } from './client.ts';
import type { QuerySettings } from './query-result.ts';
import { columnsNamed, mergeSql, type StageColumn, superseded } from './merge-sql.ts';
import { jsonWriter } from './staged-values.ts';
import { type FoundTable, tableFields, tablePath, tableSql } from './tables.ts';
import type { Task } from './task.ts';

/** Records looked at together. */
const GROUP = 10_000;
/** Bytes that one load job takes at most; memory holds as many. A table takes 1,500 loads a day. */
const LOAD_BYTES = 16 * 1024 * 1024;
/** A stage that is left behind by a crash goes by itself. Milliseconds. */
const STAGE_LIFE = 24 * 3600 * 1000;

/** One merge: rows go into a stage table by load jobs, then one MERGE brings those that are new or differ into the table. */
export class Upsert {
  readonly #client: BigQueryClient;
  readonly #task: Task;
  readonly #table: FoundTable;
  readonly #stage: FoundTable['reference'];
  readonly #settings: QuerySettings;
  readonly #staging: StagedColumns;
  readonly #added: TableField[] = [];
  #lines: Buffer[] = [];
  #bytes = 0;
  #seen = 0;
  #staged = 0;
  #hasStage = false;

  constructor(client: BigQueryClient, task: Task, table: FoundTable, options: UpsertOptions, settings: QuerySettings) {
    this.#client = client;
    this.#task = task;
    this.#table = table;
    this.#settings = settings;
    this.#stage = { ...table.reference, tableId: `millrace_stage_${randomUUID().replaceAll('-', '')}` };
    this.#staging = new StagedColumns(table.description, options, ({ name, type }) => {
      quote(name);
      return { name, type, nativeType: NEW_TYPES[type], nullable: true };
    });
  }

  /** A throw leaves the rows of the table as they were; columns that were added stay. */
  async run(batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>): Promise<UpsertResult> {
    try {
      for await (const records of groupedRecords(batches, GROUP)) {
        this.#task.check();
        for (const { name, nativeType, isNew } of this.#staging.take(records)) if (isNew) this.#added.push({ name, type: nativeType });
        await this.#stageRows(records);
      }
      this.#task.check();
      await this.#load();
      const counts = await inTurn(tableSql(this.#table.reference), () => this.#write());
      return { ...counts, rejected: this.#staging.rejected.sort((a, b) => a.index - b.index) };
    } finally {
      if (this.#hasStage) await this.#client.tell({ method: 'DELETE', path: tablePath(this.#stage), project: this.#stage.projectId });
    }
  }

  get #columns(): readonly StageColumn[] {
    const fields = [...tableFields(this.#table.resource), ...this.#added];
    return this.#staging.all.map((column, index) => {
      const { mode, ...field } = fields.find(({ name }) => name === column.name)!;
      const staged: TableField = { ...field, name: `c${index}`, ...(mode === 'REPEATED' ? { mode } : {}) };
      return { column, field: staged, isKey: this.#staging.isKey(column), write: jsonWriter(staged) };
    });
  }

  async #stageRows(records: RecordBatch): Promise<void> {
    const columns = this.#columns;
    for (const record of records) {
      const line = this.#line(record, this.#seen++, columns);
      if (line === undefined) continue;
      const bytes = Buffer.from(line);
      this.#lines.push(bytes);
      this.#bytes += bytes.length;
      this.#staged++;
      if (this.#bytes >= LOAD_BYTES) await this.#load();
    }
  }

  #line(record: DataRecord, index: number, columns: readonly StageColumn[]): string | undefined {
    let line = `{"r":${index}`;
    for (const { column, field, write } of columns) {
      const written = this.#staging.written(record, column, write);
      if (written === undefined) return void this.#staging.reject(record, index, column);
      if (written !== null) line += `,"${field.name}":${written}`;
    }
    return `${line}}\n`;
  }

  async #load(): Promise<void> {
    if (this.#bytes === 0) return;
    const rows = Buffer.concat(this.#lines);
    this.#lines = [];
    this.#bytes = 0;
    const schema = { fields: [{ name: 'r', type: 'INTEGER' }, ...this.#columns.map(({ field }) => field)] };
    if (!this.#hasStage) await this.#createStage(schema);
    const how = { sourceFormat: 'NEWLINE_DELIMITED_JSON', writeDisposition: 'WRITE_APPEND', schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] };
    await this.#task.load({ destinationTable: this.#stage, schema, ...how }, rows);
  }

  async #createStage(schema: object): Promise<void> {
    const { projectId, datasetId } = this.#stage;
    // Marked before it is made: it may be there although its answer was lost.
    this.#hasStage = true;
    const body = { tableReference: this.#stage, schema, expirationTime: String(Date.now() + STAGE_LIFE), description: 'Rows on their way into another table (Millrace)' };
    await this.#task.make({ method: 'POST', path: `/datasets/${datasetId}/tables`, project: projectId, body });
  }

  async #write(): Promise<Omit<UpsertResult, 'rejected'>> {
    this.#task.check();
    const table = tableSql(this.#table.reference);
    if (this.#added.length > 0) await this.#run(`ALTER TABLE ${table} ${this.#added.map(({ name, type }) => `ADD COLUMN IF NOT EXISTS ${quote(name)} ${type}`).join(', ')}`);
    if (this.#staged === 0) return { inserted: 0, updated: 0, unchanged: 0, superseded: 0 };
    const columns = columnsNamed(this.#columns);
    const stage = tableSql(this.#stage);
    const doubles = await this.#number(superseded(stage, columns));
    const { insertedRowCount = '0', updatedRowCount = '0' } = (await this.#run(mergeSql(table, stage, columns, doubles > 0))).statistics?.query?.dmlStats ?? {};
    const [inserted, updated] = [Number(insertedRowCount), Number(updatedRowCount)];
    // Where the table holds a key more than once, more rows are updated than there are keys.
    return { inserted, updated, superseded: doubles, unchanged: Math.max(0, this.#staged - doubles - inserted - updated) };
  }

  #run(query: string) {
    return this.#task.run({ ...this.#settings, query, useLegacySql: false });
  }

  async #number(query: string): Promise<number> {
    const { page } = await this.#task.query({ ...this.#settings, query, useLegacySql: false }, 1);
    return Number(page.rows![0]!.f[0]!.v);
  }
}
