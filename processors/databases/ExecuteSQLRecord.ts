import { ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import { noRows } from './connection-pool.ts';
import { autoCommit, decimalDefaults, executeQuery, fetching, queryProperties, READ_ARGUMENTS, sqlArgumentProperties, WRITTEN } from './execute-sql.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Runs a query and writes its rows by a Record Writer. Rows are fetched and written as they come, whatever their number.',
  tags: ['sql', 'select', 'jdbc', 'query', 'database', 'record'],
  input: 'allowed',
  properties: {
    ...queryProperties,
    writer: property.service('Record Writer', 'Writes the rows', RECORD_SET_WRITER, { required: true }),
    normalizes: property.boolean('Normalize Table/Column Names', 'Whether characters that Avro forbids in names become underscores', { default: 'false' }),
    usesLogicalTypes: property.boolean('Use Avro Logical Types', 'Whether dates and decimals keep their types; otherwise they become text', { default: 'false' }),
    ...decimalDefaults,
    ...fetching,
    autoCommit,
  },
  dynamicProperties: sqlArgumentProperties,
  relationships: { success: 'The rows', failure: 'FlowFiles whose query failed; they are penalized' },
  readsAttributes: READ_ARGUMENTS,
  writesAttributes: { ...WRITTEN, 'mime.type': 'The type of the content, as the writer says', 'record.count': 'How many rows the FlowFile holds' },
  async onTrigger(session, context) {
    const { properties, dynamic } = context;
    const input = context.hasIncomingConnection ? session.get() : undefined;
    if (input === null) return;
    const sql = properties.query(input) ?? (input ? session.read(input).toString() : undefined);
    if (!sql) throw new ProcessError('SQL Query is empty: set it, or connect what sends FlowFiles that hold queries.');
    const { writer, pool, normalizes, usesLogicalTypes } = properties;
    const query = {
      pool,
      sql,
      writer,
      before: properties.before(input),
      after: properties.after(input),
      timeout: properties.timeout(input),
      maxRows: properties.maxRows(input),
      fetchSize: properties.fetchSize(input),
      autoCommit: properties.autoCommit,
      style: { normalizes, usesLogicalTypes },
      given: new Map([...[...dynamic].map(([name, value]) => [name.replace(/^SENSITIVE\./, ''), value()] as const), ...(input?.attributes ?? [])]),
      countsRecords: true,
    };
    await executeQuery(session, context, query, input, async (flowFile) => {
      const written = await session.writeStream(flowFile, writer.write({ schema: { fields: [] }, batches: noRows() }, flowFile));
      return session.putAttributes(written, { 'executesql.row.count': '0', 'record.count': '0', 'mime.type': writer.mimeType });
    });
  },
});
