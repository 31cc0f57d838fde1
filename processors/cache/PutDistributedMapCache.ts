import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { MAP_CACHE } from '../../server/extension/map-cache.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';

const properties = {
  identifier: property.text('Cache Entry Identifier', 'The key', { required: true, expressions: 'flowfile' }),
  cache: property.service('Distributed Cache Service', 'The cache', MAP_CACHE, { required: true }),
  strategy: property.choice(
    'Cache Update Strategy',
    'Whether a value that is there is replaced',
    { replace: 'Replace if present', keeporiginal: 'Keep original' },
    { default: 'replace' },
  ),
  maximum: property.dataSize('Max Cache Size', 'The largest content that is kept', { default: '1 MB', required: false }),
};

/** Whether the content was kept. Throws an Error where it cannot be. */
async function keep(
  session: ProcessSession<'success' | 'failure'>,
  flowFile: FlowFile,
  { properties: { identifier, cache, strategy, maximum } }: ProcessContext<typeof properties>,
): Promise<boolean> {
  const key = identifier(flowFile);
  if (!key.trim()) throw new Error('its Cache Entry Identifier is empty');
  if (flowFile.size === 0) throw new Error('it has no content');
  if (maximum !== undefined && flowFile.size > maximum) throw new Error(`its ${flowFile.size} bytes are more than the ${maximum} of Max Cache Size`);
  const value = new TextDecoder('utf-8', { fatal: true }).decode(session.read(flowFile));
  if (strategy === 'keeporiginal') return (await cache.putIfAbsent(key, value)) === undefined;
  await cache.put(key, value);
  return true;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes the content of FlowFiles into a cache, as text in UTF-8.',
  tags: ['cache', 'distributed', 'map', 'put'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles whose content was kept', failure: 'FlowFiles whose content was not kept: the key was there already, or the content cannot be kept' },
  writesAttributes: { cached: 'Whether the content was kept: true or false' },
  async onTrigger(session, context) {
    for (const flowFile of session.getBatch(100)) {
      try {
        const isKept = await keep(session, flowFile, context);
        session.transfer(session.putAttribute(flowFile, 'cached', String(isKept)), isKept ? 'success' : 'failure');
      } catch (thrown) {
        context.log.error(`${flowFile.getAttribute('filename')} cannot be kept: ${messageOf(thrown)}`);
        session.transfer(session.penalize(session.putAttribute(flowFile, 'cached', 'false')), 'failure');
      }
    }
  },
});
