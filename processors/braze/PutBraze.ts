import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { type DataRecord, parseRecords, writeRecords } from '../../server/extension/record.ts';
import { fail } from '../../server/extension/refusal.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { BRAZE } from './braze.ts';
import { deliver } from './delivery.ts';
import { ProgressFile } from './progress.ts';
import { type DataType, type Refused, sendableOf } from './rows.ts';

const TYPES: Readonly<Record<DataType, string>> = {
  attributes: 'Custom attributes',
  events: 'Custom events',
  purchases: 'Purchases',
  'catalog items': 'Catalog items',
  'user deletes': 'User deletes',
};

const properties = {
  braze: property.service('Braze Connection', 'The workspace to write to', BRAZE, { required: true }),
  type: property.choice('Data Type', 'What the rows are', TYPES, { default: 'attributes' }),
  catalog: property.text('Catalog Name', 'The catalog that the items belong to; it must exist', {
    required: true,
    expressions: 'environment',
    dependsOn: { 'Data Type': ['catalog items'] },
  }),
  concurrent: property.integer('Concurrent Requests', 'How many requests are under way at a time; rows of one user keep their order all the same', {
    default: '16',
    min: 1,
    max: 64,
  }),
};

type Session = ProcessSession<'success' | 'rejected' | 'failure'>;
type Context = ProcessContext<typeof properties, ProgressFile>;

interface Outcome {
  readonly rows: number;
  readonly requests: number;
  readonly rejected: readonly (Refused & { readonly record: Record<string, unknown> })[];
}

async function put(session: Session, flowFile: FlowFile, { properties: { braze, type, catalog, concurrent }, client, signal }: Context): Promise<Outcome> {
  const records = parseRecords(session.read(flowFile).toString('utf8'));
  const read = records.map((record, row) => sendableOf(record, row, type));
  const sendable = read.flatMap((each) => ('object' in each ? [each] : []));
  const unfit = read.flatMap((each) => ('reason' in each ? [each] : []));
  const { refused, requests } = await deliver(sendable, { braze, catalog: catalog ?? '', concurrent, progress: client, flowFile: flowFile.uuid, signal });
  const rejected = [...unfit, ...refused].sort((a, b) => a.row - b.row).map((each) => ({ ...each, record: records[each.row]! }));
  return { rows: records.length, requests, rejected };
}

function tell(session: Session, flowFile: FlowFile, { rows, requests, rejected }: Outcome, { properties: { braze }, client }: Context): void {
  const sent = rows - rejected.length;
  if (rejected.length > 0) {
    const content = writeRecords(rejected.map(({ record, reason }) => ({ ...record, _reason: reason })) as never);
    const apart = session.write(session.create(flowFile), content);
    session.transfer(session.putAttributes(apart, { 'record.count': String(rejected.length), 'mime.type': 'application/json' }), 'rejected');
  }
  if (sent > 0) session.report('SEND', flowFile, braze.url, `${sent} of ${rows} rows`);
  session.transfer(session.putAttributes(flowFile, { 'braze.sent': String(sent), 'braze.rejected': String(rejected.length), 'braze.requests': String(requests) }), 'success');
  session.adjustCounter('rows sent', sent);
  session.adjustCounter('rows rejected', rejected.length);
  session.tally('rowsSent', sent, flowFile);
  session.refuse(
    rejected.map(({ record, reason }) => ({ row: record as DataRecord, reason })),
    flowFile,
  );
  if (sent > 0) session.tally('bytes', flowFile.size, flowFile);
  session.afterCommit(() => client.forget(flowFile.uuid));
}

export default defineProcessor({
  description:
    'Writes JSON records to Braze as attributes, events, purchases, catalog items or deletions of users, as Cloud Data Ingestion takes them: one identifier a row (EXTERNAL_ID, ALIAS_NAME with ALIAS_LABEL, BRAZE_ID, EMAIL or PHONE), or the ID of an item, and a PAYLOAD. Rows of one user arrive in their order.',
  tags: ['braze', 'users', 'events', 'purchases', 'catalog', 'put', 'reverse etl', 'marketing', 'destination'],
  input: 'required',
  triggerSerially: true,
  supportsBatching: false,
  // What could not be written keeps its place: no later rows of the same key may overtake it.
  defaults: { penaltyDuration: '0 sec' },
  properties,
  relationships: {
    success: 'FlowFiles whose rows were sent, but for those that were rejected',
    rejected: 'The rows that cannot be sent or that Braze refused as a JSON array, each with the field _reason',
    failure: 'FlowFiles that are not JSON records',
  },
  writesAttributes: {
    'braze.sent': 'How many rows Braze took',
    'braze.rejected': 'How many rows were rejected',
    'braze.requests': 'How many requests it took, since the last interruption',
    'error.message': 'On failure: why',
  },
  onScheduled: ({ dataDirectory, id }) => new ProgressFile(dataDirectory, id),
  onStopped: (progress) => progress.close(),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      tell(session, flowFile, await put(session, flowFile, context), context);
    } catch (thrown) {
      if (!(thrown instanceof ProcessError) || thrown.name !== 'ProcessError') throw thrown;
      context.log.error(`${context.name} could not send ${flowFile.getAttribute('filename')}: ${messageOf(thrown)} It was routed to failure.`);
      fail(session, flowFile, messageOf(thrown));
    }
  },
});
