import type { DatabaseConnection, TableColumn, TableName } from '../../server/extension/database.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { PropertyValues } from '../../server/extension/property.ts';
import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { isObject, textOf } from '../../server/extension/record-coercion.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import { compileRecordPath } from '../../server/extension/record-path/record-path.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { translator } from './name-translation.ts';
import type { putProperties } from './put-properties.ts';
import { limitsOf, RecordStatement, type StatementOptions, type StatementType, tableText } from './record-statements.ts';
import { statementsOf } from './statement-text.ts';

type Values = PropertyValues<typeof putProperties>;

const TYPES: readonly string[] = ['INSERT', 'INSERT_IGNORE', 'UPDATE', 'UPSERT', 'DELETE', 'SQL'];
const ENCODINGS: Readonly<Record<string, BufferEncoding>> = { 'UTF-8': 'utf8', Hexadecimal: 'hex', Base64: 'base64' };
const names = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Columns of tables, remembered between FlowFiles. */
export type TableCache = Map<string, readonly TableColumn[]>;

/** Writes the records of one FlowFile. */
export class RecordPut {
  readonly #connection: DatabaseConnection;
  readonly #values: Values;
  readonly #flowFile: FlowFile;
  readonly #tables: TableCache;
  readonly #warn: (message: string) => void;
  readonly #statements = new Map<string, RecordStatement>();
  #waiting: DataRecord[] = [];
  #current: RecordStatement | undefined;

  constructor(connection: DatabaseConnection, values: Values, flowFile: FlowFile, tables: TableCache, warn: (message: string) => void) {
    this.#connection = connection;
    this.#values = values;
    this.#flowFile = flowFile;
    this.#tables = tables;
    this.#warn = warn;
  }

  /** How many records were written. Throws ProcessError and SqlError. */
  async writeAll({ schema, batches }: RecordSet): Promise<number> {
    let count = 0;
    for await (const batch of batches) {
      for (const record of batch) {
        const type = this.#typeOf(record, schema);
        for (const data of this.#dataOf(record, schema)) {
          await this.#write(type, data);
          count++;
        }
      }
    }
    await this.#flush();
    return count;
  }

  #typeOf(record: DataRecord, schema: RecordSchema): string {
    const { statement, statementPath } = this.#values;
    if (TYPES.includes(statement)) return statement;
    const byPath = statement === 'Use Record Path';
    const given = byPath ? compileRecordPath(statementPath).evaluate(record, schema)[0]?.value : this.#flowFile.getAttribute('statement.type');
    const type = given === null || given === undefined ? '' : textOf(given).toUpperCase();
    if (!TYPES.includes(type))
      throw new ProcessError(`'${type}' is no statement type (${byPath ? 'Statement Type Record Path' : 'the attribute statement.type'}); there are ${TYPES.join(', ')}.`);
    return type;
  }

  #dataOf(record: DataRecord, schema: RecordSchema): DataRecord[] {
    const { dataPath } = this.#values;
    if (!dataPath) return [record];
    const found = compileRecordPath(dataPath)
      .evaluate(record, schema)
      .flatMap(({ value }): (RecordValue | undefined)[] => (Array.isArray(value) ? value : [value]));
    return found.map((value) => {
      if (!isObject(value)) throw new ProcessError(`Data Record Path ${dataPath} leads to a value that is no record.`);
      return value;
    });
  }

  async #write(type: string, record: DataRecord): Promise<void> {
    if (type === 'SQL') return this.#runOwn(record);
    const statement = await this.#statementFor(type as StatementType, record);
    const limits = limitsOf(this.#connection.product);
    const max = Math.min(this.#values.batchSize(this.#flowFile) || 1000, limits.rows);
    const isFull = (this.#waiting.length + 1) * statement.columnCount > limits.values || this.#waiting.length >= max;
    if (this.#current !== statement || isFull) await this.#flush();
    this.#current = statement;
    this.#waiting.push(record);
    // Rows of one upsert must not have the same key, so each goes alone.
    if (type !== 'INSERT') await this.#flush();
  }

  async #flush(): Promise<void> {
    const records = this.#waiting;
    this.#waiting = [];
    if (!this.#current || records.length === 0) return;
    await this.#connection.run(
      this.#current.sql(records.length),
      records.flatMap((record) => this.#current!.values(record)),
    );
  }

  async #runOwn(record: DataRecord): Promise<void> {
    await this.#flush();
    const field = this.#values.sqlField(this.#flowFile);
    const sql = field === undefined ? undefined : record[field];
    if (typeof sql !== 'string') throw new ProcessError(`The record has no SQL in the field '${field ?? ''}' (Field Containing SQL).`);
    const statements = statementsOf(sql);
    if (statements.length > 1 && !this.#values.multiple) throw new ProcessError('The record holds several SQL statements. Set Allow Multiple SQL Statements to true to run them.');
    for (const one of statements) await this.#connection.run(one);
  }

  async #statementFor(type: StatementType, record: DataRecord): Promise<RecordStatement> {
    const fields = Object.keys(record);
    const key = `${type} ${fields.join('\n')}`;
    const known = this.#statements.get(key);
    if (known) return known;
    const table: TableName = { catalog: this.#values.catalog(this.#flowFile), schema: this.#values.schema(this.#flowFile), table: this.#values.table(this.#flowFile) };
    const statement = new RecordStatement(type, table, fields, await this.#columns(table), this.#options(type));
    this.#statements.set(key, statement);
    return statement;
  }

  async #columns(table: TableName): Promise<readonly TableColumn[]> {
    const name = tableText(table, true);
    const known = this.#tables.get(name);
    if (known) return known;
    const columns = await this.#connection.columns(table);
    if (columns.length === 0) throw new ProcessError(`There is no table ${name}. Create it, or correct Table Name and Schema Name.`);
    if (this.#tables.size >= this.#values.cacheSize) this.#tables.clear();
    if (this.#values.cacheSize > 0) this.#tables.set(name, columns);
    return columns;
  }

  #options(type: StatementType): StatementOptions {
    const values = this.#values;
    return {
      product: this.#connection.product,
      translate: translator(values),
      unmatchedField: values.unmatchedField ?? 'Ignore Unmatched Fields',
      unmatchedColumn: values.unmatchedColumn ?? 'Fail on Unmatched Columns',
      quotesColumns: values.quotesColumns ?? false,
      quotesTable: values.quotesTable ?? false,
      keys: names(type === 'DELETE' ? values.deleteKeys(this.#flowFile) : values.updateKeys(this.#flowFile)),
      binary: ENCODINGS[values.binary(this.#flowFile)]!,
      warn: this.#warn,
    };
  }
}
