import type { LogLevel } from '../../server/extension/component.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { checkCharacterSet, decode } from '../../server/extension/character-set.ts';

/** Content beyond this is not logged. */
const MAX_PAYLOAD = 1024 ** 2;

const properties = {
  level: property.choice(
    'Log Level',
    'At which level the attributes are logged',
    { trace: 'trace', debug: 'debug', info: 'info', warn: 'warn', error: 'error' },
    { default: 'info' },
  ),
  payload: property.boolean('Log Payload', 'Whether the content is logged too, up to 1 MB', { default: 'false' }),
  names: property.text('Attributes to Log', 'Names of attributes separated by commas; all when empty'),
  pattern: property.regex('Attributes to Log Regular Expression', 'Only attributes whose whole name matches are logged', { default: '.*', required: false }),
  ignoredNames: property.text('Attributes to Ignore', 'Names of attributes separated by commas that are not logged'),
  ignoredPattern: property.regex('Attributes to Ignore Regular Expression', 'Attributes whose whole name matches are not logged'),
  withProperties: property.boolean('Log FlowFile Properties', 'Whether entry date, lineage start date and size are logged', { default: 'true' }),
  format: property.choice(
    'Output Format',
    'How the attributes are laid out',
    { 'Line per Attribute': 'Line per Attribute', 'Single Line': 'Single Line' },
    { default: 'Line per Attribute' },
  ),
  prefix: property.text('Log Prefix', 'Stands in the dashed line, to tell the output of several of these processors apart', { expressions: 'flowfile' }),
  characterSet: property.text('Character Set', 'In which character set the content is read', { default: 'UTF-8', expressions: 'flowfile', validate: checkCharacterSet }),
};

type Context = ProcessContext<typeof properties, Client>;

interface Client {
  readonly isLogged: (name: string) => boolean;
}

const list = (text: string | undefined): Set<string> =>
  new Set(
    (text ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );

const matchesWhole = (pattern: RegExp | undefined): ((name: string) => boolean) => {
  if (!pattern) return () => false;
  const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags);
  return (name) => whole.test(name);
};

function selection({ names, pattern, ignoredNames, ignoredPattern }: Context['properties']): Client {
  const wanted = list(names);
  const unwanted = list(ignoredNames);
  const fits = pattern ? matchesWhole(pattern) : () => true;
  const isIgnored = matchesWhole(ignoredPattern);
  return { isLogged: (name) => (wanted.size === 0 || wanted.has(name)) && fits(name) && !unwanted.has(name) && !isIgnored(name) };
}

/** 50 dashes, with the prefix in their middle. */
function dashedLine(prefix: string | undefined): string {
  const shown = (prefix ?? '').trim();
  const short = shown.length > 40 ? `${shown.slice(0, 37)}...` : shown;
  const left = '-'.repeat(5 + Math.floor((40 - short.length) / 2));
  return `${left}${short}`.padEnd(50, '-');
}

function facts(flowFile: FlowFile): [string, string][] {
  return [
    ['entryDate', new Date(flowFile.entryDate).toISOString()],
    ['lineageStartDate', new Date(flowFile.lineageStartDate).toISOString()],
    ['fileSize', String(flowFile.size)],
  ];
}

const lines = (entries: readonly (readonly [string, string])[]): string => entries.map(([name, value]) => `\nKey: '${name}'\n\tValue: '${value}'`).join('');

function describe(flowFile: FlowFile, { properties: { format, withProperties, prefix }, client }: Context): string {
  const attributes = [...flowFile.attributes].filter(([name]) => client.isLogged(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  const properties = withProperties ? facts(flowFile) : [];
  const head = `FlowFile ${flowFile.uuid}, ${flowFile.getAttribute('filename')}\n`;
  if (format === 'Single Line') return `${head}FlowFile Properties: {${[...attributes, ...properties].map(([name, value]) => `${name}=${value}`).join(', ')}}`;
  const dashes = dashedLine(prefix(flowFile));
  const about = withProperties ? `\nFlowFile Properties${lines(properties)}` : '';
  return `${head}${dashes}${about}\nFlowFile Attribute Map Content${lines(attributes)}\n${dashes}`;
}

function content(session: ProcessSession, flowFile: FlowFile, { properties: { payload, characterSet } }: Context): string {
  if (!payload) return '';
  return flowFile.size < MAX_PAYLOAD ? `\n${decode(session.read(flowFile), characterSet(flowFile))}` : '\nThe content is larger than 1 MB and left out.';
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes the attributes of FlowFiles to the log.',
  tags: ['attributes', 'logging'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'All FlowFiles' },
  onScheduled: (context): Client => selection(context.properties),
  onTrigger(session, context) {
    // The log knows no level below debug.
    const level: LogLevel = context.properties.level === 'trace' ? 'debug' : context.properties.level;
    const flowFiles = session.getBatch(50);
    for (const flowFile of flowFiles) context.log[level]((describe(flowFile, context) + content(session, flowFile, context)).trim());
    session.transfer(flowFiles, 'success');
  },
});
