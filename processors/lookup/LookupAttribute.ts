import { PropertyError, messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { STRING_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { textOf } from '../../server/extension/record-coercion.ts';

const properties = {
  service: property.service('Lookup Service', 'Where values are looked up', STRING_LOOKUP_SERVICE, { required: true }),
  withEmpty: property.boolean(
    'Include Empty Values',
    "Whether an attribute is set although nothing is found, to 'null', or only an empty text, to that; such FlowFiles count as matched",
    {
      default: 'true',
    },
  ),
};

/** The attributes that are found, and those that are set all the same. */
async function lookUp(
  flowFile: FlowFile,
  { properties: { service, withEmpty }, dynamic, client: coordinate }: ProcessContext<typeof properties, string>,
): Promise<Record<string, string>> {
  const attributes: Record<string, string> = {};
  for (const [name, key] of dynamic) {
    const found = await service.lookup(new Map([[coordinate, key(flowFile)]]), flowFile.attributes);
    const text = found === undefined || found.value === null ? undefined : textOf(found.value);
    if (text?.trim()) attributes[name] = text;
    else if (withEmpty) attributes[name] = text === undefined ? 'null' : '';
  }
  return attributes;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Looks values up in a service and sets attributes to what is found: each property that you add is an attribute, and its value the key.',
  tags: ['lookup', 'cache', 'Attribute Expression Language', 'enrich', 'attributes', 'join'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    name: 'The name of the attribute to add to the FlowFile',
    value: 'The name of the key or property to retrieve from the lookup service',
    description: 'An attribute that is set to what is found under the key',
    expressions: 'flowfile',
  },
  relationships: {
    matched: 'FlowFiles for which something was found',
    unmatched: 'FlowFiles for which nothing was found',
    failure: 'FlowFiles whose look-up failed; they are penalized',
  },
  onScheduled({ properties: { service }, dynamic }): string {
    if (dynamic.size === 0) throw new PropertyError('Nothing is looked up: add a property whose name is an attribute and whose value is a key.');
    const [coordinate, ...more] = service.requiredKeys;
    if (coordinate === undefined || more.length > 0)
      throw new PropertyError(`Lookup Service must look up by one key, but this one needs ${service.requiredKeys.join(', ') || 'none'}.`);
    return coordinate;
  },
  async onTrigger(session, context) {
    for (const flowFile of session.getBatch(50)) {
      try {
        const attributes = await lookUp(flowFile, context);
        session.transfer(session.putAttributes(flowFile, attributes), Object.keys(attributes).length > 0 ? 'matched' : 'unmatched');
      } catch (thrown) {
        if (!(thrown instanceof ProcessError)) throw thrown;
        context.log.error(`${context.name} could not look up for ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}`);
        session.transfer(session.penalize(flowFile), 'failure');
      }
    }
  },
});
