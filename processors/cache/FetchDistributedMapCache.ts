import { checkWritableCharacterSet } from '../../server/extension/character-set.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { MAP_CACHE } from '../../server/extension/map-cache.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

const BATCH = 100;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads values from a cache, as content or into attributes. With Put Cache Value In Attribute the identifier may list several keys, with commas between them.',
  tags: ['cache', 'fetch', 'distributed', 'map'],
  input: 'required',
  supportsBatching: true,
  properties: {
    identifier: property.text('Cache Entry Identifier', 'The key, or keys, to read', { default: '${hash.value}', expressions: 'flowfile' }),
    cache: property.service('Distributed Cache Service', 'The cache', MAP_CACHE, { required: true }),
    attribute: property.text('Put Cache Value In Attribute', 'The attribute for the value, instead of the content; for several keys its name is followed by a dot and the key', {
      expressions: 'flowfile',
    }),
    maximum: property.integer('Max Length To Put In Attribute', 'How many characters of the value the attribute holds at most', { default: '256', required: false }),
    characterSet: property.text('Character Set', 'Kept for flows made in NiFi: values are text here', { default: 'UTF-8', required: false, validate: checkWritableCharacterSet }),
  },
  relationships: {
    success: 'FlowFiles with the value',
    'not-found': 'FlowFiles for whose key there is no value',
    failure: 'FlowFiles whose key is empty, or whose cache cannot be reached',
  },
  writesAttributes: { 'user-defined': 'With Put Cache Value In Attribute: the value' },
  async onTrigger(session, { properties: { identifier, cache, attribute, maximum }, log }) {
    for (const flowFile of session.getBatch(BATCH)) {
      try {
        const name = attribute(flowFile);
        const text = identifier(flowFile);
        const keys = (name === undefined ? [text] : text.split(',')).map((key) => key.trim());
        if (keys.some((key) => key === '')) throw new Error('its Cache Entry Identifier is empty');
        const values = await Promise.all(keys.map(async (key) => [key, (await cache.get(key))?.value] as const));
        const found = values.filter((pair): pair is [string, string] => pair[1] !== undefined);
        if (found.length < keys.length) session.transfer(flowFile, 'not-found');
        else if (name === undefined) session.transfer(session.write(flowFile, found[0]![1]), 'success');
        else {
          const attributes = found.map(([key, value]) => [keys.length > 1 ? `${name}.${key}` : name, value.slice(0, maximum)]);
          session.transfer(session.putAttributes(flowFile, Object.fromEntries(attributes) as Record<string, string>), 'success');
        }
      } catch (thrown) {
        log.error(`The value for ${flowFile.getAttribute('filename')} cannot be read: ${messageOf(thrown)}`);
        session.transfer(session.penalize(flowFile), 'failure');
      }
    }
  },
});
