import type { FlowFile } from '../../server/extension/flowfile.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { checkCharacterSet, decode } from '../../server/extension/character-set.ts';
import { bounded } from '../../server/extension/java/regex-guard.ts';
import { javaRegex, wholly } from './java-regex.ts';
import { PatternCache } from './pattern-cache.ts';
import { firstPart } from './text-part.ts';

const ROUTE = 'RouteOnContent.Route';
const EXACT = 'content must match exactly';
const CONTAINS = 'content must contain match';

const properties = {
  requirement: property.choice('Match Requirement', 'Whether the whole content must match, or any part of it', { [EXACT]: EXACT, [CONTAINS]: CONTAINS }, { default: EXACT }),
  characterSet: property.text('Character Set', 'In which character set the content is read', { default: 'UTF-8', validate: checkCharacterSet }),
  buffer: property.dataSize('Content Buffer Size', 'How much of the content, from its beginning, is looked at', { default: '1 MB' }),
};

type Context = ProcessContext<typeof properties, PatternCache>;

function pattern(route: string, text: string, { client, name }: Context): RegExp {
  try {
    return client.get(text);
  } catch (cause) {
    throw new ProcessError(`${name}: the property '${route}' cannot be used: ${messageOf(cause)}. Correct it.`, { cause });
  }
}

/** The FlowFile itself takes the first way that matches, copies take the others. */
function route(session: ProcessSession, flowFile: FlowFile, text: string, context: Context): void {
  const matches = (name: string, source: string): boolean => {
    const regex = pattern(name, source, context);
    return bounded(regex, { pattern: source, length: text.length, property: name }, () => regex.test(text));
  };
  const matching = [...context.dynamic].filter(([name, value]) => matches(name, value(flowFile))).map(([name]) => name);
  const [first = 'unmatched', ...others] = matching;
  for (const name of others) session.transfer(session.putAttribute(session.clone(flowFile), ROUTE, name), name);
  session.transfer(session.putAttribute(flowFile, ROUTE, first), first);
}

const relationships: Record<string, string> = { unmatched: 'FlowFiles that match no expression' };

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Routes FlowFiles by their content: each property that you add is a regular expression that says who takes the way of its name.',
  tags: ['route', 'content', 'regex', 'regular expression', 'regexp', 'find', 'text', 'string', 'search', 'filter', 'detect'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'FlowFiles whose content matches go to the relationship of this name',
    name: 'Relationship Name',
    value: 'A Regular Expression',
    expressions: 'flowfile',
    relationships: true,
  },
  relationships,
  writesAttributes: { [ROUTE]: 'The relationship to which the FlowFile was routed' },
  onScheduled: ({ properties: { requirement } }) => new PatternCache(requirement === EXACT ? (text) => wholly(javaRegex(text)) : javaRegex),
  async onTrigger(session, context) {
    const { buffer, characterSet } = context.properties;
    for (const flowFile of session.getBatch(10)) route(session, flowFile, decode(await firstPart(session, flowFile, buffer), characterSet), context);
  },
});
