import type { FlowFile } from '../../server/extension/flowfile.ts';
import { type DataRecord, FIELDS_ATTRIBUTE, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { JsonMapper, RejectedRow } from './json-mapper.ts';
import type { MappedField } from './mapping.ts';

type Outcome = 'success' | 'rejected' | 'failure';
export type Session = ProcessSession<Outcome>;

export interface Client {
  readonly mapper: JsonMapper;
  /** The fields of the outcome, for whoever has to create a table for them. */
  readonly fields: string | undefined;
  /** The fields whose columns must be there, also where there are no records. */
  readonly required: readonly MappedField[];
}

/** What one trigger takes at most: a few milliseconds of work. */
const TRIGGER_BYTES = 1024 ** 2;
const TRIGGER_FLOWFILES = 20;

/** The fields of the outcome as JSON; undefined where the mapping leaves a type open. */
export function describeFields(mapping: readonly MappedField[]): string | undefined {
  if (mapping.some(({ type }) => type === undefined)) return undefined;
  return JSON.stringify(mapping.map(({ destination, type }) => ({ name: destination, type })));
}

/** The FlowFiles of one trigger, in their order. */
export function take(session: Session): FlowFile[] {
  let bytes = 0;
  let count = 0;
  return session.getMatching(({ size }) => {
    if (count > 0 && (count >= TRIGGER_FLOWFILES || bytes + size > TRIGGER_BYTES)) return 'stop';
    bytes += size;
    count++;
    return 'take';
  });
}

/** Sets rows that could not be mapped aside, with the reason. */
export function reject(session: Session, parent: FlowFile, rows: readonly RejectedRow[]): void {
  if (rows.length === 0) return;
  const records: DataRecord[] = rows.map(({ record, reason }) => ({ ...record, _reason: reason }));
  const rejected = session.write(session.create(parent), writeRecords(records));
  session.transfer(session.putAttributes(rejected, { 'record.count': String(rows.length), 'mime.type': 'application/json' }), 'rejected');
  session.adjustCounter('rows rejected', rows.length);
  session.refuse(
    rows.map(({ record, reason }) => ({ row: record, reason })),
    parent,
  );
}

/** Sends mapped records on; a FlowFile none of whose rows could be mapped ends here. */
export function succeed(session: Session, flowFile: FlowFile, count: number, rejected: number, { fields }: Client): void {
  if (count === 0 && rejected > 0) return session.remove(flowFile);
  const attributes: Record<string, string> = { 'record.count': String(count), 'mime.type': 'application/json' };
  if (fields) attributes[FIELDS_ATTRIBUTE] = fields;
  session.transfer(session.putAttributes(flowFile, attributes), 'success');
}
