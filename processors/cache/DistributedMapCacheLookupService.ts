import { LOOKUP_SERVICE, type LookupService, STRING_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { MAP_CACHE } from '../../server/extension/map-cache.ts';
import { property } from '../../server/extension/property.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { TYPES } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';

const CHARACTER_SETS = ['ISO-8859-1', 'UTF-8', 'UTF-16', 'UTF-16LE', 'UTF-16BE', 'US-ASCII'];

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-lookup-services-nar' },
  description: 'Looks keys up in a map cache.',
  tags: ['lookup', 'cache', 'enrich', 'distributed', 'value', 'map', 'key'],
  properties: {
    cache: property.service('Distributed Cache Service', 'The cache', MAP_CACHE, { required: true }),
    characterSet: property.choice(
      'Character Encoding',
      'Kept for flows made in NiFi: caches of this runtime hold text',
      Object.fromEntries(CHARACTER_SETS.map((name) => [name, name])),
      { default: 'UTF-8' },
    ),
  },
  provides: [STRING_LOOKUP_SERVICE, LOOKUP_SERVICE],
  onEnabled: ({ properties: { cache } }): LookupService => ({
    requiredKeys: ['key'],
    async lookup(coordinates) {
      const key = coordinates.get('key');
      const entry = key === null || key === undefined ? undefined : await cache.get(textOf(key));
      return entry && { value: entry.value, type: TYPES.string };
    },
  }),
});
