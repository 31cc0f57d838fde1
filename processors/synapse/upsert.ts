import { randomUUID } from 'node:crypto';
import type { Writer } from '../../server/extension/column-values.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { inTurn } from '../../server/extension/turns.ts';
import type { TableDescription, UpsertOptions, UpsertResult } from '../../server/extension/warehouse.ts';
import { groupedRecords, type StagedColumn, StagedColumns } from '../../server/extension/warehouse-staging.ts';
import type { Session } from './connections.ts';
import type { Loader, StageRow } from './loads.ts';
import { differs, fromText, stagedText } from './staged-texts.ts';
import { NEW_TYPES, quote } from './synapse-types.ts';

/** Records looked at together, and letters that are loaded at once. */
const GROUP = 10_000;
const LOAD_LETTERS = 16 * 1024 * 1024;

const NAMES = 'SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = @p1 AND TABLE_NAME = @p2';

interface Stage extends StagedColumn {
  /** In the stage. */
  readonly staged: string;
  readonly isKey: boolean;
  readonly write: Writer;
}

/** One merge: rows go as texts into a stage table, then those that are new or differ into the table, by UPDATE and INSERT in one transaction. */
export class Upsert {
  readonly #session: Session;
  readonly #load: Loader;
  readonly #table: TableDescription;
  readonly #stage: string;
  readonly #staging: StagedColumns;
  readonly #added: { readonly name: string; readonly nativeType: string }[] = [];
  #rows: (string | null)[][] = [];
  #letters = 0;
  #seen = 0;
  #staged = 0;
  #stageColumns = 0;

  constructor(session: Session, load: Loader, table: TableDescription, options: UpsertOptions) {
    this.#session = session;
    this.#load = load;
    this.#table = table;
    this.#stage = `${quote(table.name.schema!)}.${quote(`millrace_stage_${randomUUID().replaceAll('-', '')}`)}`;
    this.#staging = new StagedColumns(table, options, ({ name, type }) => ({ name, type, nativeType: NEW_TYPES[type], nullable: true }));
  }

  /** A throw leaves the rows of the table as they were; columns that were added stay. */
  async run(batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>): Promise<UpsertResult> {
    try {
      for await (const records of groupedRecords(batches, GROUP)) {
        await this.#session.guard(async () => undefined);
        for (const { name, nativeType, isNew } of this.#staging.take(records)) if (isNew) this.#added.push({ name, nativeType });
        await this.#stageRows(records);
      }
      await this.#flush();
      const counts = await inTurn(`synapse ${this.#table.name.database} ${this.#sql}`, () => this.#write());
      return { ...counts, rejected: this.#staging.rejected.sort((a, b) => a.index - b.index) };
    } finally {
      if (this.#stageColumns > 0) await this.#session.drop(this.#stage);
    }
  }

  get #sql(): string {
    return tableSql(this.#table);
  }

  get #columns(): readonly Stage[] {
    return this.#staging.all.map((column, index) => ({ ...column, staged: `c${index}`, isKey: this.#staging.isKey(column), write: stagedText(column.nativeType) }));
  }

  async #stageRows(records: RecordBatch): Promise<void> {
    const columns = this.#columns;
    for (const record of records) {
      const row = this.#staging.textRow(record, this.#seen++, columns);
      if (!row) continue;
      this.#rows.push(row);
      this.#staged++;
      for (const text of row) this.#letters += text?.length ?? 0;
      if (this.#letters >= LOAD_LETTERS) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const columns = this.#columns;
    const names = columns.map(({ staged }) => staged);
    // Texts of any length fit into a heap only.
    if (this.#stageColumns === 0)
      await this.#session.run(`CREATE TABLE ${this.#stage} (${['r', ...names].map((name) => `[${name}] nvarchar(max) NULL`).join(', ')}) WITH (HEAP, DISTRIBUTION = ROUND_ROBIN)`);
    else for (const name of names.slice(this.#stageColumns)) await this.#session.run(`ALTER TABLE ${this.#stage} ADD [${name}] nvarchar(max) NULL`);
    this.#stageColumns = names.length;
    const rows = this.#rows.splice(0).map((row): StageRow => [...row, ...names.slice(row.length - 1).map(() => null)]);
    this.#letters = 0;
    await this.#load(this.#session, this.#stage, ['r', ...names], rows);
  }

  async #write(): Promise<Omit<UpsertResult, 'rejected'>> {
    await this.#addColumns();
    if (this.#staged === 0) return { inserted: 0, updated: 0, unchanged: 0, superseded: 0 };
    const superseded = await this.#session.run(this.#supersededSql());
    const others = this.#columns.filter(({ isKey }) => !isKey);
    const [updated, inserted] = await this.#session.transaction(
      async () => [others.length === 0 ? 0 : await this.#session.run(this.#updateSql(others)), await this.#session.run(this.#insertSql())] as const,
    );
    // Where the table holds a key more than once, more rows are updated than there are keys.
    return { inserted, updated, superseded, unchanged: Math.max(0, this.#staged - superseded - inserted - updated) };
  }

  /** Those that no other writer has added meanwhile; the pool alters no table within a transaction. */
  async #addColumns(): Promise<void> {
    if (this.#added.length === 0) return;
    const { schema, table } = this.#table.name;
    const there = new Set((await this.#session.rows(NAMES, [schema!, table])).map(([name]) => String(name).toLowerCase()));
    for (const { name, nativeType } of this.#added) if (!there.has(name.toLowerCase())) await this.#session.run(`ALTER TABLE ${this.#sql} ADD ${quote(name)} ${nativeType}`);
  }

  #supersededSql(): string {
    const keys = this.#keys.map((key) => fromText(`[${key.staged}]`, key.nativeType)).join(', ');
    const numbered = `SELECT [r], ROW_NUMBER() OVER (PARTITION BY ${keys} ORDER BY CAST([r] AS bigint) DESC) AS n FROM ${this.#stage}`;
    return `DELETE FROM ${this.#stage} WHERE [r] IN (SELECT d.[r] FROM (${numbered}) AS d WHERE d.n > 1)`;
  }

  #updateSql(others: readonly Stage[]): string {
    const values = others.map((column) => `${quote(column.name)} = ${value(column)}`);
    const differences = others.map((column) => differs(`${this.#sql}.${quote(column.name)}`, value(column), column.nativeType));
    return `UPDATE ${this.#sql} SET ${values.join(', ')} FROM ${this.#stage} AS s WHERE ${this.#same(this.#sql)} AND (${differences.join(' OR ')})`;
  }

  #insertSql(): string {
    const columns = this.#columns;
    return `INSERT INTO ${this.#sql} (${columns.map(({ name }) => quote(name)).join(', ')}) SELECT ${columns.map(value).join(', ')} FROM ${this.#stage} AS s
      WHERE NOT EXISTS (SELECT 1 FROM ${this.#sql} AS t WHERE ${this.#same('t')})`;
  }

  get #keys(): readonly Stage[] {
    return this.#columns.filter(({ isKey }) => isKey);
  }

  #same(table: string): string {
    return this.#keys.map((key) => `${table}.${quote(key.name)} = ${value(key)}`).join(' AND ');
  }
}

const value = ({ staged, nativeType }: Stage): string => fromText(`s.[${staged}]`, nativeType);

/** The table's full name as SQL; statements reach their own database only. */
export const tableSql = ({ name }: Pick<TableDescription, 'name'>): string => `${quote(name.schema!)}.${quote(name.table)}`;
