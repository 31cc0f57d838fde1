import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { type DataRecord, FIELDS_ATTRIBUTE, parseRecords, type RecordBatch, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { type RejectedRecord, WarehouseError } from '../../server/extension/warehouse.ts';

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
 * batch: a row without a column leaves alone what the table has there, whereas beside rows with that column it would be empty.
 */
export function batches(flowFiles: readonly FlowFile[], tableOf: (flowFile: FlowFile) => string): Batch[] {
  const all: Batch[] = [];
  const latest = new Map<string, Batch>();
  for (const flowFile of flowFiles) {
    const table = tableOf(flowFile);
    let batch = latest.get(table);
    if (!batch || columnsOf(batch.loads[0]!.flowFile) !== columnsOf(flowFile)) all.push((batch = { table, loads: [] }));
    batch.loads.push({ flowFile, count: 0, problem: undefined });
    latest.set(table, batch);
  }
  return all;
}

const columnsOf = (flowFile: FlowFile): string => flowFile.getAttribute(FIELDS_ATTRIBUTE) ?? '';

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
  session.transfer(session.putAttributes(flowFile, { 'record.count': String(records.length), 'mime.type': 'application/json' }), 'rejected');
}
