import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { fail } from '../../server/extension/refusal.ts';
import { type DataRecord, FIELDS_ATTRIBUTE, inferFields, type RecordField, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { Difference } from './accepted.ts';
import { type AttributeType, importRequest, saveRequest } from './brevo.ts';
import type { Candidate, RejectedRow } from './contacts.ts';
import { latestOf, portions } from './delivery.ts';
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
  readonly report?: DryRun;
}

/** An outcome, or why the content is no JSON records. */
export type Result = Outcome | ProcessError;

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

/** Sends a FlowFile on its way. */
export function tell(session: Session, flowFile: FlowFile, result: Result, context: Context): void {
  if (!(result instanceof ProcessError)) return succeed(session, flowFile, result, context);
  context.log.error(`${context.name} could not send ${flowFile.getAttribute('filename')}: ${result.message} It was routed to failure.`);
  fail(session, flowFile, result.message);
}

function succeed(session: Session, flowFile: FlowFile, { rows, sent, skipped, requests, rejected, report }: Outcome, { properties: { brevo } }: Context): void {
  const counts = { 'brevo.sent': String(sent), 'brevo.skipped': String(skipped), 'brevo.rejected': String(rejected.length), 'brevo.requests': String(requests) };
  if (report !== undefined) {
    const told = session.write(session.create(flowFile), JSON.stringify(report.full, null, 2));
    session.transfer(session.putAttributes(told, { 'mime.type': 'application/json', 'brevo.dry.run': JSON.stringify(report.summary) }), 'dry run');
  }
  if (report === undefined && rejected.length > 0) {
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
  if (report !== undefined) return;
  session.tally('rowsSent', sent, flowFile);
  // Of several rows with the same address the last one counts.
  session.tally('rowsUnchanged', rows - sent - rejected.length, flowFile);
  session.refuse(rejected, flowFile);
  if (sent > 0) session.tally('bytes', flowFile.size, flowFile);
}

const SAMPLES = 3;
/** First saves of single contacts that a dry run shows. */
const SAVES = 10;

export interface DryRunOptions {
  readonly candidates: readonly Candidate[];
  /** Of each candidate. */
  readonly differences: readonly Difference[];
  readonly refused: readonly RejectedRow[];
  readonly types: ReadonlyMap<string, AttributeType>;
  readonly listIds: readonly number[];
  readonly erases: boolean;
  readonly few: number;
}

/** What a dry run tells: in short for the log, in full for who looks at the content. */
export interface DryRun {
  readonly summary: unknown;
  /** With the whole bodies of the first requests. */
  readonly full: unknown;
}

/** How many contacts would be added, changed or left out, some of each, and the first requests exactly as they would be sent. */
export function dryRun(wanted: readonly Candidate[], { candidates, differences, refused, types, listIds, erases, few }: DryRunOptions): DryRun {
  const part = (wanted: Difference) => {
    const found = candidates.filter((_, index) => differences[index] === wanted);
    return { count: found.length, samples: found.slice(0, SAMPLES).map(({ contact }) => JSON.parse(contact.json) as unknown) };
  };
  const latest = latestOf(wanted);
  const counts = {
    adds: part('added'),
    changes: part('changed'),
    skips: part('same'),
    rejected: { count: refused.length, samples: refused.slice(0, SAMPLES) },
    attributes: Object.fromEntries(types),
  };
  const firsts = latest.length <= few ? latest.slice(0, SAVES).map((each) => [each]) : portions(latest).slice(0, 1);
  const requests = firsts.map((part) => {
    const contacts = part.map(({ contact }) => contact);
    return { contacts: contacts.length, ...(latest.length <= few ? saveRequest(contacts[0]!, listIds) : importRequest({ contacts, listIds, erases })) };
  });
  const heads = requests.map(({ json, ...head }) => ({ ...head, bytes: Buffer.byteLength(json) }));
  const whole = requests.map(({ json, ...head }) => ({ ...head, body: JSON.parse(json) as unknown }));
  return { summary: { ...counts, requests: heads }, full: { ...counts, requests: whole } };
}
