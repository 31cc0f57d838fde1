import type { FlowFile } from '../../server/extension/flowfile.ts';
import { messageOf, ProcessError, PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { choices } from '../../server/extension/choices.ts';
import { checkWritableCharacterSet, decode, encode } from '../../server/extension/character-set.ts';
import { bounded, harmlessFor } from '../../server/extension/java/regex-guard.ts';
import { groupCount, javaRegex, javaReplacement, replaceMatches } from './java-regex.ts';
import { type Change, changedPieces, LineReplacer } from './line-replacer.ts';
import { PatternCache } from './pattern-cache.ts';

/** Content beyond this is changed piece by piece. */
const LARGE = 1024 ** 2;

const STRATEGY = 'Replacement Strategy';

const properties = {
  strategy: property.choice(
    STRATEGY,
    'What is replaced, or added',
    choices('Prepend', 'Append', 'Surround', 'Regex Replace', 'Literal Replace', 'Always Replace', 'Substitute Variables'),
    { default: 'Regex Replace' },
  ),
  search: property.text('Search Value', 'The text or the regular expression to replace', {
    default: '(?s)(^.*$)',
    expressions: 'flowfile',
    dependsOn: { [STRATEGY]: ['Regex Replace', 'Literal Replace'] },
  }),
  replacement: property.text('Replacement Value', 'What to put in its place; $1 stands for the first group of the regular expression', {
    default: '$1',
    expressions: 'flowfile',
    dependsOn: { [STRATEGY]: ['Prepend', 'Regex Replace', 'Always Replace', 'Append', 'Literal Replace'] },
  }),
  before: property.text('Text to Prepend', 'What to put before', { required: true, expressions: 'flowfile', dependsOn: { [STRATEGY]: ['Surround'] } }),
  after: property.text('Text to Append', 'What to put behind', { required: true, expressions: 'flowfile', dependsOn: { [STRATEGY]: ['Surround'] } }),
  characterSet: property.text('Character Set', 'In which character set the content is read and written', { default: 'UTF-8', validate: checkWritableCharacterSet }),
  buffer: property.dataSize('Maximum Buffer Size', 'How long a line may be, or, for the entire text, the content; longer ones go to failure', { default: '1 MB' }),
  mode: property.choice('Evaluation Mode', 'Whether the strategy applies to each line or to the content as a whole', choices('Line-by-Line', 'Entire text'), {
    default: 'Line-by-Line',
  }),
  lines: property.choice('Line-by-Line Evaluation Mode', 'Which lines are changed', choices('All', 'First-Line', 'Last-Line', 'Except-First-Line', 'Except-Last-Line'), {
    default: 'All',
    required: false,
  }),
};

type Session = ProcessSession<'success' | 'failure'>;
type Context = ProcessContext<typeof properties, PatternCache>;

function regexChange(flowFile: FlowFile, { client, properties: { search, replacement } }: Context): Change {
  const pattern = search(flowFile);
  const regex = client.get(pattern);
  const replace = javaReplacement(replacement(flowFile), groupCount(regex));
  return (text, lineBreak) => bounded(regex, { pattern, length: text.length, property: 'Search Value' }, () => replaceMatches(text + lineBreak, regex, replace));
}

/** Texts are evaluated once for each FlowFile. Throws PropertyError where the regular expression is none. */
function changeFor(flowFile: FlowFile, context: Context): Change {
  const { strategy, search, replacement, before, after } = context.properties;
  const value = replacement(flowFile);
  switch (strategy) {
    case 'Prepend':
      return (text, lineBreak) => value + text + lineBreak;
    case 'Append':
      return (text, lineBreak) => text + value + lineBreak;
    case 'Surround':
      return (text, lineBreak) => before(flowFile) + text + after(flowFile) + lineBreak;
    case 'Regex Replace':
      return regexChange(flowFile, context);
    case 'Literal Replace':
      return (text, lineBreak) => (text + lineBreak).replaceAll(search(flowFile), () => value);
    case 'Always Replace':
      return (_, lineBreak) => value + lineBreak;
    case 'Substitute Variables':
      return (text, lineBreak) => text.replace(/\$\{([^{}]+)\}/g, (whole, name: string) => flowFile.getAttribute(name) ?? whole) + lineBreak;
  }
}

function replace(session: Session, flowFile: FlowFile, context: Context): FlowFile | Promise<FlowFile> {
  const { mode, buffer, characterSet, lines: choice, strategy, search } = context.properties;
  const change = changeFor(flowFile, context);
  if (mode === 'Entire text') {
    if (strategy === 'Always Replace') return session.write(flowFile, encode(change('', ''), characterSet));
    if (flowFile.size > buffer) throw new ProcessError(`its ${flowFile.size} bytes are more than the ${buffer} of Maximum Buffer Size`);
    return session.write(flowFile, encode(change(decode(session.read(flowFile), characterSet), ''), characterSet));
  }
  const lines = new LineReplacer(change, choice ?? 'All', buffer, strategy === 'Regex Replace' ? harmlessFor(context.client.get(search(flowFile))) : Number.POSITIVE_INFINITY);
  if (flowFile.size > LARGE) return session.writeStream(flowFile, changedPieces(session.readStream(flowFile), characterSet, lines));
  return session.write(flowFile, encode(lines.take(decode(session.read(flowFile), characterSet)) + lines.end(), characterSet));
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Replaces or adds text in the content, line by line or as a whole.',
  tags: ['Text', 'Regular Expression', 'Update', 'Change', 'Replace', 'Modify', 'Regex'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    success: 'FlowFiles with the new text, or in which nothing was to replace',
    failure: 'FlowFiles that could not be changed, because of a line longer than Maximum Buffer Size, for example',
  },
  onScheduled: () => new PatternCache(javaRegex),
  async onTrigger(session, context) {
    for (const flowFile of session.getBatch(10)) {
      try {
        session.transfer(await replace(session, flowFile, context), 'success');
      } catch (thrown) {
        // A disk that is full is no fault of the data.
        if (!(thrown instanceof ProcessError || thrown instanceof PropertyError)) throw thrown;
        context.log.error(`${context.name} could not change ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}. It was routed to failure.`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
