import { randomUUID } from 'node:crypto';
import { type DatabaseConnection, type DatabasePool, DBCP_SERVICE, SqlError } from '../../server/extension/database.ts';
import type { DynamicProperties } from '../../server/extension/component.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import { property, type PropertyMap } from '../../server/extension/property.ts';
import type { RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { type Part, type ResultStyle, styled, writeResult } from './result-writer.ts';
import { sqlArguments } from './sql-arguments.ts';
import { statementsOf } from './statement-text.ts';
import { withinTime } from './time-limit.ts';

const perFlowFile = { expressions: 'flowfile' } as const;

/** What both kinds of ExecuteSQL ask, in parts because of their order. */
export const queryProperties = {
  pool: property.service('Database Connection Pooling Service', 'The connections to the database', DBCP_SERVICE, { required: true }),
  before: property.text('SQL Pre-Query', 'Statements to run before the query, with semicolons between them', { ...perFlowFile, language: 'sql' }),
  query: property.text('SQL Query', 'The query; where it is not set, the content of the FlowFile', { ...perFlowFile, language: 'sql' }),
  after: property.text('SQL Post-Query', 'Statements to run after the query, with semicolons between them', { ...perFlowFile, language: 'sql' }),
  timeout: property.duration('Max Wait Time', 'How long the query may take; 0 seconds has no limit', { default: '0 seconds', ...perFlowFile }),
};
export const decimalDefaults = {
  precision: property.integer('Default Decimal Precision', 'Kept for flows made in NiFi: decimals without a precision keep their digits', { default: '10', ...perFlowFile }),
  scale: property.integer('Default Decimal Scale', 'Kept for flows made in NiFi: decimals without a scale keep their digits', { default: '0', ...perFlowFile }),
};
export const fetching = {
  maxRows: property.integer('Max Rows Per Flow File', 'How many rows a FlowFile holds at most; 0 has no limit', { default: '0', ...perFlowFile }),
  batchSize: property.integer('Output Batch Size', 'Kept for flows made in NiFi: all FlowFiles of a query go on together', { default: '0', ...perFlowFile }),
  fetchSize: property.integer('Fetch Size', 'How many rows come from PostgreSQL or SQLite at a time; 0 leaves it to the driver. Other drivers decide by themselves', {
    default: '0',
    ...perFlowFile,
  }),
};
export const autoCommit = property.boolean('Set Auto Commit', 'Whether each statement is a transaction of its own', { default: 'true' });

export const sqlArgumentProperties: DynamicProperties = {
  name: 'sql.args.N.type',
  value: 'SQL type argument to be supplied',
  description: 'sql.args.N.type, sql.args.N.value and sql.args.N.format say what the Nth question mark of the query stands for',
  expressions: 'none',
  sensitivePrefix: 'SENSITIVE.',
};
export const READ_ARGUMENTS = {
  'sql.args.N.type': 'The type of the Nth argument, as a number of java.sql.Types',
  'sql.args.N.value': 'Its value',
  'sql.args.N.format': 'The format of the value, where it is a date, a time or bytes',
};
export const WRITTEN = {
  'executesql.row.count': 'How many rows the FlowFile holds',
  'executesql.query.duration': 'How long query and fetching took, milliseconds',
  'executesql.query.executiontime': 'How long the query took, milliseconds',
  'executesql.query.fetchtime': 'How long it took to fetch the rows, milliseconds',
  'executesql.resultset.index': 'The number of the result, from 0',
  'executesql.error.message': 'On failure: why',
  'fragment.identifier': 'The same for all FlowFiles of a query, where Max Rows Per Flow File is set',
  'fragment.count': 'How many FlowFiles the query made, where Max Rows Per Flow File is set',
  'fragment.index': 'The number of the FlowFile, from 0, where Max Rows Per Flow File is set',
  'input.flowfile.uuid': 'The UUID of the FlowFile that came in',
};

type Session = ProcessSession<'success' | 'failure'>;

/** What one run of a query needs to know. */
export interface Query {
  readonly pool: DatabasePool;
  readonly before: string | undefined;
  readonly sql: string;
  readonly after: string | undefined;
  readonly timeout: number;
  readonly maxRows: number;
  /** Rows that come at a time; 0 leaves it to the driver. */
  readonly fetchSize: number;
  readonly autoCommit: boolean;
  readonly style: ResultStyle;
  readonly writer: RecordSetWriterFactory;
  /** Attributes and dynamic properties, where arguments are. */
  readonly given: ReadonlyMap<string, string>;
  /** Whether the writer says how many records there are. */
  readonly countsRecords: boolean;
}

async function runAll(connection: DatabaseConnection, statements: string | undefined): Promise<void> {
  for (const one of statementsOf(statements ?? '')) for await (const _ of (await connection.run(one)).batches);
}

function attributesOf(
  { count, millis }: Part,
  index: number,
  executed: number,
  query: Query,
  input: FlowFile | undefined,
  identifier: string,
  parts: number,
): Record<string, string> {
  return {
    'executesql.row.count': String(count),
    'executesql.query.duration': String(executed + millis),
    'executesql.query.executiontime': String(executed),
    'executesql.query.fetchtime': String(millis),
    'executesql.resultset.index': '0',
    ...(input ? { 'input.flowfile.uuid': input.uuid } : {}),
    ...(query.maxRows > 0 ? { 'fragment.identifier': identifier, 'fragment.index': String(index), 'fragment.count': String(parts) } : {}),
    ...(query.countsRecords ? { 'record.count': String(count) } : {}),
  };
}

/** Runs a query and returns what it made; undefined where it has no rows. */
async function runQuery(session: Session, connection: DatabaseConnection, query: Query, input: FlowFile | undefined, made: FlowFile[]): Promise<FlowFile[] | undefined> {
  if (!query.autoCommit) await connection.begin();
  await runAll(connection, query.before);
  const begun = performance.now();
  const { schema, batches } = await connection.run(query.sql, sqlArguments(query.given), query.fetchSize);
  const executed = Math.round(performance.now() - begun);
  const parts = schema && (await writeResult(session, styled({ schema, batches }, query.style), { writer: query.writer, maxRows: query.maxRows, parent: input }, made));
  await runAll(connection, query.after);
  if (!query.autoCommit) await connection.commit();
  const identifier = randomUUID();
  return parts?.map((part, index) => session.putAttributes(part.flowFile, attributesOf(part, index, executed, query, input, identifier, parts.length)));
}

/** Runs the query of one FlowFile, or of none, and sends on what comes of it. `empty` makes the content of a query without rows. */
export async function executeQuery(
  session: Session,
  context: Pick<ProcessContext<PropertyMap>, 'name' | 'log' | 'yield'>,
  query: Query,
  input: FlowFile | undefined,
  empty: (flowFile: FlowFile) => Promise<FlowFile>,
): Promise<void> {
  const made: FlowFile[] = [];
  let connection: DatabaseConnection | undefined;
  let isBroken = true;
  try {
    connection = await query.pool.connect(input?.attributes);
    const results = await withinTime(runQuery(session, connection, query, input, made), query.timeout, () => connection?.release(true));
    isBroken = false;
    if (results) {
      for (const result of results) session.report(input ? 'FETCH' : 'RECEIVE', result, connection.product, `${result.getAttribute('executesql.row.count')} rows`);
      session.transfer(results, 'success');
      if (input) session.remove(input);
    } else session.transfer(await empty(input ?? session.create()), 'success');
  } catch (thrown) {
    if (!(thrown instanceof SqlError || thrown instanceof ProcessError)) throw thrown;
    const reason = messageOf(thrown);
    context.log.error(`${context.name} could not run the query: ${reason} Query: ${query.sql.slice(0, 500)}`);
    if (made.length > 0) session.remove(made);
    if (input) session.transfer(session.penalize(session.putAttribute(input, 'executesql.error.message', reason)), 'failure');
    else context.yield();
  } finally {
    if (isBroken && !query.autoCommit) await connection?.rollback().catch(() => undefined);
    connection?.release(isBroken);
  }
}
