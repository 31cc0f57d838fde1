import type { FlowFile } from '../../server/extension/flowfile.ts';
import { type DataRecord, FIELDS_ATTRIBUTE, inferFields, type RecordField, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { Difference } from './accepted.ts';
import type { Candidate, RejectedRow } from './contacts.ts';
import { portions } from './delivery.ts';
import type { Context } from './PutBrevoContacts.ts';

export type Session = ProcessSession<'success' | 'rejected' | 'failure' | 'dry run'>;

/** What became of a FlowFile's rows. */
export interface Outcome {
  readonly rows: number;
  readonly sent: number;
  readonly skipped: number;
  readonly requests: number;
  readonly rejected: readonly RejectedRow[];
  /** Of a dry run. */
  readonly report?: unknown;
}

/** Types as the FlowFile declares them, else as the values look. */
export function fieldsOf(flowFile: FlowFile, rows: readonly DataRecord[]): RecordField[] {
  const declared = new Map<string, RecordField>();
  try {
    for (const field of JSON.parse(flowFile.getAttribute(FIELDS_ATTRIBUTE) ?? '[]') as RecordField[]) declared.set(field.name, field);
  } catch {
    // An attribute that says nothing leaves the values to decide.
  }
  return inferFields(rows).map((field) => declared.get(field.name) ?? field);
}

/** Sends FlowFiles on their ways, and counts. */
export function tell(session: Session, flowFile: FlowFile, { rows, sent, skipped, requests, rejected, report }: Outcome, { properties: { brevo } }: Context): void {
  const counts = { 'brevo.sent': String(sent), 'brevo.skipped': String(skipped), 'brevo.rejected': String(rejected.length), 'brevo.requests': String(requests) };
  if (report !== undefined)
    session.transfer(session.putAttribute(session.write(session.create(flowFile), JSON.stringify(report, null, 2)), 'mime.type', 'application/json'), 'dry run');
  else if (rejected.length > 0) {
    const content = writeRecords(rejected.map(({ row, reason }) => ({ ...row, _reason: reason })));
    session.transfer(
      session.putAttributes(session.write(session.create(flowFile), content), { 'record.count': String(rejected.length), 'mime.type': 'application/json' }),
      'rejected',
    );
  }
  if (sent > 0) session.report('SEND', flowFile, brevo.url, `${sent} of ${rows} contacts`);
  session.transfer(session.putAttributes(flowFile, counts), 'success');
  session.adjustCounter('rows sent', sent);
  session.adjustCounter('rows unchanged', skipped);
  session.adjustCounter('rows rejected', rejected.length);
}

const SAMPLES = 3;

/** What a dry run tells: how many contacts would be added, changed or left out, some of each, and the first requests as they would be. */
export function dryRun(
  wanted: readonly Candidate[],
  differences: ReadonlyMap<Candidate, Difference>,
  refused: readonly RejectedRow[],
  listIds: readonly number[],
  few: number,
): unknown {
  const of = (difference: Difference): Candidate[] => [...differences].filter(([, each]) => each === difference).map(([candidate]) => candidate);
  const part = (candidates: readonly Candidate[]) => ({ count: candidates.length, samples: candidates.slice(0, SAMPLES).map(({ contact }) => contact) });
  const contacts = wanted.map(({ contact }) => contact);
  const [first = []] = portions(wanted);
  const requests =
    wanted.length <= few
      ? contacts.slice(0, SAMPLES).map((contact) => ({ method: 'POST', path: '/contacts', body: { ...contact, listIds, updateEnabled: true } }))
      : [
          {
            method: 'POST',
            path: '/contacts/import',
            contacts: first.length,
            body: { jsonBody: first.slice(0, SAMPLES).map(({ contact }) => contact), listIds, updateExistingContacts: true },
          },
        ];
  return { adds: part(of('added')), changes: part(of('changed')), skips: part(of('same')), rejected: { count: refused.length, samples: refused.slice(0, SAMPLES) }, requests };
}
