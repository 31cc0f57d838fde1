import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { ATOMIC_MAP_CACHE } from '../../server/extension/map-cache.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { changeSignal, settleSignal, type Signal } from './signals.ts';

const properties = {
  identifier: property.text('Release Signal Identifier', 'Which FlowFiles may go: those that wait with the same value', { required: true, expressions: 'flowfile' }),
  counter: property.text('Signal Counter Name', 'The counter that is raised', { default: 'default', expressions: 'flowfile' }),
  delta: property.text('Signal Counter Delta', 'By how much; 0 sets the counter to nothing', { default: '1', expressions: 'flowfile' }),
  batch: property.integer('Signal Buffer Count', 'How many FlowFiles are told of at once', { default: '1', min: 1 }),
  cache: property.service('Distributed Cache Service', 'Where signals are kept', ATOMIC_MAP_CACHE, { required: true }),
  attributes: property.regex('Attribute Cache Regular Expression', 'Attributes whose whole name matches are handed to the FlowFiles that wait'),
};

type Context = ProcessContext<typeof properties, RegExp | undefined>;

/** What several FlowFiles tell about one identifier. */
interface Notice {
  readonly flowFiles: FlowFile[];
  readonly changes: ((signal: Signal) => void)[];
}

function changeOf(flowFile: FlowFile, { client: pattern, properties: { counter, delta } }: Context): (signal: Signal) => void {
  const amount = delta(flowFile).trim();
  if (!/^[+-]?\d{1,15}$/.test(amount)) throw new Error(`its Signal Counter Delta '${amount}' is not a whole number`);
  const name = counter(flowFile);
  const handed = pattern ? [...flowFile.attributes].filter(([attribute]) => attribute !== 'uuid' && pattern.test(attribute)) : [];
  return ({ counts, attributes }) => {
    counts[name] = Number(amount) === 0 ? 0 : (counts[name] ?? 0) + Number(amount);
    Object.assign(attributes, Object.fromEntries(handed));
  };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Tells FlowFiles that stand at a Wait processor that they may go.',
  tags: ['cache', 'release', 'distributed', 'map', 'signal', 'notify'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles that were told of', failure: 'FlowFiles without identifier or number, and those whose cache cannot be reached' },
  writesAttributes: { notified: 'Whether it was told: true or false' },
  onScheduled: ({ properties: { attributes } }) => (attributes ? new RegExp(`^(?:${attributes.source})$`, attributes.flags) : undefined),
  async onTrigger(session, context) {
    const fail = (flowFile: FlowFile, reason: string): void => {
      context.log.error(`${flowFile.getAttribute('filename')} cannot notify: ${reason}`);
      session.transfer(session.penalize(session.putAttribute(flowFile, 'notified', 'false')), 'failure');
    };
    const notices = new Map<string, Notice>();
    for (const flowFile of session.getBatch(context.properties.batch)) {
      try {
        const id = context.properties.identifier(flowFile);
        if (!id.trim()) throw new Error('its Release Signal Identifier is empty');
        const notice = notices.get(id) ?? { flowFiles: [], changes: [] };
        notice.changes.push(changeOf(flowFile, context));
        notice.flowFiles.push(flowFile);
        notices.set(id, notice);
      } catch (thrown) {
        fail(flowFile, messageOf(thrown));
      }
    }
    const { cache } = context.properties;
    for (const [id, { flowFiles, changes }] of notices) {
      try {
        const parts = flowFiles.map(({ uuid }) => `${context.id} ${uuid}`);
        await changeSignal(cache, id, (signal) => {
          const fresh = new Set(signal.mark(parts));
          changes.filter((_, index) => fresh.has(parts[index]!)).forEach((change) => change(signal));
        });
        session.afterCommit(() => void settleSignal(cache, id, parts).catch(() => undefined));
        for (const flowFile of flowFiles) session.transfer(session.putAttribute(flowFile, 'notified', 'true'), 'success');
      } catch (thrown) {
        for (const flowFile of flowFiles) fail(flowFile, messageOf(thrown));
      }
    }
  },
});
