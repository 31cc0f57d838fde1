import { randomUUID } from 'node:crypto';
import { type DatabaseConnection, type DatabasePool, DBCP_SERVICE, type IsolationLevel, SqlError } from '../../server/extension/database.ts';
import type { DynamicProperties } from '../../server/extension/component.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import type { RecordSet, RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { databaseType } from './database-type.ts';
import { Maxima, namesIn } from './maxima.ts';
import { type ResultStyle, styled, writeResult } from './result-writer.ts';
import { withinTime } from './time-limit.ts';

const environment = { expressions: 'environment' } as const;
const perFlowFile = { expressions: 'flowfile' } as const;

/** What both kinds of QueryDatabaseTable ask, in parts because of their order. */
export const tableProperties = {
  pool: property.service('Database Connection Pooling Service', 'The connections to the database', DBCP_SERVICE, { required: true }),
  ...databaseType,
  table: property.text('Table Name', 'The table; with Custom Query the name that it is given', { required: true, ...perFlowFile }),
  columns: property.text('Columns to Return', 'The columns, with commas between them; all where it is not set', perFlowFile),
  where: property.text('Additional WHERE Clause', 'A condition that rows must meet besides', perFlowFile),
  custom: property.text('Custom Query', 'A query that stands in for the table', { ...environment, language: 'sql' }),
};
export const maximumProperties = {
  maxColumns: property.text(
    'Maximum-value Columns',
    'Columns whose values only grow, with commas between them: only rows beyond the greatest seen are fetched. All rows each time where it is not set',
    perFlowFile,
  ),
  initial: property.choice(
    'Initial Load Strategy',
    'Whether the first run fetches what is in the table already',
    { 'Start at Beginning': 'Start at Beginning', 'Start at Current Maximum Values': 'Start at Current Maximum Values' },
    { default: 'Start at Beginning' },
  ),
  timeout: property.duration('Max Wait Time', 'How long the query may take; 0 seconds has no limit', { default: '0 seconds', ...perFlowFile }),
  fetchSize: property.integer('Fetch Size', 'How many rows come from PostgreSQL or SQLite at a time; 0 leaves it to the driver. Other drivers decide by themselves', {
    default: '0',
    ...environment,
  }),
  autoCommit: property.choice(
    'Set Auto Commit',
    'Whether the query is a transaction of its own; false begins one and ends it behind the rows',
    { true: 'true', false: 'false' },
    environment,
  ),
  maxRows: property.integer('Max Rows Per Flow File', 'How many rows a FlowFile holds at most; 0 has no limit', { default: '0', ...environment }),
  batchSize: property.integer('Output Batch Size', 'Kept for flows made in NiFi: all FlowFiles of a query go on together', { default: '0', ...environment }),
  maxFragments: property.integer('Maximum Number of Fragments', 'How many FlowFiles a run makes at most; 0 has no limit', { default: '0', ...environment }),
};
export const decimals = {
  precision: property.integer('Default Decimal Precision', 'Kept for flows made in NiFi: decimals without a precision keep their digits', { default: '10', ...environment }),
  scale: property.integer('Default Decimal Scale', 'Kept for flows made in NiFi: decimals without a scale keep their digits', { default: '0', ...environment }),
};
/** Numbers of java.sql.Connection, in NiFi's order: a choice would sort them. */
const LEVELS = [
  ['0', 'TRANSACTION_NONE'],
  ['2', 'TRANSACTION_READ_COMMITTED'],
  ['1', 'TRANSACTION_READ_UNCOMMITTED'],
  ['4', 'TRANSACTION_REPEATABLE_READ'],
  ['8', 'TRANSACTION_SERIALIZABLE'],
] as const;
export const isolation = {
  ...property.choice(
    'Transaction Isolation Level',
    'How much the query sees of transactions that run meanwhile; SQLite and DuckDB know one level only',
    Object.fromEntries(LEVELS),
  ),
  allowableValues: LEVELS.map(([value, displayName]) => ({ value, displayName })),
};
export const initialValues: DynamicProperties = {
  name: 'initial.maxvalue.<max_value_column>',
  value: 'Initial maximum value for the specified column',
  description: 'What a maximum-value column begins with',
  expressions: 'environment',
};
export const TABLE_ATTRIBUTES = {
  tablename: 'The table',
  'querydbtable.row.count': 'How many rows the FlowFile holds',
  'fragment.identifier': 'The same for all FlowFiles of a run, where Max Rows Per Flow File is set',
  'fragment.count': 'How many FlowFiles the run made, where Max Rows Per Flow File is set',
  'fragment.index': 'The number of the FlowFile, from 0, where Max Rows Per Flow File is set',
  'maxvalue.*': 'The greatest value of each maximum-value column',
};

const ISOLATION: Readonly<Record<string, IsolationLevel>> = { 1: 'READ UNCOMMITTED', 2: 'READ COMMITTED', 4: 'REPEATABLE READ', 8: 'SERIALIZABLE' };

const both = { ...tableProperties, ...maximumProperties };
export type TableValues = PropertyValues<typeof both> & { readonly isolation?: string };

function sqlFor(values: TableValues, conditions: readonly string[]): string {
  const table = values.table();
  const from = values.custom ? `(${values.custom.trim().replace(/;$/, '')}) ${/^\w+$/.test(table) ? table : 'custom_query'}` : table;
  const where = values.where();
  const all = [...conditions, ...(where ? [`(${where})`] : [])];
  return `SELECT ${values.columns() || '*'} FROM ${from}${all.length > 0 ? ` WHERE ${all.join(' AND ')}` : ''}`;
}

async function* watched(batches: AsyncIterable<RecordBatch>, fields: readonly string[], maxima: Maxima): AsyncGenerator<RecordBatch> {
  const known = maxima.columns.map((column) => ({ column, field: fields.find((name) => name.toLowerCase() === column.toLowerCase()) }));
  for await (const batch of batches) {
    for (const record of batch) for (const { column, field } of known) if (field !== undefined) maxima.see(column, record[field]);
    yield batch;
  }
}

/** With Start at Current Maximum Values, the first run only looks where the columns stand. */
async function startAtMaximum(connection: DatabaseConnection, values: TableValues, maxima: Maxima): Promise<void> {
  const asked = maxima.columns.map((column, index) => `max(${column}) AS m${index}`).join(', ');
  const { batches } = await connection.run(sqlFor({ ...values, columns: () => asked }, []));
  for await (const [row] of batches) for (const [index, column] of maxima.columns.entries()) maxima.see(column, row?.[`m${index}`]);
}

interface Run {
  readonly session: ProcessSession<'success'>;
  readonly values: TableValues;
  readonly style: ResultStyle;
  readonly writer: RecordSetWriterFactory;
  readonly initial: (column: string) => string | undefined;
  readonly countsRecords: boolean;
}

async function fetchRows({ session, values, style, writer, initial, countsRecords }: Run, connection: DatabaseConnection): Promise<void> {
  const table = values.table();
  const maxima = new Maxima(session.getState('cluster'), table, namesIn(values.maxColumns()), initial);
  if (values.initial === 'Start at Current Maximum Values' && maxima.columns.length > 0 && maxima.isEmpty) await startAtMaximum(connection, values, maxima);
  await maxima.learnTypes(connection);
  const { schema, batches } = await connection.run(sqlFor(values, maxima.conditions), [], values.fetchSize);
  if (!schema) throw new ProcessError('The query has no rows: Custom Query must be a SELECT.');
  const records: RecordSet = {
    schema,
    batches: watched(
      batches,
      schema.fields.map(({ name }) => name),
      maxima,
    ),
  };
  const made: FlowFile[] = [];
  const parts = await writeResult(session, styled(records, style), { writer, maxRows: values.maxRows, maxParts: values.maxFragments, parent: undefined }, made);
  if (maxima.columns.length > 0) session.setState('cluster', maxima.state);
  if (parts[0]!.count === 0) return session.remove(made);
  const identifier = randomUUID();
  const greatest = Object.fromEntries(maxima.columns.flatMap((column) => (maxima.of(column) === undefined ? [] : [[`maxvalue.${column.toLowerCase()}`, maxima.of(column)!]])));
  for (const [index, { flowFile, count }] of parts.entries()) {
    const fragments: Record<string, string> =
      values.maxRows > 0 ? { 'fragment.identifier': identifier, 'fragment.index': String(index), 'fragment.count': String(parts.length) } : {};
    const attributes: Record<string, string> = {
      tablename: table,
      'querydbtable.row.count': String(count),
      ...fragments,
      ...greatest,
      ...(countsRecords ? { 'record.count': String(count) } : {}),
    };
    const told = session.putAttributes(flowFile, attributes);
    session.report('RECEIVE', told, `${connection.product}:${table}`, `${count} rows`);
    session.transfer(told, 'success');
  }
}

/** Fetches what is new in a table. State and FlowFiles are stored together. Throws ProcessError where the database refuses. */
export async function queryTable(pool: DatabasePool, run: Run): Promise<void> {
  let connection: DatabaseConnection | undefined;
  try {
    connection = await pool.connect();
    const { values } = run;
    const level = ISOLATION[values.isolation ?? '0'];
    const isTransaction = values.autoCommit === 'false' || level !== undefined;
    if (isTransaction) await connection.begin(level);
    await withinTime(fetchRows(run, connection), values.timeout(), () => connection?.release(true));
    if (isTransaction) await connection.commit();
    connection.release();
  } catch (thrown) {
    connection?.release(true);
    if (thrown instanceof SqlError) throw new ProcessError(`The table could not be queried: ${messageOf(thrown)}`, { cause: thrown });
    throw thrown;
  }
}
