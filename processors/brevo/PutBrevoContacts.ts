import { randomUUID } from 'node:crypto';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { Accepted } from './accepted.ts';
import { BREVO } from './brevo.ts';
import { listIds } from './contacts.ts';
import { settle } from './delivery.ts';
import { type Outcome, type Session, tell } from './outcome.ts';
import { sideBySide } from './side-by-side.ts';
import { workOf } from './sending.ts';

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
  imports: property.integer('Imports At A Time', 'How many FlowFiles are sent beside each other. Those with an address in common are sent one after the other', {
    default: '4',
    min: 1,
    max: 20,
  }),
  dry: property.boolean('Dry Run', 'Sends nothing, and tells instead what would be sent', { default: 'false' }),
};

interface Client {
  readonly accepted: Accepted;
  /** The attributes of the account, as far as they are known. */
  readonly known: Map<string, string>;
  /** What became of FlowFiles whose contacts were sent, by their UUIDs, until it is told: a failure of one beside them sends no other again. */
  readonly done: Map<string, Outcome>;
}

export type Context = ProcessContext<typeof properties, Client>;

/**
 * The state says which generation of accepted contacts counts. Without a state a new one begins, and this says no: it must be stored
 * before anything is sent, or who is killed while he sends would take what was accepted meanwhile for that of a cleared state.
 */
function enterGeneration(session: Session, { accepted, done }: Client): boolean {
  const generation = session.getState('cluster').get('accepted since');
  if (generation === undefined) session.setState('cluster', { 'accepted since': `${new Date().toISOString()} ${randomUUID()}` });
  else accepted.enter(generation);
  if (generation === undefined) done.clear();
  return generation !== undefined;
}

/** Bytes of FlowFiles that are worked on at a time, but for a single one that is larger. */
const MOST_AT_A_TIME = 16 * 1024 ** 2;

function take(session: Session, most: number): FlowFile[] {
  let [count, bytes] = [0, 0];
  return session.getMatching(({ size }) => {
    const fits = count === 0 || (count < most && bytes + size <= MOST_AT_A_TIME);
    [count, bytes] = [count + 1, bytes + size];
    return fits ? 'take' : 'stop';
  });
}

export default defineProcessor({
  description:
    'Writes JSON records to Brevo as contacts, and waits until Brevo has taken them: by an import, or one by one where they are few. Contacts that Brevo has accepted just so before are left out. Nobody is ever removed.',
  tags: ['brevo', 'sendinblue', 'contacts', 'put', 'reverse etl', 'marketing', 'destination'],
  input: 'required',
  triggerSerially: true,
  supportsBatching: false,
  // What could not be sent keeps its place: no later rows of the same contact may overtake it.
  defaults: { penaltyDuration: '0 sec' },
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
  onScheduled: ({ dataDirectory, id }): Client => ({ accepted: new Accepted(dataDirectory, id), known: new Map(), done: new Map() }),
  onStopped: ({ accepted }) => accepted.close(),
  async onTrigger(session, context) {
    if (!enterGeneration(session, context.client)) return;
    const flowFiles = take(session, context.properties.imports);
    if (flowFiles.length === 0) return;
    if (!context.properties.dry) await settle(context.client.accepted, { ...context.properties, signal: context.signal });
    const results = await sideBySide(flowFiles, (flowFile) => workOf(session, flowFile, context));
    for (const [index, flowFile] of flowFiles.entries()) tell(session, flowFile, results[index]!, context);
    session.afterCommit(() => flowFiles.forEach(({ uuid }) => context.client.done.delete(uuid)));
  },
});
