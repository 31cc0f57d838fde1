import { choices } from '../../server/extension/choices.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { linesIn, WatchedFile } from './dictionary.ts';
import { checkRegex, javaRegex, wholly } from './java-regex.ts';

const properties = {
  file: property.text('Dictionary File', 'A file with a term a line; it is read again when it changes', { required: true, expressions: 'environment' }),
  attributes: property.text('Attribute Pattern', 'Attributes whose whole name matches are looked at', { default: '.*', validate: checkRegex }),
  criteria: property.choice('Match Criteria', 'Whether one of these attributes must be a term, or all of them', choices('At Least 1 Must Match', 'All Must Match'), {
    default: 'At Least 1 Must Match',
  }),
  filter: property.text('Dictionary Filter Pattern', 'Lines of the file that match count; with a capturing group the group is the term', { validate: checkRegex }),
};

function terms(lines: readonly string[], filter: RegExp | undefined): ReadonlySet<string> {
  if (!filter) return new Set(lines);
  return new Set(lines.flatMap((line) => filter.exec(line)?.slice(0, 2).at(-1) ?? []));
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Tells FlowFiles with attributes whose value is a term of a dictionary.',
  tags: ['lookup', 'search', 'find', 'scan', 'attributes', 'text'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { matched: 'FlowFiles whose attributes are terms', unmatched: 'The other FlowFiles' },
  onScheduled({ properties: { file, attributes, filter } }) {
    const lines = filter === undefined ? undefined : wholly(javaRegex(filter));
    return { dictionary: new WatchedFile(file, (content) => terms(linesIn(content), lines)), names: wholly(javaRegex(attributes)) };
  },
  async onTrigger(session, { client: { dictionary, names }, properties: { criteria }, now }) {
    const known = await dictionary.value(now());
    for (const flowFile of session.getBatch(50)) {
      const values = [...flowFile.attributes].filter(([name]) => names.test(name)).map(([, value]) => value);
      const isMatch = criteria === 'All Must Match' ? values.every((value) => known.has(value)) : values.some((value) => known.has(value));
      session.transfer(flowFile, isMatch ? 'matched' : 'unmatched');
    }
  },
});
