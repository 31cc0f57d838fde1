import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import type { JsonCheck } from './json-schema.ts';
import { draftProblems, JSON_SCHEMA_REGISTRY, type JsonSchemaRegistry, schemaDraft } from './json-schema-registry.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.schemaregistry.services', bundle: 'nifi-registry-nar' },
  description: 'Holds JSON Schemas by name: each property that you add is the name of a schema, and its value the schema as JSON text.',
  tags: ['schema', 'registry', 'json'],
  properties: { version: schemaDraft('The draft of JSON Schema that the schemas are written in') },
  dynamicProperties: { name: 'Schema Name', value: 'Schema Content', description: 'A schema, as JSON text', expressions: 'none' },
  provides: [JSON_SCHEMA_REGISTRY],
  validate: ({ version }) => draftProblems(version),
  async onEnabled({ properties: { version }, dynamic }): Promise<JsonSchemaRegistry> {
    if (dynamic.size === 0) throw new ProcessError('There is no schema: add a property whose name is that of a schema and whose value is the JSON Schema.');
    // All drafts of JSON Schema are large: they are loaded when the first of these is enabled.
    const { compileSchema } = await import('./json-schema.ts');
    const checks = new Map<string, JsonCheck>();
    for (const [name, text] of dynamic) {
      try {
        checks.set(name, compileSchema(text(), version));
      } catch (cause) {
        throw new ProcessError(`The schema '${name}' is not a JSON Schema: ${messageOf(cause)}. Correct it.`, { cause });
      }
    }
    return {
      check(name) {
        const found = checks.get(name);
        if (!found) throw new ProcessError(`The JSON schema registry has no schema '${name}'. It has: ${[...checks.keys()].join(', ')}.`);
        return found;
      },
    };
  },
});
