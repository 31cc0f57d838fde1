import { checkCharacterSet, decode } from '../../server/extension/character-set.ts';
import { Grok, type Capture, patternsWith } from '../../server/extension/grok/grok.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

const properties = {
  expression: property.text('Grok Expression', 'What the content looks like, and which parts of it are captured', { required: true }),
  patterns: property.text('Grok Patterns', 'Patterns of your own, each a line of a name and a regular expression; they go before the default ones', {
    validate: (text: string) => void patternsWith(text),
  }),
  destination: property.choice(
    'Destination',
    'Whether what is captured becomes attributes, or the content, as JSON',
    { 'flowfile-attribute': 'flowfile-attribute', 'flowfile-content': 'flowfile-content' },
    { default: 'flowfile-attribute' },
  ),
  characterSet: property.text('Character Set', 'The character set of the content', { default: 'UTF-8', validate: checkCharacterSet }),
  maximum: property.dataSize('Maximum Buffer Size', 'Of longer content only the beginning is looked at', { default: '1 MB' }),
  namedOnly: property.boolean('Named Captures Only', 'Whether only what the expression names is captured', { default: 'false' }),
  keepsEmpty: property.boolean('Keep Empty Captures', 'Whether captures without a value are kept', { default: 'true' }),
};

const textOf = (value: Capture): string | null => (typeof value === 'object' && value !== null ? `[${value.join(', ')}]` : value);

/** The beginning of the content. */
async function beginning(content: AsyncIterable<Uint8Array>, length: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    pieces.push(piece);
    size += piece.length;
    if (size >= length) break;
  }
  return Buffer.concat(pieces).subarray(0, length);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads parts of the content, which a grok expression names, into attributes, or makes JSON of them.',
  tags: ['grok', 'log', 'text', 'parse', 'delimit', 'extract'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { matched: 'FlowFiles that the expression matches', unmatched: 'FlowFiles that it does not match, as they came' },
  writesAttributes: { 'grok.XXX': 'What was captured as XXX, where Destination is flowfile-attribute' },
  validate({ expression, patterns, namedOnly }) {
    try {
      new Grok(expression, patternsWith(patterns), namedOnly);
      return [];
    } catch (thrown) {
      return [(thrown as Error).message];
    }
  },
  onScheduled: ({ properties: { expression, patterns, namedOnly } }) => new Grok(expression, patternsWith(patterns), namedOnly),
  async onTrigger(session, { client: grok, properties: { destination, characterSet, maximum, keepsEmpty } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const bytes = flowFile.size <= maximum ? session.read(flowFile) : await beginning(session.readStream(flowFile), maximum);
    const captured = [...(grok.capture(decode(bytes, characterSet)) ?? [])].filter(([, value]) => keepsEmpty || value !== null);
    if (captured.length === 0) return session.transfer(flowFile, 'unmatched');
    if (destination === 'flowfile-content') {
      const written = session.write(flowFile, JSON.stringify(Object.fromEntries(captured)));
      return session.transfer(session.putAttribute(written, 'mime.type', 'application/json'), 'matched');
    }
    const attributes = captured.flatMap(([name, value]) => (value === null ? [] : [[`grok.${name}`, textOf(value)!] as const]));
    session.transfer(session.putAttributes(flowFile, Object.fromEntries(attributes)), 'matched');
  },
});
