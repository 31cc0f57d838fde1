import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import { decimals, initialValues, maximumProperties, queryTable, TABLE_ATTRIBUTES, tableProperties } from './table-query.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Fetches the rows of a table that are new since the last run, and writes them by a Record Writer.',
  tags: ['sql', 'select', 'jdbc', 'query', 'database', 'record'],
  input: 'forbidden',
  triggerSerially: true,
  primaryNodeOnly: true,
  stateful: { scope: 'cluster', description: 'The greatest values of the maximum-value columns that were fetched.' },
  defaults: { schedulingPeriod: '1 min' },
  properties: {
    ...tableProperties,
    writer: property.service('Record Writer', 'Writes the rows', RECORD_SET_WRITER, { required: true }),
    ...maximumProperties,
    normalizes: property.boolean('Normalize Table/Column Names', 'Whether characters that Avro forbids in names become underscores', { default: 'false' }),
    usesLogicalTypes: property.boolean('Use Avro Logical Types', 'Whether dates and decimals keep their types; otherwise they become text', { default: 'false' }),
    ...decimals,
  },
  dynamicProperties: initialValues,
  relationships: { success: 'The rows that are new' },
  writesAttributes: { ...TABLE_ATTRIBUTES, 'mime.type': 'The type of the content, as the writer says', 'record.count': 'How many rows the FlowFile holds' },
  onTrigger: (session, { properties, dynamic }) =>
    queryTable(properties.pool, {
      session,
      values: properties,
      style: properties,
      writer: properties.writer,
      initial: (column) => dynamic.get(`initial.maxvalue.${column}`)?.(),
      countsRecords: true,
    }),
});
