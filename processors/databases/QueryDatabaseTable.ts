import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { avroWriter } from './result-writer.ts';
import { decimals, initialValues, isolation, maximumProperties, queryTable, TABLE_ATTRIBUTES, tableProperties } from './table-query.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Fetches the rows of a table that are new since the last run, as Avro.',
  tags: ['sql', 'select', 'jdbc', 'query', 'database'],
  input: 'forbidden',
  triggerSerially: true,
  primaryNodeOnly: true,
  stateful: { scope: 'cluster', description: 'The greatest values of the maximum-value columns that were fetched.' },
  defaults: { schedulingPeriod: '1 min' },
  properties: {
    ...tableProperties,
    ...maximumProperties,
    normalizes: property.boolean('Normalize Table and Column Names', 'Whether characters that Avro forbids in names become underscores; Avro files have such names in any case', {
      default: 'false',
    }),
    isolation,
    usesLogicalTypes: property.boolean('Use Avro Logical Types', 'Whether dates and decimals keep their types; otherwise they become text', { default: 'false' }),
    ...decimals,
  },
  dynamicProperties: initialValues,
  relationships: { success: 'The rows that are new' },
  writesAttributes: TABLE_ATTRIBUTES,
  onTrigger: (session, { properties, dynamic }) =>
    queryTable(properties.pool, {
      session,
      values: properties,
      style: { normalizes: true, usesLogicalTypes: properties.usesLogicalTypes },
      writer: avroWriter('NONE'),
      initial: (column) => dynamic.get(`initial.maxvalue.${column}`)?.(),
      countsRecords: false,
    }),
});
