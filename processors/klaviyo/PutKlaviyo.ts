import { messageOf, ProcessError, PropertyError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { parseRecords, writeRecords } from '../../server/extension/record.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { deliver } from './delivery.ts';
import { type Candidate, profileOf, type RejectedRow } from './imported-profiles.ts';
import { KLAVIYO } from './klaviyo.ts';

/** Ids of lists, separated by commas. Throws PropertyError. */
function listIds(text: string): string[] {
  const ids = text.split(',').map((part) => part.trim());
  if (ids.some((id) => !/^\w+$/.test(id))) throw new PropertyError('it must be ids of lists, separated by commas, such as Y6nRLr, Wx3kPq');
  return ids;
}

const properties = {
  klaviyo: property.service('Klaviyo Connection', 'The account to write to', KLAVIYO, { required: true }),
  lists: property.text('List IDs', 'The lists that the profiles join, separated by commas; none if left out. Joining a list is no consent to marketing', {
    expressions: 'environment',
    validate: (text: string) => void listIds(text),
  }),
  concurrent: property.integer('Concurrent Imports', 'How many imports are under way at a time; each holds up to 10,000 profiles', { default: '4', min: 1, max: 20 }),
  poll: property.duration('Poll Interval', 'How soon it is looked whether an import has ended', { default: '2 sec' }),
};

type Session = ProcessSession<'success' | 'rejected' | 'failure'>;
type Context = ProcessContext<typeof properties>;

interface Outcome {
  readonly rows: number;
  readonly sent: number;
  /** Rows of a profile that has a later row. */
  readonly superseded: number;
  readonly jobs: number;
  readonly rejected: readonly RejectedRow[];
}

async function put(session: Session, flowFile: FlowFile, { properties: { klaviyo, lists, concurrent, poll }, signal, log }: Context): Promise<Outcome> {
  const rows = parseRecords(session.read(flowFile).toString('utf8'));
  const read = rows.map(profileOf);
  const unfit = read.filter((each): each is RejectedRow => 'reason' in each);
  const candidates = read.filter((each): each is Candidate => 'profile' in each);
  const ids = lists === undefined ? [] : listIds(lists);
  const { sent, rejected, jobs } = await deliver(candidates, { klaviyo, lists: ids, concurrent, poll, signal, log });
  const superseded = candidates.length - new Set(candidates.map(({ key }) => key)).size;
  return { rows: rows.length, sent, superseded, jobs, rejected: [...unfit, ...rejected] };
}

function tell(session: Session, flowFile: FlowFile, { rows, sent, superseded, jobs, rejected }: Outcome, { properties: { klaviyo } }: Context): void {
  if (rejected.length > 0) {
    const apart = session.write(session.create(flowFile), writeRecords(rejected.map(({ row, reason }) => ({ ...row, _reason: reason }))));
    session.transfer(session.putAttributes(apart, { 'record.count': String(rejected.length), 'mime.type': 'application/json' }), 'rejected');
  }
  if (sent > 0) session.report('SEND', flowFile, klaviyo.url, `${sent} of ${rows} profiles`);
  const counts = { sent, superseded, rejected: rejected.length, jobs };
  session.transfer(session.putAttributes(flowFile, Object.fromEntries(Object.entries(counts).map(([name, count]) => [`klaviyo.${name}`, String(count)]))), 'success');
  session.adjustCounter('rows sent', sent);
  session.adjustCounter('rows rejected', rejected.length);
}

export default defineProcessor({
  description:
    'Writes JSON records to Klaviyo as profiles by bulk imports, and waits until Klaviyo has taken them. Fields with the name of an attribute (email, phone_number, external_id, first_name, city ...) become that attribute, all others custom properties. Empty fields leave what a profile has.',
  tags: ['klaviyo', 'profiles', 'put', 'import', 'reverse etl', 'marketing', 'destination'],
  input: 'required',
  triggerSerially: true,
  supportsBatching: false,
  properties,
  relationships: {
    success: 'FlowFiles whose profiles were sent, but for those that were rejected',
    rejected: 'The rows that are no profiles or that Klaviyo refused as a JSON array, each with the field _reason',
    failure: 'FlowFiles that are not JSON records',
  },
  writesAttributes: {
    'klaviyo.sent': 'How many profiles Klaviyo took',
    'klaviyo.superseded': 'How many rows were not sent because a later row is of the same profile',
    'klaviyo.rejected': 'How many rows were rejected',
    'klaviyo.jobs': 'How many imports it took',
    'error.message': 'On failure: why',
  },
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      tell(session, flowFile, await put(session, flowFile, context), context);
    } catch (thrown) {
      if (!(thrown instanceof ProcessError) || thrown.name !== 'ProcessError') throw thrown;
      context.log.error(`${context.name} could not send ${flowFile.getAttribute('filename')}: ${messageOf(thrown)} It was routed to failure.`);
      session.transfer(session.putAttribute(flowFile, 'error.message', messageOf(thrown)), 'failure');
    }
  },
});
