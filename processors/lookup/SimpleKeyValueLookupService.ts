import { LOOKUP_SERVICE, type LookupService, STRING_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { TYPES } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.lookup', bundle: 'nifi-lookup-services-nar' },
  description: 'Looks values up among its own properties: each that you add is a key with its value.',
  tags: ['lookup', 'enrich', 'key', 'value'],
  properties: {},
  dynamicProperties: { name: 'A key that can be looked up', value: 'The value for the key', description: 'What is found under this key', expressions: 'environment' },
  provides: [STRING_LOOKUP_SERVICE, LOOKUP_SERVICE],
  onEnabled: ({ dynamic }): LookupService => ({
    requiredKeys: ['key'],
    async lookup(coordinates) {
      const key = coordinates.get('key');
      const value = key === null || key === undefined ? undefined : dynamic.get(textOf(key))?.();
      return value === undefined ? undefined : { value, type: TYPES.string };
    },
  }),
});
