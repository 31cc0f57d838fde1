import type { Writer } from '../../server/extension/column-values.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import type { TableDescription, UpsertOptions, UpsertResult } from '../../server/extension/warehouse.ts';
import { groupedRecords, type StagedColumn, StagedColumns } from '../../server/extension/warehouse-staging.ts';
import type { Session } from './connections.ts';
import type { Dialect } from './dialect.ts';
import { anyText, writerFor } from './incoming-values.ts';
import { folded, quote } from './postgres-types.ts';

/** Records staged by one statement. */
const STAGE_ROWS = 10_000;

/** A row of the stage: its number and a text for each column. */
export type StageRow = readonly (string | null)[];

/** Brings rows into the stage. `columns` are its quoted names, the number of the row first. */
export type Loader = (session: Session, stage: string, columns: readonly string[], rows: readonly StageRow[]) => Promise<void>;

/** Column of the stage beside the data; no table's column can be named so, since the space is ours. */
const ROW = quote('millrace row');
const STAGE = quote('millrace stage');

/** How a column is staged: with its own type, or as text where only the server can read it. */
interface Stage extends StagedColumn {
  readonly write: Writer;
  readonly isText: boolean;
}

/** One merge: rows go into a temporary table, then those that are new or differ into the table. */
export class Upsert {
  readonly #session: Session;
  readonly #dialect: Dialect;
  readonly #load: Loader;
  readonly #table: TableDescription;
  readonly #staging: StagedColumns;
  #seen = 0;
  #staged = 0;

  constructor(session: Session, dialect: Dialect, load: Loader, table: TableDescription, options: UpsertOptions) {
    this.#session = session;
    this.#dialect = dialect;
    this.#load = load;
    this.#table = table;
    const define = (name: string): string => folded(name, dialect.maxName);
    this.#staging = new StagedColumns(
      table,
      options,
      ({ name, type }) => ({ name: define(name), type, nativeType: dialect.types[type], nullable: true }),
      (name) => define(name).toLowerCase(),
    );
  }

  /** Does it all in one transaction; a throw leaves the table as it was. */
  run(batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>): Promise<UpsertResult> {
    return this.#session.transaction(async () => {
      for await (const records of groupedRecords(batches, STAGE_ROWS)) {
        await this.#prepare(records);
        await this.#stage(records);
      }
      const counts = this.#staged > 0 ? await this.#merge() : { inserted: 0, updated: 0, unchanged: 0, superseded: 0 };
      if (this.#staging.all.length > 0) await this.#session.run(`DROP TABLE ${STAGE}`);
      return { ...counts, rejected: this.#staging.rejected.sort((a, b) => a.index - b.index) };
    });
  }

  get #columns(): readonly Stage[] {
    return this.#staging.all.map((column) => {
      const write = writerFor(column.nativeType, this.#dialect.countsBytes);
      return { ...column, write: write ?? anyText, isText: write === undefined || this.#dialect.isStagedAsText(column.nativeType) };
    });
  }

  /** Makes sure that the stage has a column for each field of these records. */
  async #prepare(records: RecordBatch): Promise<void> {
    const isFirst = this.#staging.all.length === 0;
    const added = this.#staging.take(records);
    for (const { name, nativeType, isNew } of added)
      if (isNew) await this.#session.run(`ALTER TABLE ${sqlName(this.#table)} ${this.#dialect.addColumn} ${quote(name)} ${nativeType}`);
    const definitions = this.#columns
      .filter(({ name }) => added.some((one) => one.name === name))
      .map((one) => `${quote(one.name)} ${one.isText ? this.#dialect.types.text : one.nativeType}`);
    if (isFirst) await this.#session.run(`CREATE TEMPORARY TABLE ${STAGE} (${[`${ROW} bigint`, ...definitions].join(', ')})`);
    else for (const definition of definitions) await this.#session.run(`ALTER TABLE ${STAGE} ADD COLUMN ${definition}`);
  }

  async #stage(records: RecordBatch): Promise<void> {
    const columns = this.#columns;
    const rows: StageRow[] = [];
    records.forEach((record, at) => {
      const row = this.#staging.textRow(record, this.#seen + at, columns);
      if (row) rows.push(row);
    });
    const names = [ROW, ...columns.map(({ name }) => quote(name))];
    if (rows.length > 0) await this.#session.guard(() => this.#load(this.#session, STAGE, names, rows));
    this.#staged += rows.length;
    for (const column of columns) if (column.isText) await this.#checkTexts(column, records);
    this.#seen += records.length;
  }

  /** Takes out of the stage what the server cannot read as the column's type; servers before version 16 only tell when it is merged. */
  async #checkTexts(column: Stage, records: RecordBatch): Promise<void> {
    const version = (await this.#session.run('SHOW server_version')).rows[0]![0]!;
    if (Number.parseInt(version, 10) < 16) return;
    const bad = `WHERE ${ROW} >= $1 AND NOT pg_catalog.pg_input_is_valid(${quote(column.name)}, $2) RETURNING ${ROW}`;
    for (const [row] of (await this.#session.run(`DELETE FROM ${STAGE} ${bad}`, [this.#seen, column.nativeType])).rows) {
      const record = records[Number(row) - this.#seen]!;
      this.#staging.reject(record, Number(row), column);
      this.#staged--;
    }
  }

  async #merge(): Promise<Omit<UpsertResult, 'rejected'>> {
    const table = sqlName(this.#table);
    const columns = this.#columns;
    const keys = columns.filter((column) => this.#staging.isKey(column));
    await this.#session.run(this.#dialect.lock(table));
    const numbered = `SELECT ${ROW} AS r, row_number() OVER (PARTITION BY ${keys.map(({ name }) => quote(name)).join(', ')} ORDER BY ${ROW} DESC) AS n FROM ${STAGE}`;
    const superseded = await this.#count(`DELETE FROM ${STAGE} WHERE ${ROW} IN (SELECT r FROM (${numbered}) AS numbered WHERE n > 1)`);
    const analyze = this.#dialect.analyze(STAGE);
    if (analyze) await this.#session.run(analyze);
    const same = keys.map((key) => `t.${quote(key.name)} = ${this.#value(key)}`).join(' AND ');
    const others = columns.filter((column) => !keys.includes(column));
    const updated = others.length === 0 ? 0 : await this.#count(this.#updateSql(table, same, others));
    const inserted = await this.#count(
      `INSERT INTO ${table} (${columns.map(({ name }) => quote(name)).join(', ')}) SELECT ${columns.map((column) => this.#value(column)).join(', ')}
       FROM ${STAGE} AS s LEFT JOIN ${table} AS t ON ${same} WHERE t.${quote(keys[0]!.name)} IS NULL`,
    );
    // Where the table holds a key more than once, more rows are updated than there are keys.
    return { inserted, updated, superseded, unchanged: Math.max(0, this.#staged - superseded - inserted - updated) };
  }

  #updateSql(table: string, same: string, others: readonly Stage[]): string {
    const values = others.map((column) => `${quote(column.name)} = ${this.#value(column)}`);
    const differences = others.map((column) => this.#dialect.differs(`t.${quote(column.name)}`, this.#value(column), column.nativeType));
    return `UPDATE ${table} AS t SET ${values.join(', ')} FROM ${STAGE} AS s WHERE ${same} AND (${differences.join(' OR ')})`;
  }

  #value(column: Stage): string {
    const staged = `s.${quote(column.name)}`;
    return column.isText ? this.#dialect.cast(staged, column.nativeType) : staged;
  }

  async #count(sql: string): Promise<number> {
    return (await this.#session.run(sql)).rowCount ?? 0;
  }
}

/** The table's full name as SQL; statements reach their own database only. */
export function sqlName({ name }: Pick<TableDescription, 'name'>): string {
  return name.schema === undefined ? quote(name.table) : `${quote(name.schema)}.${quote(name.table)}`;
}
