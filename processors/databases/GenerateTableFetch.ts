import { type DatabaseConnection, DBCP_SERVICE, SqlError } from '../../server/extension/database.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { databaseType } from './database-type.ts';
import { planFetch, type TableFetch } from './fetch-plan.ts';
import { Maxima, namesIn } from './maxima.ts';
import { withinTime } from './time-limit.ts';

const perFlowFile = { expressions: 'flowfile' } as const;

const properties = {
  pool: property.service('Database Connection Pooling Service', 'The connections to the database', DBCP_SERVICE, { required: true }),
  ...databaseType,
  table: property.text('Table Name', 'The table', { required: true, ...perFlowFile }),
  columns: property.text('Columns to Return', 'The columns, with commas between them; all where it is not set', perFlowFile),
  maxColumns: property.text(
    'Maximum-value Columns',
    'Columns whose values only grow, with commas between them: only rows beyond the greatest seen are fetched. All rows each time where it is not set',
    perFlowFile,
  ),
  timeout: property.duration('Max Wait Time', 'How long counting may take; 0 seconds has no limit', { default: '0 seconds', ...perFlowFile }),
  partitionSize: property.integer('Partition Size', 'How many rows a query fetches; 0 makes one query for all', { default: '10000', ...perFlowFile }),
  valueColumn: property.text('Column for Value Partitioning', 'A column of whole numbers: parts are ranges of its values, which is quicker than skipping rows', perFlowFile),
  where: property.text('Additional WHERE Clause', 'A condition that rows must meet besides', perFlowFile),
  orderBy: property.text('Custom ORDER BY Column', 'The order of rows where there are no maximum-value columns: without one, parts may overlap', perFlowFile),
  tellsNothing: property.boolean('Output Empty FlowFile on Zero Results', 'Whether an empty FlowFile tells that there is nothing new', { default: 'false' }),
};
type Session = ProcessSession<'success' | 'failure'>;
type Context = ProcessContext<typeof properties>;

function askedFor({ properties: values }: Context, input: FlowFile | undefined): TableFetch {
  const valueColumn = values.valueColumn(input) || undefined;
  if (valueColumn?.includes(',')) throw new ProcessError('Column for Value Partitioning must be one column.');
  return {
    table: values.table(input),
    columns: values.columns(input) || undefined,
    where: values.where(input) || undefined,
    partitionSize: BigInt(values.partitionSize(input)),
    valueColumn,
    orderBy: values.orderBy(input) || undefined,
  };
}

async function generate(session: Session, context: Context, connection: DatabaseConnection, input: FlowFile | undefined): Promise<void> {
  const fetch = askedFor(context, input);
  const columns = namesIn(context.properties.maxColumns(input));
  const maxima = new Maxima(session.getState('cluster'), fetch.table, columns, (column) => context.dynamic.get(`initial.maxvalue.${column}`)?.(input));
  const made: FlowFile[] = [];
  try {
    for await (const { sql, attributes } of planFetch(connection, fetch, maxima, context.properties.tellsNothing)) {
      const flowFile = session.create(input);
      made.push(flowFile);
      session.putAttributes(sql === '' ? flowFile : session.write(flowFile, sql), attributes);
    }
  } catch (thrown) {
    session.remove(made);
    throw thrown;
  }
  session.transfer(made, 'success');
  if (columns.length > 0) session.setState('cluster', maxima.state);
  if (input) session.remove(input);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes the queries that fetch a table part by part, so that ExecuteSQL can run them side by side. With maximum-value columns only what is new is fetched.',
  tags: ['database', 'select', 'query', 'fetch', 'jdbc', 'generate', 'sql'],
  input: 'allowed',
  triggerSerially: true,
  stateful: { scope: 'cluster', description: 'The greatest values of the maximum-value columns that queries were made for.' },
  properties,
  dynamicProperties: {
    name: 'initial.maxvalue.<max_value_column>',
    value: 'Initial maximum value for the specified column',
    description: 'What a maximum-value column begins with',
    expressions: 'flowfile',
  },
  relationships: { success: 'A FlowFile for each query, which is its content', failure: 'FlowFiles whose table cannot be queried' },
  writesAttributes: {
    'generatetablefetch.sql.error': 'On failure: why',
    'generatetablefetch.tableName': 'The table',
    'generatetablefetch.columnNames': 'The columns, where they are set',
    'generatetablefetch.whereClause': 'The condition of the query',
    'generatetablefetch.maxColumnNames': 'The maximum-value columns',
    'generatetablefetch.limit': 'How many rows, or values, the query fetches at most',
    'generatetablefetch.offset': 'How many rows it skips, or the first value that it fetches',
    'fragment.identifier': 'The same for all queries of a run',
    'fragment.count': 'How many queries the run made',
    'fragment.index': 'The number of the query, from 0',
  },
  async onTrigger(session, context) {
    const input = context.hasIncomingConnection ? session.get() : undefined;
    if (input === null) return;
    let connection: DatabaseConnection | undefined;
    try {
      connection = await context.properties.pool.connect(input?.attributes);
      await withinTime(generate(session, context, connection, input), context.properties.timeout(input), () => connection?.release(true));
      connection.release();
    } catch (thrown) {
      connection?.release(true);
      const isExpected = thrown instanceof SqlError || thrown instanceof ProcessError;
      if (!isExpected || !input) throw isExpected ? new ProcessError(`The table could not be queried: ${messageOf(thrown)}`, { cause: thrown }) : thrown;
      context.log.error(`${context.name} could not query the table ${context.properties.table(input)}: ${messageOf(thrown)}`);
      session.transfer(session.penalize(session.putAttribute(input, 'generatetablefetch.sql.error', messageOf(thrown))), 'failure');
    }
  },
});
