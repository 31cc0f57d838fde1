import iconv from 'iconv-lite';
import { PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

function checkKnown(name: string): void {
  if (!iconv.encodingExists(name)) throw new PropertyError(`'${name}' is not a character set that this runtime knows, such as UTF-8, ISO-8859-1, UTF-16 or windows-1252`);
}

/** The text of a content in another character set, piece by piece. */
async function* converted(content: AsyncIterable<Uint8Array>, from: string, to: string): AsyncGenerator<Buffer> {
  const decoder = iconv.getDecoder(from);
  const encoder = iconv.getEncoder(to);
  for await (const piece of content) yield encoder.write(decoder.write(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)));
  const rest = decoder.end();
  if (rest) yield encoder.write(rest);
  const last = encoder.end();
  if (last) yield last;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes text in another character set. What the new one does not have becomes a question mark.',
  tags: ['characterset', 'character set', 'text', 'convert'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    input: property.text('Input Character Set', 'How the content is written', { required: true, expressions: 'flowfile', validate: checkKnown }),
    output: property.text('Output Character Set', 'How it shall be written', { required: true, expressions: 'flowfile', validate: checkKnown }),
  },
  relationships: { success: 'All FlowFiles' },
  async onTrigger(session, { properties: { input, output } }) {
    for (const flowFile of session.getBatch(10)) {
      session.transfer(await session.writeStream(flowFile, converted(session.readStream(flowFile), input(flowFile), output(flowFile))), 'success');
    }
  },
});
