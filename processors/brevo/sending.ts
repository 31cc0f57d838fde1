import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { parseRecords } from '../../server/extension/record.ts';
import { attributeTypes, type Candidate, contactReader, listIds, type RejectedRow } from './contacts.ts';
import { deliver, ensureAttributes } from './delivery.ts';
import { dryRun, fieldsOf, type Outcome, type Result, type Session } from './outcome.ts';
import type { Context } from './PutBrevoContacts.ts';
import type { Work } from './side-by-side.ts';
import type { AttributeType } from './brevo.ts';

/** A FlowFile's rows as contacts. */
interface Contacts {
  readonly rows: number;
  readonly candidates: readonly Candidate[];
  readonly refused: readonly RejectedRow[];
  readonly types: ReadonlyMap<string, AttributeType>;
}

/** What sending a FlowFile takes; it ends with the error where the content is no JSON records. */
export function workOf(session: Session, flowFile: FlowFile, context: Context): Work<Result> {
  const known = context.client.done.get(flowFile.uuid);
  if (known) return ready(known);
  try {
    const contacts = readContacts(session, flowFile, context);
    return { keys: contacts.candidates.map(({ contact }) => contact.email), begin: () => send(flowFile, contacts, context) };
  } catch (thrown) {
    if (!(thrown instanceof ProcessError)) throw thrown;
    return ready(thrown);
  }
}

const ready = (result: Result): Work<Result> => ({ keys: [], begin: () => Promise.resolve({ ended: Promise.resolve(result) }) });

function readContacts(session: Session, flowFile: FlowFile, { properties: { email, lists, empty } }: Context): Contacts {
  const rows = parseRecords(session.read(flowFile).toString('utf8'));
  const fields = fieldsOf(flowFile, rows);
  const read = rows.map(contactReader(fields, { emailField: email, listIds: listIds(lists), erases: empty === 'erase' }));
  return {
    rows: rows.length,
    candidates: read.filter((each): each is Candidate => 'contact' in each),
    refused: read.filter((each): each is RejectedRow => 'reason' in each),
    types: attributeTypes(fields, email),
  };
}

async function send(flowFile: FlowFile, { rows, candidates, refused, types }: Contacts, { properties, client, signal }: Context): Promise<{ ended: Promise<Outcome> }> {
  const { brevo, lists, empty, create, few, poll, dry, unchanged } = properties;
  const { accepted, known, done } = client;
  const how = { listIds: listIds(lists), erases: empty === 'erase', few };
  const differences = accepted.differences(candidates.map(({ contact }) => contact));
  const wanted = candidates.filter((_, index) => !unchanged || differences[index] !== 'same');
  const counts = { rows, skipped: candidates.length - wanted.length };
  if (dry) return { ended: Promise.resolve({ ...counts, sent: 0, requests: 0, rejected: refused, report: dryRun(wanted, { candidates, differences, refused, types, ...how }) }) };
  if (wanted.length > 0 && create) await ensureAttributes(brevo, types, known, signal);
  const ended = deliver(wanted, { brevo, ...how, poll, signal, accepted }).then(({ sent, rejected, requests }) => {
    const outcome: Outcome = { ...counts, sent, requests, rejected: [...refused, ...rejected] };
    done.set(flowFile.uuid, outcome);
    return outcome;
  });
  return { ended };
}
