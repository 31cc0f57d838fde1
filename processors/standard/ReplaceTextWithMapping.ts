import { checkWritableCharacterSet, decode, encode } from '../../server/extension/character-set.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { linesIn, WatchedFile } from './dictionary.ts';
import { bounded } from '../../server/extension/java/regex-guard.ts';
import { groupCount, javaRegex, javaReplacement, replaceMatches } from './java-regex.ts';
import { PatternCache } from './pattern-cache.ts';

const properties = {
  pattern: property.text('Regular Expression', 'What is looked up', { default: '\\S+', expressions: 'flowfile' }),
  group: property.text('Matching Group', 'Which capturing group is looked up and replaced; 0 is the whole match', { default: '0', expressions: 'environment' }),
  file: property.text('Mapping File', 'A file with a key and its value a line, with white space between them', { required: true }),
  interval: property.duration('Mapping File Refresh Interval', 'How often the file is looked at', { default: '60s' }),
  characterSet: property.text('Character Set', 'The character set of the content', { default: 'UTF-8', validate: checkWritableCharacterSet }),
  maximum: property.dataSize('Maximum Buffer Size', 'The largest content that is changed: it is held in memory', { default: '1 MB' }),
};

function mapping(content: Buffer): ReadonlyMap<string, string> {
  return new Map(
    linesIn(content)
      .map((line) => /^\s*(\S+)\s*(.*?)\s*$/.exec(line)!)
      .map(([, key, value]) => [key!, value!]),
  );
}

/** The text with every match replaced whose group is a key. */
function replaced(text: string, regex: RegExp, group: number, values: ReadonlyMap<string, string>): string {
  const groups = groupCount(regex);
  if (group > groups) throw new Error(`the Regular Expression has ${groups} groups, not ${group}`);
  return replaceMatches(text, regex, (match) => {
    const key = match[group];
    const value = key === undefined ? undefined : values.get(key);
    if (value === undefined) return match[0];
    const text = javaReplacement(value, groups)(match);
    const at = match[0].indexOf(key!);
    return match[0].slice(0, at) + text + match[0].slice(at + key!.length);
  });
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Replaces what a regular expression finds by what a file says it is to become.',
  tags: ['Regular Expression', 'Replace', 'Regex', 'Text', 'Modify', 'Mapping', 'Change', 'Update'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles that were looked through', failure: 'FlowFiles that are too large, or whose regular expression cannot be used' },
  validate: ({ group }) => (/^\d{1,3}$/.test(group) ? [] : [`Matching Group '${group}' is not a whole number`]),
  onScheduled: ({ properties: { file, interval } }) => ({ file: new WatchedFile(file, mapping, interval), patterns: new PatternCache(javaRegex) }),
  async onTrigger(session, { client: { file, patterns }, properties: { pattern, group, characterSet, maximum }, log, now }) {
    const values = await file.value(now());
    for (const flowFile of session.getBatch(5)) {
      try {
        if (flowFile.size > maximum) throw new Error(`its ${flowFile.size} bytes are more than the ${maximum} of Maximum Buffer Size`);
        const text = decode(session.read(flowFile), characterSet);
        const source = pattern(flowFile);
        const regex = patterns.get(source);
        const result = bounded(regex, { pattern: source, length: text.length, property: 'Regular Expression' }, () => replaced(text, regex, Number(group), values));
        session.transfer(result === text ? flowFile : session.write(flowFile, encode(result, characterSet)), 'success');
      } catch (thrown) {
        log.error(`${flowFile.getAttribute('filename')} cannot be changed: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
