import { randomUUID } from 'node:crypto';
import type { Writer } from '../../server/extension/column-values.ts';
import { Deadline } from '../../server/extension/deadline.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import type { TableDescription, TableName, UpsertOptions, UpsertResult } from '../../server/extension/warehouse.ts';
import { inTurn } from '../../server/extension/turns.ts';
import { groupedRecords, type StagedColumn, StagedColumns } from '../../server/extension/warehouse-staging.ts';
import { folded, incoming, NATIVE, quote, writerFor } from './snowflake-types.ts';
import { changes } from './changes.ts';
import type { Answer, Client } from './client.ts';

/** Records looked at together. */
const STAGE_ROWS = 10_000;
/** Bytes of rows in one statement, about: Snowflake reads them as one value of JSON, which may have 16 MB. */
const STAGE_BYTES = 2_000_000;
const DROP_PATIENCE = 30_000;

/** Column of the stage beside the data; no table's column can be named so, since the space is ours. */
const ROW = quote('millrace row');
/** What the names of stages begin with, and the day after it, so that what a killed process left can be found. */
export const STAGE_PREFIX = 'MILLRACE_STAGE_';

const dayOf = (millis: number): string => new Date(millis).toISOString().slice(0, 10).replaceAll('-', '');

/** Stages with a smaller name are of nobody any more: no statement runs for two days. */
export const abandonedBefore = (now: number): string => `${STAGE_PREFIX}${dayOf(now - 3 * 86_400_000)}`;

interface Stage extends StagedColumn {
  readonly write: Writer;
}

/**
 * One merge. The SQL API has neither transactions over several requests nor temporary tables in them: rows go into an ordinary table
 * (transient, without history), then one MERGE, which is a transaction by itself, writes what differs; the stage is dropped whatever happens.
 */
export class Upsert {
  readonly #client: Client;
  readonly #table: TableDescription;
  readonly #deadline: Deadline;
  readonly #staging: StagedColumns;
  readonly #stage: string;
  readonly #added: { readonly name: string; readonly nativeType: string }[] = [];
  #seen = 0;
  #staged = 0;

  constructor(client: Client, table: TableDescription, options: UpsertOptions) {
    this.#client = client;
    this.#table = table;
    this.#deadline = new Deadline(options.signal, options.timeout);
    this.#staging = new StagedColumns(table, options, ({ name, type }) => ({ name: folded(name), type, nativeType: NATIVE[type], nullable: true }));
    this.#stage = sqlName({ ...table.name, table: `${STAGE_PREFIX}${dayOf(Date.now())}_${randomUUID().replaceAll('-', '').toUpperCase()}` });
  }

  /** A throw leaves the rows of the table as they were; columns that were added stay, since Snowflake commits them at once. */
  async run(batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>): Promise<UpsertResult> {
    try {
      for await (const records of groupedRecords(batches, STAGE_ROWS)) {
        await this.#prepare(records);
        await this.#load(records);
      }
      const counts =
        this.#staged > 0 ? await inTurn(`${this.#client.url} ${sqlName(this.#table.name)}`, () => this.#merge()) : { inserted: 0, updated: 0, unchanged: 0, superseded: 0 };
      return { ...counts, rejected: this.#staging.rejected };
    } finally {
      this.#deadline.close();
      if (this.#staging.all.length > 0) await this.#drop();
    }
  }

  /** With a time of its own: the upsert's may be over. A stage that stays is dropped by a later upsert. */
  async #drop(): Promise<void> {
    await this.#client.run(`DROP TABLE IF EXISTS ${this.#stage}`, { timeout: DROP_PATIENCE }).catch(() => undefined);
  }

  #run(sql: string, binds?: readonly string[]): Promise<Answer> {
    return this.#client.run(sql, { binds, signal: this.#deadline.signal });
  }

  /** Makes sure that the stage has a column for each field of these records. */
  async #prepare(records: RecordBatch): Promise<void> {
    const isFirst = this.#staging.all.length === 0;
    const fresh = this.#staging.take(records);
    this.#added.push(...fresh.filter(({ isNew }) => isNew));
    const definitions = fresh.map(({ name, nativeType }) => `${quote(name)} ${nativeType}`);
    if (isFirst) await this.#run(`CREATE TRANSIENT TABLE ${this.#stage} (${[`${ROW} NUMBER(38,0)`, ...definitions].join(', ')}) DATA_RETENTION_TIME_IN_DAYS = 0`);
    else for (const definition of definitions) await this.#run(`ALTER TABLE ${this.#stage} ADD COLUMN ${definition}`);
  }

  async #load(records: RecordBatch): Promise<void> {
    const columns: readonly Stage[] = this.#staging.all.map((column) => ({ ...column, write: writerFor(column.nativeType) }));
    let rows: string[] = [];
    let bytes = 0;
    for (const [at, record] of records.entries()) {
      const texts = this.#staging.textRow(record, this.#seen + at, columns);
      if (texts === undefined) continue;
      const row = JSON.stringify(texts);
      if (bytes + row.length > STAGE_BYTES && rows.length > 0) {
        await this.#insert(rows, columns);
        rows = [];
        bytes = 0;
      }
      rows.push(row);
      bytes += row.length;
    }
    if (rows.length > 0) await this.#insert(rows, columns);
    this.#seen += records.length;
  }

  async #insert(rows: readonly string[], columns: readonly Stage[]): Promise<void> {
    const names = [ROW, ...columns.map(({ name }) => quote(name))];
    const values = ['CAST(r.value[0]::VARCHAR AS NUMBER(38,0))', ...columns.map(({ nativeType }, index) => incoming(`r.value[${index + 1}]::VARCHAR`, nativeType))];
    await this.#run(`INSERT INTO ${this.#stage} (${names.join(', ')}) SELECT ${values.join(', ')} FROM TABLE(FLATTEN(INPUT => PARSE_JSON(?))) r`, [`[${rows.join(',')}]`]);
    this.#staged += rows.length;
  }

  async #merge(): Promise<Omit<UpsertResult, 'rejected'>> {
    const columns = this.#staging.all;
    const keys = columns.filter((column) => this.#staging.isKey(column)).map(({ name }) => quote(name));
    const counted = await this.#run(`SELECT COUNT(*) AS n FROM (SELECT DISTINCT ${keys.join(', ')} FROM ${this.#stage}) AS k`);
    const distinct = Number(counted.rows[0]![0]);
    const target = sqlName(this.#table.name);
    for (const { name, nativeType } of this.#added) await this.#run(`ALTER TABLE ${target} ADD COLUMN IF NOT EXISTS ${quote(name)} ${nativeType}`);
    const { inserted, updated } = changes(await this.#run(this.#mergeSql(target, keys)));
    // Where the table holds a key more than once, more rows are updated than there are keys.
    return { inserted, updated, unchanged: Math.max(0, distinct - inserted - updated), superseded: this.#staged - distinct };
  }

  #mergeSql(target: string, keys: readonly string[]): string {
    const names = this.#staging.all.map(({ name }) => quote(name));
    const others = names.filter((name) => !keys.includes(name));
    const differs = others.map((name) => `t.${name} IS DISTINCT FROM s.${name}`).join(' OR ');
    const update = others.length === 0 ? '' : `WHEN MATCHED AND (${differs}) THEN UPDATE SET ${others.map((name) => `${name} = s.${name}`).join(', ')}`;
    const last = `SELECT * FROM ${this.#stage} QUALIFY ROW_NUMBER() OVER (PARTITION BY ${keys.join(', ')} ORDER BY ${ROW} DESC) = 1`;
    return `MERGE INTO ${target} AS t USING (${last}) AS s ON (${keys.map((key) => `t.${key} = s.${key}`).join(' AND ')}) ${update}
      WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map((name) => `s.${name}`).join(', ')})`;
  }
}

/** The table's full name as SQL. */
export function sqlName({ database, schema, table }: TableName): string {
  return [database, schema, table]
    .filter((part) => part !== undefined)
    .map(quote)
    .join('.');
}
