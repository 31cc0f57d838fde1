import { readAvroOutline } from '../../server/extension/avro-blocks.ts';
import { outlineOfSchema } from '../../server/extension/avro-fingerprint.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { ERROR_ATTRIBUTE, opener, orFailure } from '../../server/extension/record-flow.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.avro', bundle: 'nifi-avro-nar' },
  description: 'Reads the header of an Avro data file into attributes: its schema, a fingerprint of it, and how many items there are.',
  tags: ['avro', 'schema', 'metadata'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    algorithm: property.choice(
      'Fingerprint Algorithm',
      'How the fingerprint of the schema is computed',
      { 'CRC-64-AVRO': 'CRC-64-AVRO', MD5: 'MD5', 'SHA-256': 'SHA-256' },
      { default: 'CRC-64-AVRO' },
    ),
    keys: property.text('Metadata Keys', 'Entries of the header that become attributes, with commas between them; avro.schema is the schema, avro.codec the compression'),
    counts: property.boolean('Count Items', 'Whether the items are counted, which reads all of the content without decoding it', { default: 'false' }),
  },
  relationships: { success: 'FlowFiles with the attributes', failure: 'FlowFiles that are no Avro data files' },
  writesAttributes: {
    'schema.type': 'The type of the schema, such as record',
    'schema.name': 'Its name, or its type where it has none',
    'schema.fingerprint': 'Its fingerprint, in hexadecimal digits',
    'item.count': 'How many items the file holds, where Count Items is true',
    ...ERROR_ATTRIBUTE,
  },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile) => {
      const { algorithm, keys = '', counts } = context.properties;
      const { metadata, items } = await readAvroOutline(opener(session, flowFile)(), counts);
      const { type, name, fingerprint } = await outlineOfSchema(metadata.get('avro.schema')?.toString() ?? '', algorithm);
      const attributes: Record<string, string> = { 'schema.type': type, 'schema.name': name, 'schema.fingerprint': fingerprint };
      for (const key of keys.split(',').map((one) => one.trim())) if (metadata.has(key)) attributes[key] = metadata.get(key)!.toString();
      if (items !== undefined) attributes['item.count'] = String(items);
      session.transfer(session.putAttributes(flowFile, attributes), 'success');
    }),
});
