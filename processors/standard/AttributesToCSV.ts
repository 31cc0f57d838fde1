import type { FlowFile } from '../../server/extension/flowfile.ts';
import { choices } from '../../server/extension/choices.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { CORE_ATTRIBUTES } from './core-attributes.ts';
import { javaRegex, wholly } from './java-regex.ts';
import { PatternCache } from './pattern-cache.ts';

const BATCH = 50;

const properties = {
  names: property.text(
    'Attribute List',
    'Names of attributes separated by commas, in double quotes where they have commas themselves; without this and the regular expression, all attributes',
    { expressions: 'flowfile' },
  ),
  pattern: property.text('Attributes Regular Expression', 'Attributes whose whole name matches, besides those of the list', { expressions: 'flowfile' }),
  destination: property.choice('Destination', 'Whether the CSV becomes the attribute CSVData or the content', choices('flowfile-attribute', 'flowfile-content'), {
    default: 'flowfile-attribute',
  }),
  core: property.boolean('Include Core Attributes', 'Whether attributes that every FlowFile has (uuid, filename, path ...) are included', { default: 'true' }),
  nulls: property.boolean('Null Value', 'Whether an empty or missing attribute of the list becomes null; otherwise empty text', { default: 'false' }),
  schema: property.boolean('Include Schema', 'Whether the names are written too: as the attribute CSVSchema, or as the first line of the content', { default: 'false' }),
};

type Context = ProcessContext<typeof properties, PatternCache>;

/** A comma in double quotes separates nothing. */
function listed(text: string): string[] {
  const names = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare!.trim());
  return [...new Set(names.filter((name) => name !== ''))];
}

/** The attributes to write, by name, in NiFi's order: the list, what matches, then the core attributes. */
function chosen(flowFile: FlowFile, { client: patterns, properties: values }: Context): Map<string, string> {
  const names = listed(values.names(flowFile) ?? '');
  const regex = values.pattern(flowFile);
  const pattern = regex === undefined ? undefined : patterns.get(regex);
  const empty = values.nulls ? 'null' : '';
  const result = new Map<string, string>(names.map((name) => [name, flowFile.getAttribute(name) || empty]));
  const isWanted = names.length === 0 && !pattern ? () => true : (name: string) => pattern?.test(name) === true;
  for (const [name, text] of flowFile.attributes) if (isWanted(name)) result.set(name, text);
  for (const name of CORE_ATTRIBUTES) {
    const text = flowFile.getAttribute(name);
    if (values.core && text !== undefined) result.set(name, text || empty);
    else if (!values.core && !names.includes(name)) result.delete(name);
  }
  return result;
}

const csvText = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const csvLine = (texts: Iterable<string>): string => [...texts].map(csvText).join(',');

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes attributes as a line of CSV, into an attribute or as the content.',
  tags: ['flowfile', 'csv', 'attributes'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles with the CSV', failure: 'FlowFiles for which the regular expression cannot be used' },
  writesAttributes: { CSVSchema: 'The names, where Include Schema is true and Destination is flowfile-attribute', CSVData: 'The values, where Destination is flowfile-attribute' },
  onScheduled: () => new PatternCache((text) => wholly(javaRegex(text))),
  onTrigger(session, context) {
    const { destination, schema } = context.properties;
    for (const flowFile of session.getBatch(BATCH)) {
      try {
        const values = chosen(flowFile, context);
        const data = csvLine(values.values());
        const names = csvLine(values.keys());
        if (destination === 'flowfile-content') {
          const written = session.write(flowFile, schema ? `${names}\n${data}` : data);
          session.transfer(session.putAttribute(written, 'mime.type', 'text/csv'), 'success');
        } else session.transfer(session.putAttributes(flowFile, schema ? { CSVData: data, CSVSchema: names } : { CSVData: data }), 'success');
      } catch (thrown) {
        context.log.error(`Attributes Regular Expression cannot be used: ${(thrown as Error).message}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
