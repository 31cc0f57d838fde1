import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { choices } from '../../server/extension/choices.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { linesOf, withoutBreak } from './line-reader.ts';

const properties = {
  lines: property.boolean('Count Lines', 'Whether lines are counted', { default: 'true' }),
  nonEmpty: property.boolean('Count Non-Empty Lines', 'Whether lines with more than white space are counted', { default: 'false' }),
  words: property.boolean('Count Words', 'Whether words are counted', { default: 'false' }),
  characters: property.boolean('Count Characters', 'Whether characters are counted, line breaks left out', { default: 'false' }),
  symbols: property.boolean('Split Words on Symbols', 'Whether hyphens, dots and underscores part words too', { default: 'false' }),
  characterSet: property.choice('Character Encoding', 'The character set of the content', choices('ISO-8859-1', 'UTF-8', 'UTF-16', 'UTF-16LE', 'UTF-16BE', 'US-ASCII'), {
    default: 'UTF-8',
  }),
  immediate: property.boolean('Call Immediate Adjustment', 'Kept for flows made in NiFi: counters are stored with the FlowFiles here', { default: 'false' }),
};

type Context = ProcessContext<typeof properties>;

/** Each count: its attribute, its counter, and whether it was asked for. */
const COUNTS = [
  { key: 'lines', attribute: 'text.line.count', counter: 'Lines Counted' },
  { key: 'nonEmpty', attribute: 'text.line.nonempty.count', counter: 'Lines (non-empty) Counted' },
  { key: 'words', attribute: 'text.word.count', counter: 'Words Counted' },
  { key: 'characters', attribute: 'text.character.count', counter: 'Characters Counted' },
] as const;

async function count(session: ProcessSession<'success' | 'failure'>, flowFile: FlowFile, { properties: values }: Context) {
  const totals = { lines: 0, nonEmpty: 0, words: 0, characters: 0 };
  const separator = values.symbols ? /[\s\-._]/ : /\s/;
  // NiFi's UTF-16 reads a mark of byte order, and is big-endian without one.
  const characterSet = values.characterSet === 'UTF-16' ? await byteOrder(session.readStream(flowFile)) : values.characterSet;
  for await (const lines of linesOf(session.readStream(flowFile), characterSet)) {
    for (const each of lines) {
      const line = withoutBreak(each);
      totals.lines++;
      if (line.trim() !== '') totals.nonEmpty++;
      if (values.words) totals.words += line.split(separator).filter((word) => word.trim() !== '').length;
      totals.characters += line.length;
    }
  }
  return totals;
}

async function byteOrder(content: AsyncIterable<Uint8Array>): Promise<'UTF-16LE' | 'UTF-16BE'> {
  for await (const chunk of content) return chunk[0] === 0xff && chunk[1] === 0xfe ? 'UTF-16LE' : 'UTF-16BE';
  return 'UTF-16BE';
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Counts lines, words and characters of text, and tells them as attributes and counters.',
  tags: ['character', 'line', 'count', 'text', 'word'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles that were counted', failure: 'FlowFiles that cannot be read as text' },
  writesAttributes: {
    'text.line.count': 'How many lines, where Count Lines is true',
    'text.line.nonempty.count': 'How many lines with more than white space, where Count Non-Empty Lines is true',
    'text.word.count': 'How many words, where Count Words is true',
    'text.character.count': 'How many characters, where Count Characters is true',
  },
  validate: ({ lines, nonEmpty, words, characters }) => (lines || nonEmpty || words || characters ? [] : ['At least one of the counts must be true']),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const totals = await count(session, flowFile, context);
      const wanted = COUNTS.filter(({ key }) => context.properties[key]);
      for (const { key, counter } of wanted) session.adjustCounter(counter, totals[key]);
      session.transfer(session.putAttributes(flowFile, Object.fromEntries(wanted.map(({ key, attribute }) => [attribute, String(totals[key])]))), 'success');
    } catch (thrown) {
      context.log.error(`${flowFile.getAttribute('filename')} cannot be counted: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
