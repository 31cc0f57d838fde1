import { randomUUID } from 'node:crypto';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { FIELDS_ATTRIBUTE, type RecordBatch, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { usesBind, WAREHOUSE } from '../../server/extension/warehouse.ts';
import { Following } from './following.ts';
import { portions } from './portions.ts';
import { SentRows } from './sent-rows.ts';
import { LAST_SYNC } from './watermark.ts';

const properties = {
  warehouse: property.service('Warehouse', 'The warehouse to query', WAREHOUSE, { required: true }),
  sql: property.text(
    'SQL Query',
    'One query. With :last_sync in it, as in WHERE updated_at >= :last_sync, it reads only what is new since the last run; without, it reads everything each time.',
    {
      required: true,
      language: 'sql',
      expressions: 'environment',
    },
  ),
  column: property.text('Watermark Column', 'The column of the result whose highest value becomes :last_sync of the next run: a time, a date or a growing number', {
    expressions: 'environment',
  }),
  initial: property.text('Initial Last Sync', 'The value of :last_sync for the first run, and after the state was cleared', {
    default: '1970-01-01T00:00:00',
    expressions: 'environment',
  }),
  window: property.duration(
    'Late Rows Window',
    'How far behind the highest watermark rows may still appear, such as 2 hours: each run reads that far back and sends what it has not sent. The column must hold a time. Empty: only rows at or above the watermark are read',
  ),
  batchSize: property.integer('Records Per FlowFile', 'How many records a FlowFile holds at most', { default: '1000', min: 1, max: 1_000_000 }),
  timeout: property.duration('Maximum Run Time', 'The query is cancelled when it takes longer', { default: '1 hour' }),
  empty: property.boolean('Send Empty Result', 'Where no row is new, sends an empty array with the columns, so that what follows can tell whether it finds its own', {
    default: 'false',
  }),
  dry: property.boolean('Dry Run', 'Leaves :last_sync as it is, so that the next run reads the same rows again', { default: 'false' }),
};

type Session = ProcessSession<'success'>;

function flowFileOf(session: Session, records: RecordBatch, fragment: Record<string, string>): FlowFile {
  session.tally('rowsRead', records.length);
  const flowFile = session.write(session.create(), writeRecords(records));
  return session.putAttributes(flowFile, { 'record.count': String(records.length), 'mime.type': 'application/json', ...fragment });
}

export default defineProcessor({
  description:
    'Runs a query in a warehouse and sends its rows as JSON arrays of records; incrementally, where the query uses :last_sync. A row is neither lost nor sent twice, also when many share the highest watermark. Clearing the state reads everything again.',
  tags: ['warehouse', 'sql', 'query', 'select', 'incremental', 'source', 'reverse etl'],
  input: 'forbidden',
  triggerSerially: true,
  primaryNodeOnly: true,
  stateful: {
    scope: 'cluster',
    description: 'last_sync: the highest watermark sent so far; fingerprints of the rows sent at exactly that watermark; with a window, the number of the run.',
  },
  defaults: { schedulingPeriod: '1 min' },
  properties,
  relationships: { success: 'The rows as JSON arrays of records' },
  writesAttributes: {
    'record.count': 'How many records the FlowFile holds',
    'mime.type': 'application/json',
    [FIELDS_ATTRIBUTE]: "The result's columns and their types as JSON",
    'fragment.identifier': 'The same for all FlowFiles of one run',
    'fragment.index': 'Position among the FlowFiles of the run, from 0',
    'fragment.count': 'How many FlowFiles the run sent',
    'warehouse.query.duration': 'Milliseconds until the warehouse had the result',
    'warehouse.query.id': "The warehouse's own id of the query, where it has one",
  },
  validate: ({ sql, column }) =>
    sql && usesBind(sql, LAST_SYNC) && !column ? ['SQL Query uses :last_sync, so Watermark Column must name the column that it is compared with'] : [],
  onScheduled: ({ properties: { window }, dataDirectory, id }) => (window === undefined ? undefined : new SentRows(dataDirectory, id)),
  onStopped: (sent) => sent?.close(),
  async onTrigger(session, context) {
    const { warehouse, sql, batchSize, timeout, empty, dry } = context.properties;
    const started = performance.now();
    const following = new Following(context.properties, session.getState('cluster'), context.client);
    const flowFiles: FlowFile[] = [];
    const result = await warehouse.query(sql, { binds: { [LAST_SYNC]: following.start }, batchSize, timeout, signal: context.signal });
    try {
      const marks = following.marks(result.columns);
      const fragment: Record<string, string> = {
        'fragment.identifier': randomUUID(),
        'warehouse.query.duration': String(Math.round(performance.now() - started)),
        [FIELDS_ATTRIBUTE]: JSON.stringify(result.columns.map(({ name, type }) => ({ name, type }))),
        ...(result.queryId ? { 'warehouse.query.id': result.queryId } : {}),
      };
      for await (const records of portions(result, marks, batchSize)) flowFiles.push(flowFileOf(session, records, { ...fragment, 'fragment.index': String(flowFiles.length) }));
      if (empty && flowFiles.length === 0) flowFiles.push(flowFileOf(session, [], { ...fragment, 'fragment.index': '0' }));
      const state = dry ? undefined : following.end();
      if (state) session.setState('cluster', state);
      if (following.complaint) context.log.warn(`${context.name}: ${following.complaint}`);
    } finally {
      await result.close();
    }
    if (flowFiles.length === 0) return context.yield();
    for (const flowFile of flowFiles) {
      session.report('RECEIVE', flowFile, warehouse.transitUri);
      session.transfer(session.putAttribute(flowFile, 'fragment.count', String(flowFiles.length)), 'success');
    }
  },
  verify: ({ properties: { warehouse, sql, initial }, signal }) => warehouse.verify({ sql, binds: { [LAST_SYNC]: initial }, signal }),
});
