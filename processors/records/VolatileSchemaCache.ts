import { createHash } from 'node:crypto';
import { avroSchemaText } from '../../server/extension/avro-schema.ts';
import { property } from '../../server/extension/property.ts';
import { type SchemaCache, SCHEMA_CACHE } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.schema.inference', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Keeps schemas in memory, so that a reader finds the schema that a writer told instead of looking at everything twice.',
  tags: ['schema', 'cache', 'record'],
  properties: {
    size: property.integer('Maximum Cache Size', 'How many schemas are kept; the one that was not used for the longest time goes first', {
      default: '100',
      min: 1,
      expressions: 'environment',
    }),
  },
  provides: [SCHEMA_CACHE],
  onEnabled({ properties: { size } }): SchemaCache {
    const known = new Map<string, RecordSchema>();
    const use = (identifier: string, schema: RecordSchema): void => {
      known.delete(identifier);
      known.set(identifier, schema);
      if (known.size > size) known.delete(known.keys().next().value!);
    };
    return {
      store(schema) {
        const identifier = createHash('sha256').update(avroSchemaText(schema)).digest('hex');
        use(identifier, schema);
        return identifier;
      },
      find(identifier) {
        const found = known.get(identifier);
        if (found) use(identifier, found);
        return found;
      },
    };
  },
});
