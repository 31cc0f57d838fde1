import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { type DataRecord, FIELDS_ATTRIBUTE, parseRecords, type RecordBatch, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { RUN_ATTRIBUTE } from '../../server/extension/session.ts';
import { type RejectedRecord, type UpsertResult, WarehouseError } from '../../server/extension/warehouse.ts';

export type Session = ProcessSession<'success' | 'rejected' | 'failure'>;

/** A FlowFile on its way into a table. What it holds is known once its records were read. */
export interface Load {
  readonly flowFile: FlowFile;
  count: number;
  /** Why it has no records. */
  problem: string | undefined;
}

/** Content of one transaction. FlowFiles are read one by one as the warehouse takes them. */
const TRANSACTION_BYTES = 16 * 1024 ** 2;

/** The FlowFiles of one transaction, in their order. */
export function take(session: Session, max: number): FlowFile[] {
  let bytes = 0;
  let count = 0;
  return session.getMatching(({ size }) => {
    if (count > 0 && (count >= max || bytes + size > TRANSACTION_BYTES)) return 'stop';
    bytes += size;
    count++;
    return 'take';
  });
}

/** FlowFiles that are written in one transaction. */
export interface Batch {
  readonly table: string;
  readonly loads: Load[];
}

/**
 * The FlowFiles by the table that each is for, and in their order. Those that declare other columns than the one before begin a new
 * batch, as do those of another run of a sync, which counts its rows by itself: a row without a column leaves alone what the table has there, whereas beside rows with that column it would be empty.
 */
export function batches(flowFiles: readonly FlowFile[], tableOf: (flowFile: FlowFile) => string): Batch[] {
  const all: Batch[] = [];
  const latest = new Map<string, Batch>();
  for (const flowFile of flowFiles) {
    const table = tableOf(flowFile);
    let batch = latest.get(table);
    if (!batch || !goTogether(batch.loads[0]!.flowFile, flowFile)) all.push((batch = { table, loads: [] }));
    batch.loads.push({ flowFile, count: 0, problem: undefined });
    latest.set(table, batch);
  }
  return all;
}

const goTogether = (a: FlowFile, b: FlowFile): boolean => [FIELDS_ATTRIBUTE, RUN_ATTRIBUTE].every((name) => (a.getAttribute(name) ?? '') === (b.getAttribute(name) ?? ''));

/** Names separated by commas. */
export function namesIn(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}

/** The records of one FlowFile after the other; those that have none are marked. */
export function* recordsOf(session: Session, loads: readonly Load[]): Generator<RecordBatch> {
  for (const load of loads) {
    try {
      const records = parseRecords(session.read(load.flowFile).toString('utf8'));
      load.count = records.length;
      yield records;
    } catch (thrown) {
      if (!(thrown instanceof ProcessError) || thrown instanceof WarehouseError) throw thrown;
      load.count = 0;
      load.problem = thrown.message;
    }
  }
}

/** Sends the rows that the table refused their own way. */
export function reject(session: Session, parent: FlowFile, rejected: readonly RejectedRecord[]): void {
  if (rejected.length === 0) return;
  const records = rejected.map(({ record, reason }): DataRecord => ({ ...record, _reason: reason }));
  const flowFile = session.write(session.create(parent), writeRecords(records));
  session.refuse(
    rejected.map(({ record, reason }) => ({ row: record, reason })),
    parent,
  );
  session.transfer(session.putAttributes(flowFile, { 'record.count': String(records.length), 'mime.type': 'application/json' }), 'rejected');
}

/** Counts what became of the rows of a transaction; all of them are of the run of a sync that this FlowFile is of, or of none. */
export function count(session: Session, flowFile: FlowFile, { inserted, updated, unchanged, superseded, rejected }: UpsertResult): void {
  session.adjustCounter('rows written', inserted + updated);
  session.adjustCounter('rows unchanged', unchanged + superseded);
  session.adjustCounter('rows rejected', rejected.length);
  session.tally('rowsSent', inserted + updated, flowFile);
  session.tally('rowsUnchanged', unchanged + superseded, flowFile);
}
