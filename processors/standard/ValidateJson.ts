import { readFile } from 'node:fs/promises';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { checkTextSize } from './json-properties.ts';
import type { JsonCheck } from './json-schema.ts';
import { draftProblems, JSON_SCHEMA_REGISTRY, schemaDraft } from './json-schema-registry.ts';

const properties = {
  access: property.choice(
    'Schema Access Strategy',
    'Where the schema comes from',
    { SCHEMA_NAME_PROPERTY: 'Schema Name Property', SCHEMA_CONTENT_PROPERTY: 'JSON Schema Property' },
    { default: 'SCHEMA_CONTENT_PROPERTY' },
  ),
  name: property.text('Schema Name', 'The name of the schema in the registry', {
    default: '${schema.name}',
    expressions: 'flowfile',
    dependsOn: { 'Schema Access Strategy': ['SCHEMA_NAME_PROPERTY'] },
  }),
  registry: property.service('JSON Schema Registry', 'The service that holds the schemas', JSON_SCHEMA_REGISTRY, {
    required: true,
    dependsOn: { 'Schema Access Strategy': ['SCHEMA_NAME_PROPERTY'] },
  }),
  schema: property.text('JSON Schema', 'The schema, or the file that holds it', {
    required: true,
    dependsOn: { 'Schema Access Strategy': ['SCHEMA_CONTENT_PROPERTY'] },
    language: 'json',
  }),
  version: schemaDraft('The draft of JSON Schema that the schema is written in', { 'Schema Access Strategy': ['SCHEMA_CONTENT_PROPERTY'] }),
  maximum: property.dataSize('Max String Length', 'The largest content that is looked at', { default: '20 MB' }),
};

/** How a FlowFile's document is checked. Throws where the registry does not know the schema. */
type CheckFor = (flowFile: FlowFile) => JsonCheck;

/** What is wrong, a sentence each; undefined where nothing is. Throws where it is not JSON. */
function problems(content: Buffer, flowFile: FlowFile, { client, properties: { maximum } }: ProcessContext<typeof properties, CheckFor>): string[] {
  const check = client(flowFile);
  checkTextSize(flowFile, maximum);
  return check(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content)));
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Checks JSON against a JSON Schema.',
  tags: ['schema', 'restricted', 'JSON', 'validation'],
  restrictions: { 'reference-remote-resources': 'Lets whoever configures it name any file that the server may read as a schema.' },
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    valid: 'FlowFiles that are as the schema says',
    invalid: 'FlowFiles that are JSON, but otherwise',
    failure: 'FlowFiles that are not JSON, or whose schema the registry does not have',
  },
  writesAttributes: { 'json.validation.errors': 'What is wrong, where the FlowFile is invalid' },
  validate: ({ access, version }) => (access === 'SCHEMA_CONTENT_PROPERTY' ? draftProblems(version) : []),
  async onScheduled({ properties: { access, registry, name, schema, version } }): Promise<CheckFor> {
    if (access === 'SCHEMA_NAME_PROPERTY') return (flowFile) => registry.check(name(flowFile));
    // All drafts of JSON Schema are large: they are loaded when the first of these starts.
    const { compileSchema } = await import('./json-schema.ts');
    try {
      const check = compileSchema(/^\s*[{[]|^\s*(true|false)\s*$/.test(schema) ? schema : await readFile(schema, 'utf8'), version);
      return () => check;
    } catch (cause) {
      throw new ProcessError(`JSON Schema cannot be used: ${messageOf(cause)}. Correct it.`, { cause });
    }
  },
  onTrigger(session, context) {
    for (const flowFile of session.getBatch(50)) {
      try {
        const wrong = problems(session.read(flowFile), flowFile, context);
        if (wrong.length === 0) session.transfer(flowFile, 'valid');
        else session.transfer(session.putAttribute(flowFile, 'json.validation.errors', `[${wrong.join(', ')}]`), 'invalid');
      } catch (thrown) {
        context.log.error(`${flowFile.getAttribute('filename')} cannot be checked: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
