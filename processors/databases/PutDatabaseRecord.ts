import { type DatabaseConnection, SqlError } from '../../server/extension/database.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { putProperties } from './put-properties.ts';
import { RecordPut, type TableCache } from './put-records.ts';
import { withinTime } from './time-limit.ts';

type Session = ProcessSession<'success' | 'failure' | 'retry'>;
type Context = ProcessContext<typeof putProperties, TableCache>;

async function put(connection: DatabaseConnection, session: Session, flowFile: FlowFile, { properties, client, log }: Context): Promise<number> {
  const records = await properties.reader.read(() => session.readStream(flowFile), flowFile);
  const writing = new RecordPut(connection, properties, flowFile, client, (message) => log.warn(message));
  if (properties.autoCommit) return writing.writeAll(records);
  await connection.begin();
  const count = await writing.writeAll(records);
  await connection.commit();
  return count;
}

function fail(session: Session, flowFile: FlowFile, thrown: unknown, context: Context): void {
  const isBad = thrown instanceof ProcessError || thrown instanceof SyntaxError || thrown instanceof RangeError;
  if (!isBad && !(thrown instanceof SqlError)) throw thrown;
  if (context.properties.rollback) throw new ProcessError(`${messageOf(thrown)} The FlowFile stays in its queue (Rollback On Failure).`);
  const isTransient = thrown instanceof SqlError && thrown.isTransient;
  context.log.error(`${context.name} could not write ${flowFile.getAttribute('filename')}: ${messageOf(thrown)} It was routed to ${isTransient ? 'retry' : 'failure'}.`);
  // The columns may have changed since they were read.
  context.client.clear();
  session.transfer(session.penalize(session.putAttribute(flowFile, 'putdatabaserecord.error', messageOf(thrown))), isTransient ? 'retry' : 'failure');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes records to a table: inserts, updates, upserts or deletes a row for each. All records of a FlowFile are written, or none.',
  tags: ['sql', 'record', 'jdbc', 'put', 'database', 'update', 'insert', 'delete'],
  input: 'required',
  properties: putProperties,
  relationships: {
    success: 'FlowFiles whose records were written',
    retry: 'FlowFiles that may be written later: the database could not be reached, or rows were locked',
    failure: 'FlowFiles whose records cannot be read, or do not fit the table',
  },
  readsAttributes: { 'statement.type': 'What becomes of each record, where Statement Type says so' },
  writesAttributes: { 'putdatabaserecord.error': 'On failure and retry: why' },
  onScheduled: (): TableCache => new Map(),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    let connection: DatabaseConnection | undefined;
    try {
      connection = await context.properties.pool.connect(flowFile.attributes);
      const count = await withinTime(put(connection, session, flowFile, context), context.properties.timeout, () => connection?.release(true));
      session.report('SEND', flowFile, `${connection.product}:${context.properties.table(flowFile)}`, `${count} records`);
      session.adjustCounter('Records Written', count);
      connection.release();
      session.transfer(flowFile, 'success');
    } catch (thrown) {
      if (!context.properties.autoCommit) await connection?.rollback().catch(() => undefined);
      connection?.release(thrown instanceof SqlError && thrown.isTransient);
      fail(session, flowFile, thrown, context);
    }
  },
});
