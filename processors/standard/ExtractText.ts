import type { FlowFile } from '../../server/extension/flowfile.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { checkCharacterSet, decode } from '../../server/extension/character-set.ts';
import { bounded } from '../../server/extension/java/regex-guard.ts';
import { everywhere, javaRegex } from './java-regex.ts';
import { firstPart } from './text-part.ts';

const properties = {
  characterSet: property.text('Character Set', 'In which character set the content is read', { default: 'UTF-8', validate: checkCharacterSet }),
  buffer: property.dataSize('Maximum Buffer Size', 'How much of the content, from its beginning, is searched', { default: '1 MB' }),
  groupLength: property.integer('Maximum Capture Group Length', 'Characters that are kept of what a group matches', { default: '1024', min: 1, required: false }),
  canonical: property.boolean('Enable Canonical Equivalence', 'Whether composed and decomposed characters (é) match each other', { default: 'false' }),
  ignoreCase: property.boolean('Enable Case-insensitive Matching', 'Whether upper and lower case match each other; as (?i)', { default: 'false' }),
  comments: property.boolean('Permit Whitespace and Comments in Pattern', 'Whether white space and #comments in patterns count for nothing; as (?x)', { default: 'false' }),
  dotAll: property.boolean('Enable DOTALL Mode', 'Whether . matches line breaks; as (?s)', { default: 'false' }),
  literal: property.boolean('Enable Literal Parsing of the Pattern', 'Whether patterns are plain text', { default: 'false' }),
  multiline: property.boolean('Enable Multiline Mode', 'Whether ^ and $ match at line breaks; as (?m)', { default: 'false' }),
  unicodeCase: property.boolean('Enable Unicode-aware Case Folding', 'Kept for flows made in NiFi: case always follows Unicode here', { default: 'false' }),
  unicodeClasses: property.boolean('Enable Unicode Predefined Character Classes', 'Kept for flows made in NiFi: write \\p{L} or \\p{Nd} for classes of Unicode', {
    default: 'false',
  }),
  unixLines: property.boolean('Enable Unix Lines Mode', 'Kept for flows made in NiFi: whether only \\n ends a line', { default: 'false' }),
  groupZero: property.boolean('Include Capture Group 0', 'Whether NAME.0 takes the whole match', { default: 'true' }),
  repeating: property.boolean('Enable Repeating Capture Group', 'Whether all matches are taken, not the first only', { default: 'false' }),
  named: property.boolean('Enable Named Groups', 'Whether attributes are called after named groups, NAME.GROUP', { default: 'false', required: false }),
};

type Context = ProcessContext<typeof properties, ReadonlyMap<string, RegExp>>;

function flags({ ignoreCase, comments, dotAll, literal, multiline }: Context['properties']): string {
  return `${ignoreCase ? 'i' : ''}${comments ? 'x' : ''}${dotAll ? 's' : ''}${literal ? 'l' : ''}${multiline ? 'm' : ''}`;
}

function patterns({ dynamic, properties: values }: Pick<Context, 'dynamic' | 'properties'>): ReadonlyMap<string, RegExp> {
  return new Map(
    [...dynamic].map(([name, pattern]) => {
      try {
        return [name, everywhere(javaRegex(pattern(), flags(values)))];
      } catch (cause) {
        throw new PropertyError(`'${name}' cannot be used: ${(cause as Error).message}`, { cause });
      }
    }),
  );
}

/** Named as their groups, or by number: `name.1` for the first group, going on counting from match to match. */
function attributesOf(name: string, match: RegExpExecArray, earlier: number, { named, groupZero }: Context['properties']): [string, string | undefined][] {
  if (named) return Object.entries(match.groups ?? {}).map(([group, value]) => [`${name}.${group}${earlier > 0 ? `.${earlier}` : ''}`, value]);
  const numbered = [...match].map((value, group): [string, string | undefined] => [`${name}.${group + earlier}`, value]);
  const kept = groupZero && earlier === 0 ? numbered : numbered.slice(1);
  return earlier === 0 ? [[name, match[1]], ...kept] : kept;
}

function extract(text: string, name: string, pattern: RegExp, { properties: values }: Context): Record<string, string> {
  const found: Record<string, string> = {};
  let earlier = 0;
  for (const match of text.matchAll(pattern)) {
    for (const [attribute, value] of attributesOf(name, match, earlier, values)) if (value !== undefined) found[attribute] = value.slice(0, values.groupLength);
    earlier += match.length - 1;
    if (!values.repeating || match.length === 1) break;
  }
  return found;
}

function extractAll(text: string, context: Context): Record<string, string> {
  const { client, dynamic } = context;
  const found: Record<string, string> = {};
  for (const [name, pattern] of client)
    Object.assign(
      found,
      bounded(pattern, { pattern: dynamic.get(name)!(), length: text.length, property: name }, () => extract(text, name, pattern, context)),
    );
  return found;
}

function route(session: ProcessSession<'matched' | 'unmatched'>, flowFile: FlowFile, content: Uint8Array, context: Context): void {
  const { characterSet, canonical } = context.properties;
  const text = decode(content, characterSet);
  const found = extractAll(canonical ? text.normalize() : text, context);
  if (Object.keys(found).length === 0) session.transfer(flowFile, 'unmatched');
  else session.transfer(session.putAttributes(flowFile, found), 'matched');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Keeps what regular expressions find in the content as attributes: NAME and NAME.1 for the first group, NAME.2 for the second, and so on.',
  tags: ['evaluate', 'extract', 'Text', 'Regular Expression', 'regex'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'Attributes of this name take what the regular expression finds',
    name: 'A FlowFile attribute',
    value: 'A Regular Expression with one or more capturing group',
    expressions: 'none',
  },
  relationships: { matched: 'FlowFiles in which at least one expression found something', unmatched: 'FlowFiles in which none did' },
  onScheduled: (context) => patterns(context as Context),
  async onTrigger(session, context) {
    for (const flowFile of session.getBatch(10)) route(session, flowFile, await firstPart(session, flowFile, context.properties.buffer), context);
  },
});
