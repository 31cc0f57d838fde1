import type { FlowFile } from '../../server/extension/flowfile.ts';
import { choices } from '../../server/extension/choices.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { type Client, measures, problems, type RateValues } from './rate-measures.ts';
import { RateLimit } from './rate-limit.ts';

const BATCH = 1000;
const ROUTE = "Route to 'rate exceeded'";

const properties = {
  criteria: property.choice('Rate Control Criteria', 'What is measured', choices('data rate', 'flowfile count', 'attribute value', 'data rate or flowfile count'), {
    default: 'data rate',
  }),
  duration: property.duration('Time Duration', 'The time within which the maximum may pass, at least 1 sec', { default: '1 min' }),
  rate: property.text('Maximum Rate', 'How much may pass in that time: a data size for the data rate, otherwise a number', {
    dependsOn: { 'Rate Control Criteria': ['attribute value', 'data rate', 'flowfile count'] },
  }),
  dataRate: property.dataSize('Maximum Data Rate', 'How many bytes may pass in that time', { dependsOn: { 'Rate Control Criteria': ['data rate or flowfile count'] } }),
  flowFileRate: property.integer('Maximum FlowFile Rate', 'How many FlowFiles may pass in that time', {
    dependsOn: { 'Rate Control Criteria': ['data rate or flowfile count'] },
    min: 1,
  }),
  strategy: property.choice(
    'Rate Exceeded Strategy',
    'Whether FlowFiles beyond the rate stay in their queue, or go to the relationship rate exceeded',
    choices('Hold FlowFile', "Route to 'rate exceeded'"),
    { default: 'Hold FlowFile' },
  ),
  attribute: property.text('Rate Controlled Attribute', 'The attribute whose whole number counts', { dependsOn: { 'Rate Control Criteria': ['attribute value'] } }),
  grouping: property.text('Grouping Attribute', 'FlowFiles with different values of this attribute are measured apart'),
};

type Context = ProcessContext<typeof properties, Client>;
/** An attribute that is missing or no whole number cannot be measured. */
function isMeasurable(flowFile: FlowFile, { criteria, attribute }: RateValues): boolean {
  return criteria !== 'attribute value' || /^\d{1,15}$/.test(flowFile.getAttribute(attribute!) ?? '');
}

/** Whether a FlowFile may pass now; one that may is counted. */
function passes(flowFile: FlowFile, { client, properties: { grouping, duration } }: Context, now: number): boolean {
  const group = (grouping && flowFile.getAttribute(grouping)) ?? '';
  const limits = client.measures.map(({ limits: known, maximum }) => {
    const limit = known.get(group) ?? new RateLimit(maximum, duration);
    known.set(group, limit);
    return limit;
  });
  if (!limits.every((limit) => limit.hasRoom(now))) return false;
  limits.forEach((limit, index) => limit.add(client.measures[index]!.amount(flowFile), now));
  return true;
}

/** Groups that were not seen for two spans are forgotten. */
function tidy({ client, properties: { duration } }: Context, now: number): void {
  if (now - client.lastTidied < 2 * duration) return;
  for (const { limits } of client.measures) for (const [group, limit] of limits) if (limit.isIdle(now)) limits.delete(group);
  client.lastTidied = now;
}

const relationships: Record<string, string> = { success: 'FlowFiles within the rate', failure: 'FlowFiles whose attribute is missing or not a whole number' };

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Lets FlowFiles pass no faster than a rate: of bytes, of FlowFiles, or of the values of an attribute.',
  tags: ['throttle', 'rate', 'rate control', 'throughput'],
  input: 'required',
  triggerSerially: true,
  sideEffectFree: true,
  properties,
  relationships,
  relationshipsFor: (texts) => (texts.get('Rate Exceeded Strategy') === ROUTE ? { ...relationships, 'rate exceeded': 'FlowFiles beyond the rate' } : relationships),
  validate: (values) => [...problems(values), ...(values.duration >= 1000 ? [] : ['Time Duration must be at least 1 sec'])],
  onScheduled: ({ properties: values, now }): Client => ({ measures: measures(values), lastTidied: now() }),
  onTrigger(session, context) {
    const now = context.now();
    tidy(context, now);
    const routes = context.properties.strategy === ROUTE;
    const ways = new Map<number, string>();
    const taken = session.getMatching((flowFile) => {
      if (ways.size >= BATCH) return 'stop';
      const way = !isMeasurable(flowFile, context.properties) ? 'failure' : passes(flowFile, context, now) ? 'success' : routes ? 'rate exceeded' : undefined;
      if (way === undefined) return context.properties.grouping ? 'skip' : 'stop';
      ways.set(flowFile.id, way);
      return 'take';
    });
    if (taken.length === 0) context.yield();
    for (const flowFile of taken) session.transfer(flowFile, ways.get(flowFile.id)!);
  },
});
