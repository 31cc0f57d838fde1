import { choices } from '../../server/extension/choices.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { extensionOf, identify } from './mime-detection.ts';
import { firstBytes } from './text-scan.ts';

/** More than any signature needs: tar has its own at 257, office documents some thousand bytes in. */
const LOOKED_AT = 64 * 1024;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Finds out what kind of content a FlowFile has, by its first bytes and its name.',
  tags: ['zip', 'MIME', 'file', 'identify', 'gzip', 'mime.type', 'compression', 'bzip2'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    useName: property.boolean('Use Filename In Detection', 'Whether the attribute filename helps', { default: 'true' }),
    strategy: property.choice('Config Strategy', 'Preset is what this runtime knows', choices('Preset', 'Replace', 'Merge'), { default: 'Preset' }),
    configuration: property.text('Custom MIME Configuration', 'Kept for flows made in NiFi', { required: true, dependsOn: { 'Config Strategy': ['Merge', 'Replace'] } }),
  },
  relationships: { success: 'All FlowFiles' },
  writesAttributes: {
    'mime.type': 'Such as application/json; application/octet-stream where it cannot be told',
    'mime.extension': 'The usual file extension of this type, with its dot; may be empty',
    'mime.charset': 'The character set, where the type is text',
  },
  details:
    'Unlike NiFi, which asks Apache Tika, this runtime asks the library file-type for binary formats and mime-types for names. Text is told by its beginning: JSON, XML, HTML, otherwise what the name says. Custom configurations of Tika are not supported.',
  validate: ({ strategy }) => (strategy === 'Preset' ? [] : [`Config Strategy '${strategy}' is not supported by this runtime, which does not have Apache Tika: choose Preset`]),
  async onTrigger(session, { properties: { useName } }) {
    for (const flowFile of session.getBatch(10)) {
      const bytes = flowFile.size <= LOOKED_AT ? session.read(flowFile) : await firstBytes(session.readStream(flowFile), LOOKED_AT);
      const { type, characterSet } = await identify(bytes, useName ? flowFile.getAttribute('filename') : undefined, flowFile.size > bytes.length);
      const attributes: Record<string, string> = { 'mime.type': type, 'mime.extension': extensionOf(type) };
      if (characterSet !== undefined) attributes['mime.charset'] = characterSet;
      session.transfer(session.putAttributes(flowFile, attributes), 'success');
    }
  },
});
