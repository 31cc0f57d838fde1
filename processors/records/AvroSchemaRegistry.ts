import { parseAvroSchema } from '../../server/extension/avro-schema.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { property } from '../../server/extension/property.ts';
import { SCHEMA_REGISTRY, type SchemaRegistry } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';

const LEGAL = /^[A-Za-z_]\w*$/;

function schemas(texts: ReadonlyMap<string, () => string>, strict: boolean): Map<string, RecordSchema> {
  const found = new Map<string, RecordSchema>();
  for (const [name, text] of texts) {
    try {
      const schema = parseAvroSchema(text());
      const wrong = strict ? schema.fields.find((one) => !LEGAL.test(one.name)) : undefined;
      if (wrong) throw new ProcessError(`'${wrong.name}' is not a name that Avro allows; set Validate Field Names to false to take it all the same.`);
      found.set(name, { ...schema, name });
    } catch (thrown) {
      throw new ProcessError(`The schema '${name}' is not valid: ${messageOf(thrown)}`);
    }
  }
  return found;
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.schemaregistry.services', bundle: 'nifi-registry-nar' },
  description: 'Holds schemas by name: each property that you add is the name of a schema, and its value the Avro schema as JSON text.',
  tags: ['schema', 'registry', 'avro', 'json', 'csv'],
  properties: {
    strict: property.boolean('Validate Field Names', 'Whether field names must be those that Avro allows', { default: 'true' }),
  },
  dynamicProperties: { name: 'Schema name', value: 'Schema Content', description: 'A schema, as the JSON text of an Avro record', expressions: 'none' },
  provides: [SCHEMA_REGISTRY],
  onEnabled({ properties: { strict }, dynamic }): SchemaRegistry {
    const known = schemas(dynamic, strict);
    return {
      async schema(name) {
        const found = known.get(name);
        if (!found) throw new ProcessError(`The schema registry has no schema '${name}'. It has: ${[...known.keys()].join(', ') || 'none'}.`);
        return found;
      },
    };
  },
});
