import { ExactNumber, type RecordBatch, stringifyExactly } from '../../server/extension/record.ts';
import { type TableDescription, type UpsertOptions, type UpsertResult, WarehouseError } from '../../server/extension/warehouse.ts';
import { groupedRecords, type StagedColumn, StagedColumns, stagedValue } from '../../server/extension/warehouse-staging.ts';
import type { Session } from './database.ts';
import { incoming, nativeType, quote } from './duckdb-types.ts';

/** Records staged by one statement. */
const STAGE_ROWS = 10_000;

/** Columns of the stage beside the data; no table's column can be named so, since the space is ours. */
const ROW = quote('millrace row');
const BAD = quote('millrace bad');

/**
 * One merge: records go as JSON columns into a typed temporary table (DuckDB parses and converts on its own thread, which
 * leaves the event loop 1.2 instead of its appender's 2.0 microseconds a row), then one MERGE writes what differs.
 */
export class Upsert {
  private readonly session: Session;
  private readonly table: TableDescription;
  private readonly staging: StagedColumns;
  private staged = 0;

  constructor(session: Session, table: TableDescription, options: UpsertOptions) {
    this.session = session;
    this.table = table;
    this.staging = new StagedColumns(table, options, ({ name, type }) => ({ name, type, nativeType: nativeType(type), nullable: true }));
  }

  /** Does it all in one transaction; a throw leaves the table as it was. */
  async run(batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>): Promise<UpsertResult> {
    await this.session.run('BEGIN');
    for await (const records of groupedRecords(batches, STAGE_ROWS)) {
      await this.prepare(records);
      await this.stage(records);
    }
    const counts = this.staged > 0 ? await this.merge() : { inserted: 0, updated: 0, unchanged: 0, superseded: 0 };
    await this.session.run('COMMIT');
    return { ...counts, rejected: this.staging.rejected };
  }

  /** Makes sure that the stage has a column for each field of these records. */
  private async prepare(records: RecordBatch): Promise<void> {
    const isFirst = this.columns.length === 0;
    const added = this.staging.take(records);
    if (added.length === 0) return;
    for (const { name, nativeType: native, isNew } of added) if (isNew) await this.session.run(`ALTER TABLE ${sqlName(this.table)} ADD COLUMN ${quote(name)} ${native}`);
    const definitions = added.map(({ name, nativeType: native }) => `${quote(name)} ${native}`);
    if (isFirst) await this.session.run(`CREATE TEMP TABLE stage (${[`${ROW} BIGINT`, `${BAD} SMALLINT`, ...definitions].join(', ')})`);
    else for (const definition of definitions) await this.session.run(`ALTER TABLE temp.stage ADD COLUMN ${definition}`);
  }

  private get columns(): readonly StagedColumn[] {
    return this.staging.all;
  }

  private async stage(records: RecordBatch): Promise<void> {
    const width = this.columns.length;
    const texts = this.columns.map((_, index) => `unnest(from_json($v${index}, '["VARCHAR"]')) c${index}`);
    const values = this.columns.map(({ nativeType: native }, index) => `${incoming(`c${index}`, native)} x${index}`);
    const names = this.columns.map(({ name }) => quote(name));
    const result = await this.session.run(
      `INSERT INTO temp.stage (${ROW}, ${BAD}, ${names.join(', ')})
       SELECT $base + r, ${this.badColumn()}, ${Array.from({ length: width }, (_, index) => `x${index}`).join(', ')}
       FROM (SELECT *, ${values.join(', ')} FROM (SELECT unnest(range(${records.length})) r, ${texts.join(', ')}))`,
      { base: BigInt(this.staged), ...Object.fromEntries(this.columns.map((column, index) => [`v${index}`, columnText(records, column)])) },
    );
    if (result.rowsChanged !== records.length) throw new WarehouseError('unknown', `DuckDB staged ${result.rowsChanged} of ${records.length} records`);
    await this.collectBad(records);
    this.staged += records.length;
  }

  /** The number of the first column that cannot take its value, or null. */
  private badColumn(): string {
    const cases = this.columns.map((column, index) => {
      if (this.staging.isKey(column) || !column.nullable) return `WHEN x${index} IS NULL THEN ${index}`;
      return column.nativeType === 'VARCHAR' ? '' : `WHEN x${index} IS NULL AND c${index} IS NOT NULL THEN ${index}`;
    });
    return `CASE ${cases.join(' ')} END`;
  }

  private async collectBad(records: RecordBatch): Promise<void> {
    const result = await this.session.run(`SELECT ${ROW}, ${BAD} FROM temp.stage WHERE ${ROW} >= $base AND ${BAD} IS NOT NULL ORDER BY 1`, { base: BigInt(this.staged) });
    for (const [row, bad] of await result.getRows()) {
      const index = Number(row);
      const record = records[index - this.staged]!;
      this.staging.reject(record, index, this.columns[Number(bad)]!);
    }
  }

  private async merge(): Promise<Omit<UpsertResult, 'rejected'>> {
    const target = sqlName(this.table);
    const keys = this.columns.filter((column) => this.staging.isKey(column)).map(({ name }) => quote(name));
    const good = await this.number(`SELECT count(*) FROM temp.stage WHERE ${BAD} IS NULL`);
    const distinct = await this.number(`SELECT count(*) FROM (SELECT DISTINCT ${keys.join(', ')} FROM temp.stage WHERE ${BAD} IS NULL)`);
    const before = await this.number(`SELECT count(*) FROM ${target}`);
    const written = (await this.session.run(this.mergeSql(target, keys, good > distinct))).rowsChanged;
    const inserted = (await this.number(`SELECT count(*) FROM ${target}`)) - before;
    return { inserted, updated: written - inserted, unchanged: distinct - written, superseded: good - distinct };
  }

  private mergeSql(target: string, keys: readonly string[], hasDoubles: boolean): string {
    const names = this.columns.map(({ name }) => quote(name));
    const others = names.filter((name) => !keys.includes(name));
    const last = hasDoubles ? ` QUALIFY row_number() OVER (PARTITION BY ${keys.join(', ')} ORDER BY ${ROW} DESC) = 1` : '';
    const update =
      others.length === 0
        ? ''
        : `WHEN MATCHED AND (${others.map((name) => `t.${name} IS DISTINCT FROM s.${name}`).join(' OR ')})
      THEN UPDATE SET ${others.map((name) => `${name} = s.${name}`).join(', ')}`;
    return `MERGE INTO ${target} AS t USING (SELECT * FROM temp.stage WHERE ${BAD} IS NULL${last}) AS s
      ON (${keys.map((key) => `t.${key} = s.${key}`).join(' AND ')}) ${update}
      WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map((name) => `s.${name}`).join(', ')})`;
  }

  private async number(sql: string): Promise<number> {
    return Number((await (await this.session.run(sql)).getRows())[0]![0]);
  }
}

/** The table's full name as SQL. */
export function sqlName({ name }: Pick<TableDescription, 'name'>): string {
  return [name.database, name.schema, name.table]
    .filter((part) => part !== undefined)
    .map(quote)
    .join('.');
}

/** One field of all records as a JSON array; numbers that JSON.stringify would round go as text. */
function columnText(records: RecordBatch, column: StagedColumn): string {
  const values = records.map((record) => stagedValue(record, column));
  try {
    return JSON.stringify(values);
  } catch {
    return stringifyExactly(values.map((value) => (typeof value === 'bigint' || value instanceof ExactNumber ? String(value) : value)));
  }
}
