import { setTimeout as delay } from 'node:timers/promises';
import type { RecordBatch } from '../../server/extension/record.ts';
import { type Column, type TableDescription, type UpsertOptions, type UpsertResult, WarehouseError } from '../../server/extension/warehouse.ts';
import { groupedRecords, StagedColumns } from '../../server/extension/warehouse-staging.ts';
import { cast, differs, literal, NATIVE_TYPES, quote, writerFor } from './databricks-types.ts';
import type { Cells, StatementAnswer, Statements, Work } from './statements.ts';
import type { StagingDirectory } from './volume.ts';

/** Records of one file. */
const STAGE_ROWS = 10_000;
/** Writers that touch the same files of a table collide: Delta refuses the later one, which may then try again. */
const ATTEMPTS = 5;
const FIRST_PAUSE_MILLIS = 200;

/** Table features without which a column of this type cannot be added to an existing table. */
const FEATURES: Readonly<Record<string, string>> = { TIMESTAMP_NTZ: 'delta.feature.timestampNtz', VARIANT: 'delta.feature.variantType' };

/** One merge: records go as files into a volume, then one MERGE, which is all or nothing, writes what is new or differs. */
export class Upsert {
  readonly #statements: Statements;
  readonly #work: Work;
  readonly #directory: StagingDirectory;
  readonly #table: TableDescription;
  readonly #staging: StagedColumns;
  readonly #added: Column[] = [];
  #seen = 0;
  #staged = 0;

  constructor(statements: Statements, work: Work, directory: StagingDirectory, table: TableDescription, options: UpsertOptions) {
    this.#statements = statements;
    this.#work = work;
    this.#directory = directory;
    this.#table = table;
    this.#staging = new StagedColumns(table, options, ({ name, type }) => ({ name, type, nativeType: NATIVE_TYPES[type], nullable: true }));
  }

  async run(batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>): Promise<UpsertResult> {
    try {
      for await (const records of groupedRecords(batches, STAGE_ROWS)) {
        for (const column of this.#staging.take(records)) {
          requireWritable(column);
          if (column.isNew) this.#added.push(column);
        }
        await this.#stage(records);
      }
      const counts = this.#staged > 0 ? await this.#write() : { inserted: 0, updated: 0, unchanged: 0, superseded: 0 };
      return { ...counts, rejected: this.#staging.rejected };
    } finally {
      await this.#directory.remove();
    }
  }

  async #stage(records: RecordBatch): Promise<void> {
    this.#work.signal.throwIfAborted();
    const columns = this.#staging.all.map((column) => ({ ...column, write: writerFor(column.nativeType)! }));
    let lines = '';
    for (let at = 0; at < records.length; at++) {
      const row: Record<string, string | number | null> = { r: this.#seen + at };
      const bad = columns.find((column, index) => {
        const written = this.#staging.written(records[at]!, column, column.write);
        if (written !== undefined && written !== null) row[`c${index}`] = written;
        return written === undefined;
      });
      if (bad) this.#staging.reject(records[at]!, this.#seen + at, bad);
      else {
        lines += `${JSON.stringify(row)}\n`;
        this.#staged++;
      }
    }
    this.#seen += records.length;
    if (lines !== '') await this.#directory.write(lines, this.#work.signal);
  }

  /**
   * Columns are added just before the merge, and taken away where it has failed for good: Databricks has no transaction around the two.
   * Where nobody knows whether it has failed, or where it may succeed later, they stay.
   */
  async #write(): Promise<Omit<UpsertResult, 'rejected'>> {
    if (this.#added.length > 0) await this.#addColumns();
    try {
      return await this.#merge();
    } catch (thrown) {
      const isFinal = thrown instanceof WarehouseError && !thrown.isPassing && thrown.kind !== 'cancelled';
      if (isFinal && this.#added.length > 0) await this.#dropColumns().catch(() => undefined);
      throw thrown;
    }
  }

  async #addColumns(): Promise<void> {
    const features = new Set(this.#added.flatMap(({ nativeType }) => FEATURES[nativeType] ?? []));
    const settings = [...features].map((feature) => `'${feature}' = 'supported'`);
    if (settings.length > 0) await this.#insist(`ALTER TABLE ${sqlName(this.#table)} SET TBLPROPERTIES (${settings.join(', ')})`);
    await this.#insist(`ALTER TABLE ${sqlName(this.#table)} ADD COLUMNS (${this.#added.map(({ name, nativeType }) => `${quote(name)} ${nativeType}`).join(', ')})`);
  }

  /** Not under the call's signal, which may be what has failed. */
  async #dropColumns(): Promise<void> {
    const names = this.#added.map(({ name }) => quote(name)).join(', ');
    await this.#statements.use({}, (work) => this.#statements.run(`ALTER TABLE ${sqlName(this.#table)} DROP COLUMNS (${names})`, work, { isRepeatable: true }));
  }

  async #merge(): Promise<Omit<UpsertResult, 'rejected'>> {
    const keys = this.#staging.all.flatMap((column, index) => (this.#staging.isKey(column) ? [`c${index}`] : []));
    const counted = await this.#insist(`SELECT count(*) AS n FROM (SELECT DISTINCT ${keys.join(', ')} FROM (${this.#rows()}))`);
    const distinct = count(counted, 'n');
    const merged = await this.#insist(this.#mergeSql(keys));
    const [inserted, updated] = [count(merged, 'num_inserted_rows'), count(merged, 'num_updated_rows')];
    // Where the table holds a key more than once, more rows are updated than there are keys.
    return { inserted, updated, superseded: this.#staged - distinct, unchanged: Math.max(0, distinct - inserted - updated) };
  }

  /** The staged rows with the columns' types. All files were checked, so that a cast cannot fail. */
  #rows(): string {
    const columns = this.#staging.all;
    const schema = ['r BIGINT', ...columns.map((_, index) => `c${index} STRING`)].join(', ');
    const values = columns.map(({ nativeType }, index) => `${cast(`c${index}`, nativeType)} AS c${index}`);
    return `SELECT r, ${values.join(', ')} FROM read_files(${literal(`${this.#directory.path}/`)}, format => 'json', schema => ${literal(schema)})`;
  }

  #mergeSql(keys: readonly string[]): string {
    const columns = this.#staging.all.map((column, index) => ({ ...column, staged: `c${index}`, isKey: keys.includes(`c${index}`) }));
    const others = columns.filter(({ isKey }) => !isKey);
    const same = columns.filter(({ isKey }) => isKey).map(({ name, staged }) => `t.${quote(name)} = s.${staged}`);
    const changed = others.map(({ name, staged, nativeType }) => differs(`t.${quote(name)}`, `s.${staged}`, nativeType));
    const update =
      others.length === 0 ? '' : ` WHEN MATCHED AND (${changed.join(' OR ')}) THEN UPDATE SET ${others.map(({ name, staged }) => `${quote(name)} = s.${staged}`).join(', ')}`;
    const last = `SELECT * FROM (${this.#rows()}) QUALIFY row_number() OVER (PARTITION BY ${keys.join(', ')} ORDER BY r DESC) = 1`;
    return `MERGE INTO ${sqlName(this.#table)} AS t USING (${last}) AS s ON ${same.join(' AND ')}${update}
      WHEN NOT MATCHED THEN INSERT (${columns.map(({ name }) => quote(name)).join(', ')}) VALUES (${columns.map(({ staged }) => `s.${staged}`).join(', ')})`;
  }

  /** A statement that may be run again: after a collision with another writer, and after an answer that did not come. */
  async #insist(sql: string): Promise<StatementAnswer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#statements.run(sql, this.#work, { isRepeatable: true });
      } catch (thrown) {
        if (!(thrown instanceof WarehouseError) || thrown.kind !== 'conflict' || attempt === ATTEMPTS) throw thrown;
        await delay(FIRST_PAUSE_MILLIS * 2 ** (attempt - 1) * (0.5 + Math.random()), undefined, { signal: this.#work.signal });
      }
    }
  }
}

/** The table's full name as SQL. */
export function sqlName({ name }: Pick<TableDescription, 'name'>): string {
  return [name.database, name.schema, name.table].flatMap((part) => (part === undefined ? [] : [quote(part)])).join('.');
}

/** A number in the only row of an answer, by the name of its column. */
export function count({ manifest, result }: StatementAnswer, name: string): number {
  const index = manifest?.schema?.columns?.findIndex((column) => column.name === name) ?? -1;
  const row: Cells = result?.data_array?.[0] ?? [];
  return Number(row[index] ?? 0);
}

function requireWritable({ name, nativeType }: Column): void {
  if (writerFor(nativeType)) return;
  throw new WarehouseError('configuration', `Column ${name} is ${nativeType}, into which rows cannot be merged`, {
    remedy: 'Use a column of type VARIANT, or leave the field out.',
  });
}
