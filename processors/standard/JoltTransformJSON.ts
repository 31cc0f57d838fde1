import { messageOf } from '../../server/extension/errors.ts';
import { choices } from '../../server/extension/choices.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { compileJolt, type JoltTransform } from './jolt.ts';
import { jsonText, parseJson } from '../../server/extension/json-path/json-document.ts';
import { checkTextSize } from './json-properties.ts';

const properties = {
  transform: property.choice(
    'Jolt Transform',
    'Which operation, or a chain of operations',
    {
      'jolt-transform-shift': 'Shift',
      'jolt-transform-chain': 'Chain',
      'jolt-transform-default': 'Default',
      'jolt-transform-remove': 'Remove',
      'jolt-transform-card': 'Cardinality',
      'jolt-transform-sort': 'Sort',
      'jolt-transform-custom': 'Custom',
      'jolt-transform-modify-default': 'Modify - Default',
      'jolt-transform-modify-overwrite': 'Modify - Overwrite',
      'jolt-transform-modify-define': 'Modify - Define',
    },
    { default: 'jolt-transform-chain' },
  ),
  spec: property.text('Jolt Specification', 'The specification, in JSON', { expressions: 'flowfile', language: 'json' }),
  className: property.text('Custom Transformation Class Name', 'Kept for flows made in NiFi', {
    expressions: 'flowfile',
    dependsOn: { 'Jolt Transform': ['jolt-transform-custom'] },
  }),
  modules: property.text('Custom Module Directory', 'Kept for flows made in NiFi', { expressions: 'environment', dependsOn: { 'Jolt Transform': ['jolt-transform-custom'] } }),
  cache: property.integer('Transform Cache Size', 'How many specifications are kept compiled, where an expression gives several', { default: '1', min: 1 }),
  source: property.choice('JSON Source', 'Whether the content or an attribute is transformed', choices('FLOW_FILE', 'ATTRIBUTE'), { default: 'FLOW_FILE' }),
  attribute: property.text('JSON Source Attribute', 'The attribute', { required: true, dependsOn: { 'JSON Source': ['ATTRIBUTE'] } }),
  pretty: property.boolean('Pretty Print', 'Whether the JSON is laid out for reading', { default: 'false' }),
  maximum: property.dataSize('Max String Length', 'The largest JSON that is transformed', { default: '20 MB' }),
};

type Context = ProcessContext<typeof properties, Map<string, JoltTransform>>;

function transformOf(flowFile: FlowFile, { client: known, properties: { transform, spec, cache } }: Context): JoltTransform {
  const text = spec(flowFile) ?? '';
  const compiled = known.get(text) ?? compileJolt(transform, text);
  if (!known.has(text)) {
    if (known.size >= cache) known.clear();
    known.set(text, compiled);
  }
  return compiled;
}

function json(flowFile: FlowFile, read: () => Buffer, context: Context): string {
  const { source, attribute, pretty, maximum } = context.properties;
  if (source === 'FLOW_FILE') checkTextSize(flowFile, maximum);
  const text = source === 'FLOW_FILE' ? new TextDecoder('utf-8', { fatal: true }).decode(read()) : flowFile.getAttribute(attribute!);
  if (text === undefined) throw new Error(`it has no attribute ${attribute}`);
  return jsonText(transformOf(flowFile, context)(parseJson(text)), pretty ? 2 : undefined);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.jolt', bundle: 'nifi-jolt-nar' },
  description: 'Transforms JSON by a Jolt specification: shift, default, remove, cardinality, sort, modify, or a chain of them.',
  tags: ['transform', 'default', 'chainr', 'shift', 'json', 'sort', 'jolt', 'remove'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles with the new JSON', failure: 'FlowFiles that are not JSON, or cannot be transformed' },
  writesAttributes: { 'mime.type': 'application/json, where the content is transformed' },
  validate: ({ transform, spec }) => [
    ...(transform === 'jolt-transform-custom' ? ['Jolt Transform Custom is not supported by this runtime, which runs no Java'] : []),
    ...(spec() === undefined && transform !== 'jolt-transform-sort' ? ['Jolt Specification must be set for this transform'] : []),
  ],
  onScheduled: () => new Map<string, JoltTransform>(),
  onTrigger(session, context) {
    for (const flowFile of session.getBatch(20)) {
      try {
        const text = json(flowFile, () => session.read(flowFile), context);
        if (context.properties.source === 'ATTRIBUTE') session.transfer(session.putAttribute(flowFile, context.properties.attribute!, text), 'success');
        else session.transfer(session.putAttribute(session.write(flowFile, text), 'mime.type', 'application/json'), 'success');
      } catch (thrown) {
        context.log.error(`${flowFile.getAttribute('filename')} cannot be transformed: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
