import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { MAP_CACHE, type MapCache } from '../../server/extension/map-cache.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

const BATCH = 100;

const properties = {
  identifier: property.text('Cache Entry Identifier', 'What makes two FlowFiles the same', { default: '${hash.value}', expressions: 'flowfile' }),
  description: property.text('FlowFile Description', 'What is told of the first one when others like it come', { required: true, expressions: 'flowfile' }),
  ageOff: property.duration('Age Off Duration', 'After how long a FlowFile may come again'),
  cache: property.service('Distributed Cache Service', 'Where identifiers are kept', MAP_CACHE, { required: true }),
  caches: property.boolean('Cache The Entry Identifier', 'Whether new identifiers are kept; otherwise they are only looked up', { default: 'true', required: false }),
};

type Context = ProcessContext<typeof properties>;

interface Seen {
  readonly description: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The FlowFile whose session may not be stored yet: after a kill before that, it comes again and is no duplicate of itself. */
  readonly by?: string;
}

/** The FlowFile that came with this identifier before, undefined where this is the first, or the former is too old. */
async function findOriginal(identifier: string, flowFile: FlowFile, by: string, context: Context): Promise<Seen | undefined> {
  const { cache, caches, description, ageOff } = context.properties;
  const mine: Seen = { description: description(flowFile), at: context.now(), by };
  const known = caches ? await cache.putIfAbsent(identifier, JSON.stringify(mine)) : await cache.get(identifier);
  if (!known) return undefined;
  const seen = JSON.parse(known.value) as Seen;
  if (seen.by === by) return undefined;
  if (ageOff === undefined || context.now() - seen.at <= ageOff) return seen;
  // Whoever is first after the old one has aged off counts as new; another one that was quicker is the original then.
  if (!caches || (await cache.replace(identifier, JSON.stringify(mine), known.revision))) return undefined;
  const other = await cache.get(identifier);
  return other && (JSON.parse(other.value) as Seen);
}

/** The FlowFile's session is stored: whoever comes from now on is a duplicate, also itself. */
async function settle(identifier: string, by: string, cache: MapCache): Promise<void> {
  const known = await cache.get(identifier);
  if (!known) return;
  const { by: present, ...seen } = JSON.parse(known.value) as Seen;
  if (present === by) await cache.replace(identifier, JSON.stringify(seen), known.revision);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Tells FlowFiles that came before, by an identifier that is kept in a cache.',
  tags: ['dedupe', 'dupe', 'duplicate', 'hash'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: {
    'non-duplicate': 'FlowFiles whose identifier is new',
    duplicate: 'FlowFiles whose identifier came before',
    failure: 'FlowFiles whose identifier is empty, or could not be looked up',
  },
  writesAttributes: { 'original.flowfile.description': 'The description of the FlowFile that came before, for duplicates' },
  async onTrigger(session, context) {
    for (const flowFile of session.getBatch(BATCH)) {
      try {
        const identifier = context.properties.identifier(flowFile);
        if (!identifier.trim()) throw new Error('its Cache Entry Identifier is empty');
        const { id, properties } = context;
        const by = `${id} ${flowFile.uuid}`;
        const original = await findOriginal(identifier, flowFile, by, context);
        if (!original && properties.caches) session.afterCommit(() => void settle(identifier, by, properties.cache).catch(() => undefined));
        if (original) session.transfer(session.putAttribute(flowFile, 'original.flowfile.description', original.description), 'duplicate');
        else session.transfer(flowFile, 'non-duplicate');
      } catch (thrown) {
        context.log.error(`${flowFile.getAttribute('filename')} cannot be compared: ${messageOf(thrown)}`);
        session.transfer(session.penalize(flowFile), 'failure');
      }
    }
  },
});
