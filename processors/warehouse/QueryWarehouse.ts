import { randomUUID } from 'node:crypto';
import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { FIELDS_ATTRIBUTE, type RecordBatch, suggestion, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { type Column, usesBind, WAREHOUSE } from '../../server/extension/warehouse.ts';
import { portions } from './portions.ts';
import { LAST_SYNC, MAX_FINGERPRINTS, Watermark } from './watermark.ts';

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
  batchSize: property.integer('Records Per FlowFile', 'How many records a FlowFile holds at most', { default: '1000', min: 1, max: 1_000_000 }),
  timeout: property.duration('Maximum Run Time', 'The query is cancelled when it takes longer', { default: '1 hour' }),
  empty: property.boolean('Send Empty Result', 'Where no row is new, sends an empty array with the columns, so that what follows can tell whether it finds its own', {
    default: 'false',
  }),
  dry: property.boolean('Dry Run', 'Leaves :last_sync as it is, so that the next run reads the same rows again', { default: 'false' }),
};

type Values = PropertyValues<typeof properties>;
type Session = ProcessSession<'success'>;

/** The watermark of this run, or undefined for a query that reads everything. */
function watermark({ sql, column }: Values, session: Session, columns: readonly Column[]): Watermark | undefined {
  if (!usesBind(sql, LAST_SYNC) || !column) return undefined;
  const names = columns.map(({ name }) => name);
  const found = columns.find(({ name }) => name === column) ?? columns.find(({ name }) => name.toLowerCase() === column.toLowerCase());
  if (!found) throw new ProcessError(`Watermark Column ${column} is not in the result: add it to the query, or change the property. ${suggestion(column, names)}`);
  return new Watermark(found.name, session.getState('cluster'), ['integer', 'decimal', 'double'].includes(found.type));
}

function flowFileOf(session: Session, records: RecordBatch, fragment: Record<string, string>): FlowFile {
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
  stateful: { scope: 'cluster', description: 'last_sync: the highest watermark sent so far; and fingerprints of the rows sent at exactly that watermark.' },
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
  async onTrigger(session, context) {
    const { warehouse, sql, initial, batchSize, timeout, empty, dry } = context.properties;
    const started = performance.now();
    const lastSync = session.getState('cluster').get(LAST_SYNC) ?? initial;
    const result = await warehouse.query(sql, { binds: { [LAST_SYNC]: lastSync }, batchSize, timeout, signal: context.signal });
    const flowFiles: FlowFile[] = [];
    try {
      const marks = watermark(context.properties, session, result.columns);
      const fragment: Record<string, string> = {
        'fragment.identifier': randomUUID(),
        'warehouse.query.duration': String(Math.round(performance.now() - started)),
        [FIELDS_ATTRIBUTE]: JSON.stringify(result.columns.map(({ name, type }) => ({ name, type }))),
        ...(result.queryId ? { 'warehouse.query.id': result.queryId } : {}),
      };
      for await (const records of portions(result, marks, batchSize)) flowFiles.push(flowFileOf(session, records, { ...fragment, 'fragment.index': String(flowFiles.length) }));
      if (empty && flowFiles.length === 0) flowFiles.push(flowFileOf(session, [], { ...fragment, 'fragment.index': '0' }));
      const state = dry ? undefined : marks?.state();
      if (state) session.setState('cluster', state);
      if (marks?.overflowed)
        context.log.warn(
          `${context.name}: more than ${MAX_FINGERPRINTS} rows share the watermark ${state?.[LAST_SYNC]}; some of them will be sent again by the next run. Use a finer watermark column.`,
        );
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
