import { PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { OBJECT_TYPE_CHOICE } from './object-types.ts';
import { ARCHIVED, changeAttributes, OBJECT_TYPE } from './windows.ts';

function moment(text: string): number {
  const millis = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(millis)) throw new PropertyError('it must be a date or a time such as 2026-01-31 or 2026-01-31T08:00:00Z');
  return millis;
}

const CHANGED = { 'What To Read': ['changed'] };

const properties = {
  type: property.choice('Object Type', 'The kind of objects', OBJECT_TYPE_CHOICE, { default: 'Contacts' }),
  what: property.choice(
    'What To Read',
    'Objects that were created or changed since the last run, or those in the recycling bin',
    { changed: 'New and changed objects', archived: 'Archived objects' },
    { default: 'changed' },
  ),
  after: property.text('Updated After', 'The first run reads what was changed since then, as 2026-01-31 or 2026-01-31T08:00:00Z; everything if left out', {
    expressions: 'environment',
    dependsOn: CHANGED,
    validate: (text: string) => void moment(text),
  }),
  overlap: property.duration('Overlap', 'Each run reads this much of the time before it again, for what HubSpot indexed late. What is read twice is merged by id.', {
    default: '5 min',
    dependsOn: CHANGED,
  }),
  lag: property.duration('Lag', 'Each run stops so long before now, because searches do not find the latest changes yet', { default: '10 sec', dependsOn: CHANGED }),
};

/** How a person reads the cursor of a kind of objects in the state. */
const cursor = (type: string): string => `${type} read up to`;

export default defineProcessor({
  description:
    'Decides what is to be read from HubSpot next: a FlowFile without content that stands for a window of time, or for the recycling bin, which FetchHubSpotObjects reads. Clearing the state reads everything again.',
  tags: ['hubspot', 'crm', 'list', 'source', 'incremental'],
  input: 'forbidden',
  triggerSerially: true,
  primaryNodeOnly: true,
  stateful: { scope: 'cluster', description: 'For each object type, up to which time its changes were handed on: "Contacts read up to".' },
  defaults: { schedulingPeriod: '30 min' },
  properties,
  relationships: { success: 'What is to be read' },
  writesAttributes: {
    [OBJECT_TYPE]: 'The kind of objects',
    'hubspot.window.from': 'The time of the first change to be read',
    'hubspot.window.to': 'The time before which changes are to be read',
    [ARCHIVED]: 'true where archived objects are to be read',
  },
  onTrigger(session, { properties: { type, what, after, overlap, lag } }) {
    const flowFile = session.putAttribute(session.create(), OBJECT_TYPE, type);
    if (what === 'archived') return session.transfer(session.putAttribute(flowFile, ARCHIVED, 'true'), 'success');
    const state = session.getState('cluster');
    const last = state.get(cursor(type));
    const beginning = after === undefined ? 0 : moment(after);
    const from = last === undefined ? beginning : Math.max(beginning, Date.parse(last) - overlap);
    const to = Math.max(from, Date.now() - lag);
    session.transfer(session.putAttributes(flowFile, changeAttributes({ from, to, afterId: '0' })), 'success');
    session.setState('cluster', { ...Object.fromEntries(state), [cursor(type)]: new Date(to).toISOString() });
  },
});
