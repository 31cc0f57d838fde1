import type { FlowFile } from '../../server/extension/flowfile.ts';
import { choices } from '../../server/extension/choices.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';

const BATCH = 50;
/** NiFi's key for the time of the last FlowFile, kept while the flow is inactive. */
const LAST_ACTIVITY = 'localFlowActivityInfo';

const properties = {
  threshold: property.duration('Threshold Duration', 'How long no FlowFile may come until the flow counts as inactive', { default: '5 min', expressions: 'environment' }),
  continually: property.boolean('Continually Send Messages', 'Whether the message of inactivity is sent again after each further Threshold Duration', { default: 'false' }),
  inactivityMessage: property.text('Inactivity Message', 'The content of the FlowFile that tells of inactivity', {
    default: "Lacking activity as of time: ${now():format('yyyy/MM/dd HH:mm:ss')}; flow has been inactive for ${inactivityDurationMillis:toNumber():divide(60000)} minutes",
    expressions: 'flowfile',
  }),
  restoredMessage: property.text('Activity Restored Message', 'The content of the FlowFile that tells that FlowFiles come again', {
    default: "Activity restored at time: ${now():format('yyyy/MM/dd HH:mm:ss')} after being inactive for ${inactivityDurationMillis:toNumber():divide(60000)} minutes",
    expressions: 'flowfile',
  }),
  wait: property.boolean('Wait for Activity', 'Whether a flow counts as inactive only after its first FlowFile', { default: 'false' }),
  reset: property.boolean('Reset State on Restart', 'Whether a start forgets that the flow was inactive', { default: 'true' }),
  copy: property.boolean('Copy Attributes', 'Whether the FlowFile that tells of activity gets the attributes of the FlowFile that came', { default: 'false' }),
  scope: property.choice('Monitoring Scope', 'One node or the whole cluster; on a single machine they are the same', choices('node', 'cluster'), { default: 'node' }),
  reporting: property.choice('Reporting Node', 'Which nodes of a cluster tell', choices('all', 'primary'), { default: 'all', dependsOn: { 'Monitoring Scope': ['cluster'] } }),
};

interface Client {
  isKnown: boolean;
  wasActive: boolean;
  lastActivity: number;
  hasTransferred: boolean;
  lastMessage: number;
}

type Session = ProcessSession<'success' | 'inactive' | 'activity.restored'>;
type Context = ProcessContext<typeof properties, Client>;

/** Where the flow was inactive when the processor was stopped, it still is. */
function recall(session: Session, { client, properties: { reset, threshold }, now }: Context): void {
  client.isKnown = true;
  const last = Number(session.getState('local').get(LAST_ACTIVITY) ?? Number.NaN);
  if (reset || Number.isNaN(last)) return;
  client.lastActivity = last;
  client.wasActive = now() < last + threshold;
}

/** A FlowFile that tells how long nothing came. */
function tell(session: Session, message: (flowFile: FlowFile) => string, since: number, now: number, attributes: Readonly<Record<string, string>> = {}): FlowFile {
  const times = { inactivityStartMillis: String(since), inactivityDurationMillis: String(now - since) };
  const flowFile = session.putAttributes(session.create(), { ...attributes, ...times });
  return session.write(flowFile, message(flowFile));
}

const copied = (flowFile: FlowFile): Record<string, string> => Object.fromEntries([...flowFile.attributes].filter(([name]) => name !== 'uuid'));

function reportActivity(session: Session, context: Context, flowFile: FlowFile, since: number): void {
  const { restoredMessage, copy } = context.properties;
  session.transfer(tell(session, restoredMessage, since, context.now(), copy ? copied(flowFile) : {}), 'activity.restored');
  session.setState('local', {});
}

function reportInactivity(session: Session, context: Context): void {
  const { client, properties: values } = context;
  const now = context.now();
  if (values.wait && !client.hasTransferred) return;
  if (!client.wasActive && !(values.continually && client.lastMessage + values.threshold <= now)) return;
  session.transfer(tell(session, values.inactivityMessage, client.lastActivity, now), 'inactive');
  session.setState('local', { [LAST_ACTIVITY]: String(client.lastActivity) });
  Object.assign(client, { wasActive: false, lastMessage: now });
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Watches whether FlowFiles come: sends a message when none came for some time, and another when they come again.',
  tags: ['detection', 'inactive', 'activity', 'active', 'monitor', 'flow'],
  input: 'required',
  triggerSerially: true,
  triggerWhenEmpty: true,
  sideEffectFree: true,
  stateful: { scope: 'local', description: 'When the last FlowFile came, while the flow is inactive.' },
  properties,
  relationships: {
    success: 'All FlowFiles that come',
    inactive: 'A FlowFile when none has come for the Threshold Duration',
    'activity.restored': 'A FlowFile when FlowFiles come again',
  },
  writesAttributes: {
    inactivityStartMillis: 'When the last FlowFile came, milliseconds since 1970',
    inactivityDurationMillis: 'How long none came, milliseconds',
  },
  onScheduled: ({ now }): Client => ({ isKnown: false, wasActive: true, lastActivity: now(), hasTransferred: false, lastMessage: 0 }),
  onTrigger(session, context) {
    const { client } = context;
    if (!client.isKnown) recall(session, context);
    const flowFiles = session.getBatch(BATCH);
    session.transfer(flowFiles, 'success');
    const now = context.now();
    if (flowFiles.length > 0) {
      const { wasActive, lastActivity } = client;
      Object.assign(client, { wasActive: true, lastActivity: now, hasTransferred: true });
      if (!wasActive) reportActivity(session, context, flowFiles[0]!, lastActivity);
      return;
    }
    if (now >= client.lastActivity + context.properties.threshold) reportInactivity(session, context);
    context.yield();
  },
});
