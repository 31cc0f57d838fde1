import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { fail } from '../../server/extension/refusal.ts';
import { parseTableName, type UpsertResult, WAREHOUSE, WarehouseError } from '../../server/extension/warehouse.ts';
import { batches, count, type Load, namesIn, recordsOf, reject, type Session, take } from './loads.ts';
import { fieldsOf } from './table-fields.ts';

type Context = ProcessContext<typeof properties, Client>;

/** Tables that were found or created since the processor started. */
type Client = Set<string>;

const properties = {
  warehouse: property.service('Warehouse', 'The warehouse to write to', WAREHOUSE, { required: true }),
  table: property.text('Table Name', 'The table, as table, schema.table or database.schema.table', { required: true, expressions: 'flowfile' }),
  keys: property.text('Key Columns', 'The columns that tell rows apart, separated by commas: a row with the same values there is updated, any other one is inserted', {
    required: true,
    expressions: 'environment',
  }),
  create: property.boolean('Create Table', 'Creates the table when it is missing, with the fields and types of the records', { default: 'true' }),
  missing: property.choice(
    'Unknown Columns',
    'What to do with a field that the table has no column for',
    { refuse: 'Stop with an error that names it', add: 'Add the column to the table' },
    { default: 'refuse' },
  ),
  batch: property.integer('FlowFiles Per Transaction', 'How many FlowFiles are written together at most', { default: '100', min: 1, max: 10_000 }),
};

const NOTHING: UpsertResult = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: [] };

function toFailure(session: Session, { log, name }: Context, flowFile: FlowFile, reason: string): void {
  log.error(`${name} could not write ${flowFile.getAttribute('filename')}: ${reason} It was routed to failure.`);
  fail(session, flowFile, reason);
}

/** Creates the table by the first records there are. */
async function ensureTable(session: Session, table: string, loads: readonly Load[], { properties: { warehouse, create, keys }, client, signal }: Context): Promise<void> {
  if (!create || client.has(table)) return;
  const keyNames = namesIn(keys).map((key) => key.toLowerCase());
  for (const load of loads) {
    const [records = []] = recordsOf(session, [load]);
    if (records.length === 0) continue;
    const columns = fieldsOf(load.flowFile, records).map((field) => ({ ...field, required: keyNames.includes(field.name.toLowerCase()) }));
    await warehouse.createTable(parseTableName(table), columns, { signal });
    client.add(table);
    return;
  }
}

async function write(session: Session, table: string, loads: readonly Load[], context: Context): Promise<UpsertResult> {
  const { warehouse, keys, missing } = context.properties;
  await ensureTable(session, table, loads, context);
  // Without a single record there is nothing to create a table by, and nothing to write.
  if (context.properties.create && !context.client.has(table)) return NOTHING;
  return warehouse.upsert(parseTableName(table), recordsOf(session, loads), {
    keyColumns: namesIn(keys),
    addColumns: missing === 'add',
    fields: fieldsOf(loads[0]!.flowFile, []),
    signal: context.signal,
  });
}

function settle(session: Session, table: string, loads: readonly Load[], result: UpsertResult, context: Context): void {
  let from = 0;
  for (const { flowFile, count, problem } of loads) {
    const to = from + count;
    if (problem !== undefined) toFailure(session, context, flowFile, problem);
    else {
      reject(
        session,
        flowFile,
        result.rejected.filter(({ index }) => index >= from && index < to),
      );
      session.report('SEND', flowFile, `${context.properties.warehouse.transitUri}#${table}`, `${count} rows`);
      session.tally('bytes', flowFile.size, flowFile);
      session.transfer(flowFile, 'success');
    }
    from = to;
  }
  count(session, loads[0]!.flowFile, result);
}

/** A rule of the table that one row breaks spoils the whole transaction: then each FlowFile is tried alone. */
async function writeAll(session: Session, table: string, loads: readonly Load[], context: Context): Promise<void> {
  try {
    settle(session, table, loads, await write(session, table, loads, context), context);
  } catch (thrown) {
    context.client.delete(table);
    const isBadData = thrown instanceof WarehouseError && (thrown.kind === 'data' || thrown.kind === 'constraint');
    if (!isBadData) throw thrown;
    if (loads.length === 1) return toFailure(session, context, loads[0]!.flowFile, messageOf(thrown));
    for (const load of loads) await writeAll(session, table, [load], context);
  }
}

export default defineProcessor({
  description:
    'Writes JSON records into a table of a warehouse: updates the rows that are there by key, inserts the others, leaves alone what is the same. Writing the same records again changes nothing.',
  tags: ['warehouse', 'sql', 'put', 'upsert', 'merge', 'database', 'destination'],
  input: 'required',
  supportsBatching: false,
  // What could not be written keeps its place: no later rows of the same key may overtake it.
  defaults: { penaltyDuration: '0 sec' },
  properties,
  relationships: {
    success: 'FlowFiles whose records were written, but for those that were rejected',
    rejected: 'The rows that the table cannot hold as a JSON array, each with the field _reason',
    failure: 'FlowFiles that are not JSON records, or that break a rule of the table',
  },
  writesAttributes: { 'error.message': 'On failure: why' },
  onScheduled: (): Client => new Set(),
  async onTrigger(session, context) {
    for (const { table, loads } of batches(take(session, context.properties.batch), context.properties.table)) await writeAll(session, table, loads, context);
  },
  verify: ({ properties: { warehouse }, signal }) => warehouse.verify({ signal }),
});
