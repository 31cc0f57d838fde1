import { type DatabaseConnection, DBCP_SERVICE, SqlError } from '../../server/extension/database.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { RECORD_READER, RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { databaseType } from './database-type.ts';
import { namesIn } from './maxima.ts';
import { translation, translator } from './name-translation.ts';
import { renamed, updateTable } from './table-update.ts';
import { withinTime } from './time-limit.ts';

const perFlowFile = { expressions: 'flowfile' } as const;
const STRATEGIES = { 'Create If Not Exists': 'Create If Not Exists', 'Fail If Not Exists': 'Fail If Not Exists' };

const properties = {
  reader: property.service('Record Reader', 'Reads the records', RECORD_READER, { required: true }),
  pool: property.service('Database Connection Pooling Service', 'The connections to the database', DBCP_SERVICE, { required: true }),
  ...databaseType,
  catalog: property.text('Catalog Name', 'The database (catalog) of the table', perFlowFile),
  schema: property.text('Schema Name', 'The schema of the table', perFlowFile),
  table: property.text('Table Name', 'The table', { required: true, ...perFlowFile }),
  creation: property.choice('Create Table Strategy', 'What happens where there is no such table', STRATEGIES, { default: 'Fail If Not Exists' }),
  keys: property.text('Primary Key Fields', 'The fields that make the primary key of a new table, with commas between them', {
    ...perFlowFile,
    dependsOn: { 'Create Table Strategy': ['Create If Not Exists'] },
  }),
  ...translation,
  translates: property.boolean('Translate Field Names', 'Whether names match although they are written otherwise (user_name and USERNAME); new columns are named so too', {
    default: 'true',
  }),
  renames: property.boolean('Update Field Names', 'Whether records are written again where their fields are named otherwise than the columns', { default: 'false' }),
  writer: property.service('Record Writer', 'Writes records whose fields were renamed', RECORD_SET_WRITER, { required: true, dependsOn: { 'Update Field Names': ['true'] } }),
  quotesTable: property.boolean('Quote Table Identifiers', 'Whether the name of the table stands in quotes', { default: 'false', required: false }),
  quotesColumns: property.boolean('Quote Column Identifiers', 'Whether names of columns stand in quotes', { default: 'false', required: false }),
  timeout: property.integer('Query Timeout', 'How long all statements for a FlowFile may take, seconds; 0 has no limit', { default: '0', ...perFlowFile }),
};
type Session = ProcessSession<'success' | 'failure'>;
/** Tables are changed one after the other: two tasks would both add the same column. */
interface Turns {
  last: Promise<unknown>;
}
type Context = ProcessContext<typeof properties, Turns>;

async function update(connection: DatabaseConnection, session: Session, flowFile: FlowFile, { properties: values, client }: Context): Promise<FlowFile> {
  const records = await values.reader.read(() => session.readStream(flowFile), flowFile);
  const translate = translator(values);
  const turn = client.last.then(() =>
    updateTable(connection, records.schema, {
      table: { catalog: values.catalog(flowFile), schema: values.schema(flowFile), table: values.table(flowFile) },
      createsTable: values.creation === 'Create If Not Exists',
      keys: namesIn(values.keys(flowFile)),
      quotesTable: values.quotesTable ?? false,
      quotesColumns: values.quotesColumns ?? false,
      translate,
    }),
  );
  client.last = turn.catch(() => undefined);
  const columns = await turn;
  if (!values.renames || [...columns].every(([field, column]) => field === column)) return flowFile;
  let count = 0;
  const { schema, batches } = renamed(records, columns);
  const counted = async function* (): AsyncGenerator<RecordBatch> {
    for await (const batch of batches) {
      count += batch.length;
      yield batch;
    }
  };
  const written = await session.writeStream(flowFile, values.writer.write({ schema, batches: counted() }, flowFile));
  return session.putAttributes(written, { ...values.writer.attributes?.(schema, flowFile), 'record.count': String(count), 'mime.type': values.writer.mimeType });
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Makes a table ready for records: creates it where it is missing, and adds a column for each field that has none. The records themselves are not written.',
  tags: ['metadata', 'database', 'update', 'jdbc', 'table', 'alter'],
  input: 'required',
  properties,
  relationships: { success: 'FlowFiles whose records the table can take now', failure: 'FlowFiles whose records cannot be read, or whose table cannot be changed' },
  writesAttributes: {
    'output.table': 'The table',
    'output.path': 'Never written: the databases of this runtime have no paths of tables',
    'mime.type': 'The type of the content, where the records were written again',
    'record.count': 'How many records there are, where they were written again',
    'record.error.message': 'On failure: why',
  },
  onScheduled: (): Turns => ({ last: Promise.resolve() }),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const table = context.properties.table(flowFile);
    let connection: DatabaseConnection | undefined;
    try {
      connection = await context.properties.pool.connect(flowFile.attributes);
      const seconds = context.properties.timeout(flowFile);
      const updated = await withinTime(update(connection, session, flowFile, context), seconds * 1000, () => connection?.release(true), 'Query Timeout');
      connection.release();
      session.report('REMOTE_INVOCATION', updated, `${connection.product}:${table}`);
      session.transfer(session.putAttribute(updated, 'output.table', table), 'success');
    } catch (thrown) {
      connection?.release(true);
      if (!(thrown instanceof SqlError || thrown instanceof ProcessError || thrown instanceof SyntaxError || thrown instanceof RangeError)) throw thrown;
      context.log.error(`${context.name} could not make the table ${table} ready for ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}`);
      session.transfer(session.penalize(session.putAttributes(flowFile, { 'output.table': table, 'record.error.message': messageOf(thrown) })), 'failure');
    }
  },
});
