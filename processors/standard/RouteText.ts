import { checkWritableCharacterSet } from '../../server/extension/character-set.ts';
import { choices } from '../../server/extension/choices.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { checkRegex, javaRegex, wholly } from './java-regex.ts';
import { BY_NAME, type Condition, conditionOf, type LineRules, LineSorter } from './line-sorting.ts';

const ROUTE = 'RouteText.Route';
const STRATEGY = 'Routing Strategy';

const properties = {
  strategy: property.choice(
    'Routing Strategy',
    'Which way a line takes when conditions hold for it',
    choices('Route to each matching Property Name', "Route to 'matched' if line matches all conditions", "Route to 'matched' if lines matches any condition"),
    { default: 'Route to each matching Property Name' },
  ),
  matching: property.choice(
    'Matching Strategy',
    'How a line is compared with the values. Expressions see ${line} and ${lineNo}',
    choices('Satisfies Expression', 'Starts With', 'Ends With', 'Contains', 'Equals', 'Matches Regular Expression', 'Contains Regular Expression'),
    { required: true },
  ),
  characterSet: property.text('Character Set', 'The character set of the content', { default: 'UTF-8', validate: checkWritableCharacterSet }),
  trim: property.text('Ignore Leading/Trailing Whitespace', 'Whether white space around a line counts for nothing (true or false)', { default: 'true' }),
  ignoreCase: property.boolean('Ignore Case', 'Whether upper and lower case are the same', { default: 'false' }),
  grouping: property.text('Grouping Regular Expression', 'Lines whose capturing groups give different values go into FlowFiles of their own', { validate: checkRegex }),
};

const relationships: Record<string, string> = { original: 'The FlowFiles as they came', unmatched: 'Lines for which no condition holds' };

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Routes the lines of text: each property that you add is a condition, and the lines for which it holds go, together, the way of its name.',
  tags: ['regexp', 'string', 'csv', 'delimited', 'detect', 'Regular Expression', 'filter', 'routing'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'Lines that match this value go to the relationship of this name',
    name: 'Relationship Name',
    value: 'value to match against',
    expressions: 'flowfile',
    relationships: true,
  },
  relationships,
  relationshipsFor(texts) {
    if ((texts.get(STRATEGY) ?? BY_NAME) !== BY_NAME) return { ...relationships, matched: 'Lines for which one or all conditions hold, as the Routing Strategy says' };
    const declared = new Set(Object.values(properties).map(({ name }) => name));
    const names = [...texts.keys()].filter((name) => !declared.has(name));
    return { ...Object.fromEntries(names.map((name) => [name, `Lines for which the condition '${name}' holds`])), ...relationships };
  },
  writesAttributes: { [ROUTE]: 'The relationship to which the FlowFile was routed', 'RouteText.Group': 'The values of the capturing groups, with commas between them' },
  onScheduled: ({ properties: { grouping } }) => (grouping === undefined ? undefined : wholly(javaRegex(grouping))),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const { strategy, matching, ignoreCase, characterSet, trim } = context.properties;
    const conditions: [string, Condition][] = [...context.dynamic].map(([name, value]) => [name, conditionOf(name, matching, ignoreCase, value, flowFile)]);
    const rules: LineRules = { strategy, conditions, grouping: context.client, characterSet, trims: trim.toLowerCase() === 'true' };
    const sorter = new LineSorter(rules, () => session.readStream(flowFile));
    for (const { route, group, content } of await sorter.sort()) {
      const part = session.create(flowFile);
      const written = content instanceof Uint8Array ? session.write(part, content) : await session.writeStream(part, content);
      session.transfer(session.putAttributes(written, { [ROUTE]: route, 'RouteText.Group': group }), route);
    }
    session.transfer(session.putAttribute(flowFile, ROUTE, 'original'), 'original');
  },
});
