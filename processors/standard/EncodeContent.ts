import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { decoded, encoded, inLines } from './content-encodings.ts';

const properties = {
  mode: property.choice('Mode', 'Whether bytes become text, or text bytes', choices('Encode', 'Decode'), { default: 'Encode' }),
  encoding: property.choice('Encoding', 'How bytes are written as text', { base64: 'Base64', base32: 'Base32', hex: 'Hexadecimal' }, { default: 'base64' }),
  output: property.choice(
    'Line Output Mode',
    'Whether the text is one line or several',
    { SINGLE_LINE: 'Single Line', MULTIPLE_LINES: 'Multiple Lines' },
    { default: 'SINGLE_LINE', dependsOn: { Encoding: ['base32', 'base64'], Mode: ['Encode'] } },
  ),
  length: property.integer('Encoded Line Length', 'How many characters a line has', {
    default: '76',
    expressions: 'flowfile',
    dependsOn: { Encoding: ['base32', 'base64'], 'Line Output Mode': ['MULTIPLE_LINES'], Mode: ['Encode'] },
    min: 1,
  }),
};

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes content as Base64, Base32 or hexadecimal text, or reads it back.',
  tags: ['encode', 'base32', 'base64', 'hex', 'decode'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles that were encoded or decoded', failure: 'FlowFiles that are not such text' },
  async onTrigger(session, { properties: { mode, encoding, output, length }, log }) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const text = mode === 'Encode' ? encoded(session.readStream(flowFile), encoding) : decoded(session.readStream(flowFile), encoding);
      const isLines = mode === 'Encode' && encoding !== 'hex' && output === 'MULTIPLE_LINES';
      session.transfer(await session.writeStream(flowFile, isLines ? inLines(text as AsyncIterable<string>, length(flowFile)) : text), 'success');
    } catch (thrown) {
      log.error(`${flowFile.getAttribute('filename')} cannot be ${mode === 'Encode' ? 'encoded' : 'decoded'}: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
