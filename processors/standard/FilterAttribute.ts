import type { FlowFile } from '../../server/extension/flowfile.ts';
import { choices } from '../../server/extension/choices.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { javaRegex, wholly } from './java-regex.ts';
import { PatternCache } from './pattern-cache.ts';

const properties = {
  mode: property.choice('Filter Mode', 'Whether the attributes that are named stay, or go', choices('Retain', 'Remove'), { default: 'Retain' }),
  strategy: property.choice('Attribute Matching Strategy', 'How attributes are named', choices('Enumerate attributes', 'Use regular expression'), {
    default: 'Enumerate attributes',
  }),
  names: property.text('Filtered Attributes', 'Names with commas between them', {
    required: true,
    expressions: 'flowfile',
    dependsOn: { 'Attribute Matching Strategy': ['Enumerate attributes'] },
  }),
  pattern: property.text('Filtered Attributes Pattern', 'A regular expression that matches whole names', {
    required: true,
    expressions: 'flowfile',
    dependsOn: { 'Attribute Matching Strategy': ['Use regular expression'] },
  }),
};

/** What every FlowFile has. */
const KEPT: ReadonlySet<string> = new Set(['uuid', 'filename', 'path']);

function namer(flowFile: FlowFile, { properties: { strategy, names, pattern }, client: patterns }: ProcessContext<typeof properties, PatternCache>): (name: string) => boolean {
  if (strategy !== 'Enumerate attributes') {
    const regex = patterns.get(pattern(flowFile));
    return (name) => regex.test(name);
  }
  const listed = new Set(
    names(flowFile)
      .split(',')
      .map((name) => name.trim()),
  );
  return (name) => listed.has(name);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Keeps only some attributes, or removes some. uuid, filename and path always stay.',
  tags: ['filter', 'regex', 'retain', 'Attribute Expression Language', 'attributes', 'regular expression', 'modification', 'delete'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'All FlowFiles' },
  onScheduled: () => new PatternCache((text) => wholly(javaRegex(text))),
  onTrigger(session, context) {
    const removes = context.properties.mode === 'Remove';
    for (const flowFile of session.getBatch(100)) {
      const isNamed = namer(flowFile, context);
      const doomed = [...flowFile.attributes.keys()].filter((name) => !KEPT.has(name) && isNamed(name) === removes);
      session.transfer(doomed.length > 0 ? session.removeAttributes(flowFile, doomed) : flowFile, 'success');
    }
  },
});
