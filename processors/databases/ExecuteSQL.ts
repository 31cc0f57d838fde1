import { ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { noRows } from './connection-pool.ts';
import { autoCommit, decimalDefaults, executeQuery, fetching, queryProperties, READ_ARGUMENTS, sqlArgumentProperties, WRITTEN } from './execute-sql.ts';
import { avroWriter, compression, compressionProblems } from './result-writer.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Runs a query and writes its rows as Avro. Rows are fetched and written as they come, whatever their number.',
  tags: ['sql', 'select', 'jdbc', 'query', 'database'],
  input: 'allowed',
  properties: {
    ...queryProperties,
    normalizes: property.boolean('Normalize Table and Column Names', 'Whether characters that Avro forbids in names become underscores; Avro files have such names in any case', {
      default: 'false',
    }),
    usesLogicalTypes: property.boolean('Use Avro Logical Types', 'Whether dates and decimals keep their types; otherwise they become text', { default: 'false' }),
    compression,
    ...decimalDefaults,
    ...fetching,
    autoCommit,
    withoutRows: property.choice('Content Output Strategy', 'What a FlowFile holds whose statement has no rows', { EMPTY: 'Empty', ORIGINAL: 'Original' }, { default: 'EMPTY' }),
  },
  dynamicProperties: sqlArgumentProperties,
  relationships: { success: 'The rows', failure: 'FlowFiles whose query failed; they are penalized' },
  readsAttributes: READ_ARGUMENTS,
  writesAttributes: WRITTEN,
  validate: (values) => compressionProblems(values.compression),
  async onTrigger(session, context) {
    const { properties, dynamic } = context;
    const input = context.hasIncomingConnection ? session.get() : undefined;
    if (input === null) return;
    const sql = properties.query(input) ?? (input ? session.read(input).toString() : undefined);
    if (!sql) throw new ProcessError('SQL Query is empty: set it, or connect what sends FlowFiles that hold queries.');
    const writer = avroWriter(properties.compression);
    const query = {
      pool: properties.pool,
      sql,
      writer,
      before: properties.before(input),
      after: properties.after(input),
      timeout: properties.timeout(input),
      maxRows: properties.maxRows(input),
      fetchSize: properties.fetchSize(input),
      autoCommit: properties.autoCommit,
      style: { normalizes: true, usesLogicalTypes: properties.usesLogicalTypes },
      given: new Map([...[...dynamic].map(([name, value]) => [name.replace(/^SENSITIVE\./, ''), value()] as const), ...(input?.attributes ?? [])]),
      countsRecords: false,
    };
    await executeQuery(session, context, query, input, async (flowFile) => {
      if (input && properties.withoutRows === 'ORIGINAL') return flowFile;
      const written = await session.writeStream(
        flowFile,
        writer.write({ schema: { name: 'NiFi_ExecuteSQL_Record', namespace: 'any.data', fields: [] }, batches: noRows() }, flowFile),
      );
      return session.putAttributes(written, { 'executesql.row.count': '0', 'mime.type': writer.mimeType });
    });
  },
});
