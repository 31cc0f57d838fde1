import { choices } from '../../server/extension/choices.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { occurrences } from './byte-pieces.ts';
import { FRAGMENT_ATTRIBUTES, Fragments } from './fragments.ts';

const properties = {
  format: property.choice('Byte Sequence Format', 'How the sequence is written below', choices('Hexadecimal', 'Text'), { default: 'Hexadecimal' }),
  sequence: property.text('Byte Sequence', 'The bytes at which content is cut', { required: true }),
  keeps: property.boolean('Keep Byte Sequence', 'Whether the sequence stays', { default: 'false' }),
  location: property.choice('Byte Sequence Location', 'Whether a sequence that stays ends the part before it, or begins the part after it', choices('Trailing', 'Leading'), {
    default: 'Trailing',
  }),
};

interface Part {
  readonly from: number;
  readonly length: number;
}

const isHex = (text: string): boolean => /^\s*([0-9a-f]{2}\s*)+$/i.test(text);
const bytesOf = (format: string, text: string): Buffer => (format === 'Hexadecimal' ? Buffer.from(text.replace(/\s/g, ''), 'hex') : Buffer.from(text));

/** The parts between sequences; those without bytes are left out. */
async function partsOf(
  content: AsyncIterable<Uint8Array>,
  size: number,
  { client: sequence, properties: { keeps, location } }: ProcessContext<typeof properties, Buffer>,
): Promise<Part[]> {
  const parts: Part[] = [];
  let from = 0;
  const cut = (to: number): void => {
    if (to > from) parts.push({ from, length: to - from });
  };
  for await (const place of occurrences(content, sequence)) {
    const end = place + sequence.length;
    const isTrailing = keeps && location === 'Trailing';
    cut(isTrailing ? end : place);
    from = keeps && location === 'Leading' ? place : end;
  }
  cut(size);
  return parts;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Cuts content at a sequence of bytes. No byte is copied.',
  tags: ['split', 'binary', 'content'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { splits: 'The parts; a FlowFile without the sequence is its own part', original: 'The FlowFiles as they came' },
  writesAttributes: { ...FRAGMENT_ATTRIBUTES },
  validate: ({ format, sequence }) => (format === 'Hexadecimal' && !isHex(sequence) ? [`Byte Sequence '${sequence}' is not hexadecimal: write two digits for each byte`] : []),
  onScheduled: ({ properties: { format, sequence } }) => bytesOf(format, sequence),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const parts = await partsOf(session.readStream(flowFile), flowFile.size, context);
    const fragments = new Fragments(flowFile, parts.length);
    parts.forEach(({ from, length }, index) => {
      session.transfer(session.putAttributes(session.clone(flowFile, from, length), fragments.of(index + 1)), 'splits');
    });
    session.transfer(session.putAttributes(flowFile, fragments.original), 'original');
  },
});
