import { PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { QueryEngine } from './query-engine.ts';
import { orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES, writeRecords } from '../../server/extension/record-flow.ts';

const FIXED = { original: 'What was queried', failure: 'FlowFiles whose records cannot be read, queried or written; they are as they came' };

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Asks the records of a FlowFile by SQL: each property that you add is a relationship, and its value a query of the table FLOWFILE.',
  details: "The SQL is DuckDB's. Records in fields are structs (`address.city`), lists are lists (`tags[1]`). Queries see the records and nothing else.",
  tags: ['sql', 'query', 'calcite', 'route', 'record', 'transform', 'select', 'update', 'modify', 'etl', 'filter', 'csv', 'json', 'logs', 'text', 'avro', 'aggregate'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    ...readerAndWriter,
    withEmpty: property.boolean('Include Zero Record FlowFiles', 'Whether a query without rows makes a FlowFile', { default: 'true' }),
    precision: property.integer('Default Decimal Precision', 'Kept for flows made in NiFi: decimals keep the precision that they have', { default: '10', expressions: 'flowfile' }),
    scale: property.integer('Default Decimal Scale', 'Kept for flows made in NiFi: decimals keep the scale that they have', { default: '0', expressions: 'flowfile' }),
  },
  dynamicProperties: {
    name: 'The name of the relationship to route data to',
    value: 'A SQL SELECT statement that is used to determine what data should be routed to this relationship.',
    description: 'A query of the table FLOWFILE, whose rows go to the relationship of this name',
    expressions: 'flowfile',
    relationships: true,
  },
  relationships: FIXED,
  writesAttributes: { ...RECORD_ATTRIBUTES, 'QueryRecord.Route': 'The relationship' },
  async onScheduled({ dynamic }): Promise<QueryEngine> {
    if (dynamic.size === 0) throw new PropertyError('No query is set: add a property whose name is a relationship and whose value is a SELECT.');
    return QueryEngine.open();
  },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile, made) => {
      const { reader, writer, withEmpty } = context.properties;
      const tables = await context.client.tables({ FLOWFILE: await readRecords(session, flowFile, reader) });
      try {
        const results = [];
        for (const [relationship, query] of context.dynamic) {
          const child = session.create(flowFile);
          made.push(child);
          const written = await writeRecords(session, child, await tables.query(query(flowFile)), writer, flowFile);
          results.push({ relationship, count: written.count, flowFile: session.putAttribute(written.flowFile, 'QueryRecord.Route', relationship) });
          session.adjustCounter('Records Written', written.count);
        }
        for (const { relationship, count, flowFile: child } of results) {
          if (count === 0 && !withEmpty) session.remove(child);
          else session.transfer(child, relationship as 'original');
        }
      } finally {
        await tables.close();
      }
      session.transfer(flowFile, 'original');
    }),
  onStopped: (engine) => engine.close(),
});
