import type { FlowFile } from '../../server/extension/flowfile.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import type { CsvDialect } from './csv-scanner.ts';

const CUSTOM = { 'CSV Format': ['custom'] };

/** Text such as `\t` to what it means. */
export const unescapeText = (text: string): string => text.replace(/\\([tnrf\\])/g, (_, letter: string) => ({ t: '\t', n: '\n', r: '\r', f: '\f', '\\': '\\' })[letter]!);

function single(text: string): void {
  if (unescapeText(text).length !== 1) throw new PropertyError('it must be one character, such as , or \\t');
}

/** What NiFi's CSV reader and writer both ask, in parts because of their order. */
export const csvFormat = property.choice(
  'CSV Format',
  'A well-known dialect of CSV, or a custom one, which the properties below describe',
  {
    custom: 'Custom Format',
    'rfc-4180': 'RFC 4180',
    excel: 'Microsoft Excel',
    tdf: 'Tab-Delimited',
    mysql: 'MySQL Format',
    'informix-unload': 'Informix Unload',
    'informix-unload-csv': 'Informix Unload Escape Disabled',
  },
  { default: 'custom' },
);
export const separator = property.text('Value Separator', 'What stands between values', { default: ',', expressions: 'flowfile', validate: single, dependsOn: CUSTOM });
export const recordSeparator = property.text('Record Separator', 'What stands between records; readers take any line break', { default: '\\n', dependsOn: CUSTOM });
export const quote = property.text('Quote Character', 'What stands around values that hold separators', {
  default: '"',
  expressions: 'flowfile',
  validate: single,
  dependsOn: CUSTOM,
});
export const escapeCharacter = property.text('Escape Character', 'What stands before characters that are meant as they are', {
  default: '\\',
  expressions: 'flowfile',
  validate: single,
  dependsOn: CUSTOM,
});
export const comment = property.text('Comment Marker', 'What a line begins with that is no record', { expressions: 'flowfile', validate: single, dependsOn: CUSTOM });
export const nullText = property.text('Null String', 'A value that means null', { dependsOn: CUSTOM });
export const trims = property.boolean('Trim Fields', 'Whether white space around values is left out', { default: 'true', dependsOn: CUSTOM });

const shared = { csvFormat, separator, quote, escaping: escapeCharacter, comment, nullText, trims };
export type DialectValues = PropertyValues<typeof shared>;

const plain: CsvDialect = { separator: ',', quote: '"', escaping: undefined, comment: undefined, nullText: undefined, trims: false };

const KNOWN: Readonly<Record<Exclude<DialectValues['csvFormat'], 'custom'>, CsvDialect>> = {
  'rfc-4180': plain,
  excel: plain,
  tdf: { ...plain, separator: '\t', trims: true },
  mysql: { ...plain, separator: '\t', quote: undefined, escaping: '\\', nullText: '\\N' },
  'informix-unload': { ...plain, separator: '|', escaping: '\\' },
  'informix-unload-csv': plain,
};

/** How the CSV of a FlowFile is written. */
export function dialectOf(
  { csvFormat: format, separator: between, quote: around, escaping: before, comment: marker, nullText: nothing, trims: trimmed }: DialectValues,
  flowFile?: FlowFile,
): CsvDialect {
  if (format !== 'custom') return KNOWN[format];
  const marked = marker(flowFile);
  return {
    separator: unescapeText(between(flowFile)),
    quote: unescapeText(around(flowFile)),
    escaping: unescapeText(before(flowFile)),
    comment: marked === undefined ? undefined : unescapeText(marked),
    nullText: nothing,
    trims: trimmed,
  };
}
