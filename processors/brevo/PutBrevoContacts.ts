import { randomUUID } from 'node:crypto';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { parseRecords } from '../../server/extension/record.ts';
import { fail } from '../../server/extension/refusal.ts';
import { Accepted, type Difference } from './accepted.ts';
import { BREVO } from './brevo.ts';
import { attributeTypes, type Candidate, contactOf, listIds, type RejectedRow } from './contacts.ts';
import { deliver, ensureAttributes, ledgerOf, settle } from './delivery.ts';
import { dryRun, fieldsOf, type Outcome, type Session, tell } from './outcome.ts';

const properties = {
  brevo: property.service('Brevo Connection', 'The account to write to', BREVO, { required: true }),
  email: property.text('Email Field', 'The field with the address of the contact; all other fields become attributes of their name in capitals', { default: 'EMAIL' }),
  lists: property.text('List IDs', 'The lists that the contacts join, separated by commas', {
    required: true,
    expressions: 'environment',
    validate: (text: string) => void listIds(text),
  }),
  unchanged: property.boolean(
    'Skip Unchanged',
    'Leaves out contacts that Brevo has accepted just so before: what is written is billed. Clearing the state forgets what was accepted',
    {
      default: 'true',
    },
  ),
  empty: property.choice('Empty Values', 'What an empty field means', { keep: 'Keep what the contact has', erase: 'Erase what the contact has' }, { default: 'keep' }),
  create: property.boolean('Create Attributes', 'Creates attributes that the account does not have, typed as the fields are; otherwise Brevo ignores them', { default: 'true' }),
  few: property.integer('Individual Saves', 'So many contacts at most are saved one by one instead of by an import', { default: '10', max: 1000 }),
  poll: property.duration('Poll Interval', 'How soon it is looked whether an import has ended', { default: '2 sec' }),
  dry: property.boolean('Dry Run', 'Sends nothing, and tells instead what would be sent', { default: 'false' }),
};

interface Client {
  readonly accepted: Accepted;
  /** The attributes of the account, as far as they are known. */
  readonly known: Map<string, string>;
}

export type Context = ProcessContext<typeof properties, Client>;

/**
 * The state says which generation of accepted contacts counts. Without a state a new one begins, and this says no: it must be stored
 * before anything is sent, or who is killed while he sends would take what was accepted meanwhile for that of a cleared state.
 */
function enterGeneration(session: Session, accepted: Accepted): boolean {
  const generation = session.getState('cluster').get('accepted since');
  if (generation === undefined) session.setState('cluster', { 'accepted since': `${new Date().toISOString()} ${randomUUID()}` });
  else accepted.enter(generation);
  return generation !== undefined;
}

async function put(session: Session, flowFile: FlowFile, context: Context): Promise<Outcome> {
  const {
    properties: { brevo, email, lists, empty, create, few, poll, dry, unchanged },
    client,
    signal,
  } = context;
  const rows = parseRecords(session.read(flowFile).toString('utf8'));
  const types = attributeTypes(fieldsOf(flowFile, rows), email);
  const erases = empty === 'erase';
  const read = rows.map((row) => contactOf(row, email, types, erases));
  const refused = read.filter((each): each is RejectedRow => 'reason' in each);
  const candidates = read.filter((each): each is Candidate => 'contact' in each);
  const ids = listIds(lists);
  if (!dry) await settle(client.accepted, { brevo, poll, signal });
  const differences = new Map<Candidate, Difference>(candidates.map((candidate) => [candidate, client.accepted.difference(candidate.contact, ids)]));
  const wanted = candidates.filter((candidate) => !unchanged || differences.get(candidate) !== 'same');
  const counts = { rows: rows.length, skipped: candidates.length - wanted.length };
  if (dry) return { ...counts, sent: 0, requests: 0, rejected: refused, report: dryRun(wanted, { differences, refused, types, listIds: ids, erases, few }) };
  if (wanted.length > 0 && create) await ensureAttributes(brevo, types, client.known, signal);
  const { sent, rejected, requests } = await deliver(wanted, { brevo, listIds: ids, erases, few, poll, signal, ledger: ledgerOf(client.accepted, ids) });
  return { ...counts, sent, requests, rejected: [...refused, ...rejected] };
}

export default defineProcessor({
  description:
    'Writes JSON records to Brevo as contacts, and waits until Brevo has taken them: by an import, or one by one where they are few. Contacts that Brevo has accepted just so before are left out. Nobody is ever removed.',
  tags: ['brevo', 'sendinblue', 'contacts', 'put', 'reverse etl', 'marketing', 'destination'],
  input: 'required',
  triggerSerially: true,
  supportsBatching: false,
  stateful: {
    scope: 'cluster',
    description: 'Since when it is remembered what Brevo accepted; what that is lies in a file beside the embedded databases. Clearing it sends everything again.',
  },
  properties,
  relationships: {
    success: 'FlowFiles whose contacts were sent, but for those that were rejected',
    rejected: 'The rows that are no contacts or that Brevo refused as a JSON array, each with the field _reason',
    failure: 'FlowFiles that are not JSON records',
    'dry run': 'What would be sent, as JSON: counts, samples, attributes, and the first requests exactly as they would be',
  },
  writesAttributes: {
    'brevo.sent': 'How many contacts Brevo took',
    'brevo.skipped': 'How many it had accepted just so before',
    'brevo.rejected': 'How many rows were rejected',
    'brevo.requests': 'How many requests it took',
    'brevo.dry.run': 'Of a dry run: counts, samples and how large the first requests are, as JSON',
    'error.message': 'On failure: why',
  },
  onScheduled: ({ dataDirectory, id }): Client => ({ accepted: new Accepted(dataDirectory, id), known: new Map() }),
  onStopped: ({ accepted }) => accepted.close(),
  async onTrigger(session, context) {
    if (!enterGeneration(session, context.client.accepted)) return;
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
