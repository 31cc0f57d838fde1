import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { CORE_ATTRIBUTES } from './core-attributes.ts';
import { checkRegex, javaRegex, wholly } from './java-regex.ts';
import { type Json, jsonText, parseJson } from '../../server/extension/json-path/json-document.ts';

const BATCH = 50;

const CORE: ReadonlySet<string> = new Set(CORE_ATTRIBUTES);

const properties = {
  names: property.text('Attributes List', 'Names of attributes separated by commas; without this and the regular expression, all attributes'),
  pattern: property.text('Attributes Regular Expression', 'Attributes whose whole name matches, besides those of the list', { expressions: 'environment', validate: checkRegex }),
  destination: property.choice(
    'Destination',
    'Whether the JSON becomes the attribute JSONAttributes or the content',
    { 'flowfile-attribute': 'flowfile-attribute', 'flowfile-content': 'flowfile-content' },
    { default: 'flowfile-attribute' },
  ),
  core: property.boolean('Include Core Attributes', 'Whether attributes that every FlowFile has (uuid, filename, path ...) are included when all attributes are', {
    default: 'true',
  }),
  nulls: property.boolean('Null Value', 'Whether an attribute of the list that the FlowFile lacks becomes null; otherwise empty text', { default: 'false' }),
  handling: property.choice(
    'JSON Handling Strategy',
    'Whether attributes that hold JSON objects or arrays become text, or part of the JSON',
    { ESCAPED: 'Escaped', NESTED: 'Nested' },
    { default: 'ESCAPED' },
  ),
  pretty: property.boolean('Pretty Print', 'Whether the JSON is laid out for reading', { default: 'false', dependsOn: { Destination: ['flowfile-content'] } }),
};

interface Client {
  readonly names: readonly string[];
  readonly pattern: RegExp | undefined;
}

type Context = ProcessContext<typeof properties, Client>;

/** The attributes to write, by name. */
function chosen(flowFile: FlowFile, { client: { names, pattern }, properties: { core, nulls } }: Context): [string, string | null][] {
  if (names.length === 0 && !pattern) return [...flowFile.attributes].filter(([name]) => core || !CORE.has(name));
  const listed = names.map((name): [string, string | null] => [name, flowFile.getAttribute(name) ?? (nulls ? null : '')]);
  const matching = pattern ? [...flowFile.attributes].filter(([name]) => pattern.test(name)) : [];
  return [...listed, ...matching];
}

function nested(text: string): Json {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}

function json(flowFile: FlowFile, context: Context): string {
  const { handling, pretty, destination } = context.properties;
  const values = chosen(flowFile, context).map(([name, text]): [string, Json] => [name, text !== null && handling === 'NESTED' ? nested(text) : text]);
  return jsonText(Object.fromEntries(values), pretty && destination === 'flowfile-content' ? 2 : undefined);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes attributes as a JSON object, into an attribute or as the content.',
  tags: ['json', 'attributes', 'flowfile'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles with the JSON', failure: 'Never used: attributes can always be written as JSON. Kept for flows made in NiFi' },
  writesAttributes: { JSONAttributes: 'The JSON, where Destination is flowfile-attribute' },
  onScheduled: ({ properties: { names, pattern } }): Client => ({
    names: (names ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    pattern: pattern === undefined ? undefined : wholly(javaRegex(pattern)),
  }),
  onTrigger(session, context) {
    for (const flowFile of session.getBatch(BATCH)) {
      const text = json(flowFile, context);
      if (context.properties.destination === 'flowfile-attribute') session.transfer(session.putAttribute(flowFile, 'JSONAttributes', text), 'success');
      else session.transfer(session.putAttribute(session.write(flowFile, text), 'mime.type', 'application/json'), 'success');
    }
  },
});
