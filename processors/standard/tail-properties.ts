import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';
import { checkRegex } from './java-regex.ts';

/** TailFile's properties. */
export const properties = {
  mode: property.choice('Tailing Mode', 'Whether one file is followed, or all that match', choices('Single file', 'Multiple files'), { default: 'Single file' }),
  files: property.text('Files to Tail', 'The file with its whole path; for several a regular expression for paths below the Base Directory', {
    required: true,
    expressions: 'environment',
  }),
  rolling: property.text('Rolling Filename Pattern', 'What the file is renamed to, with *, ? and ${filename}, which is its name without extension'),
  tailPeriod: property.duration('Post-Rollover Tail Period', 'Kept for flows made in NiFi: a renamed file is read to its end once', { default: '0 sec', required: false }),
  directory: property.text('Base Directory', 'Where several files are looked for', { expressions: 'environment' }),
  start: property.choice(
    'Initial Start Position',
    'Where to begin in a file that was not followed before; Beginning of Time reads renamed files too',
    choices('Beginning of Time', 'Beginning of File', 'Current Time'),
    { default: 'Beginning of File' },
  ),
  location: property.choice('State Location', 'Kept for flows made in NiFi: this runtime is one machine', choices('Local', 'Remote'), { default: 'Local' }),
  recursive: property.boolean('Recursive Lookup', 'Whether folders inside the Base Directory are searched too', { default: 'false' }),
  lookup: property.duration('Lookup Frequency', 'How often several files are looked for', { default: '10 minutes', required: false }),
  maximumAge: property.duration('Maximum Age', 'Files that were changed longer ago are not followed', { default: '24 hours', required: false }),
  nul: property.boolean('Reread on NUL Encountered', 'Kept for flows made in NiFi', { default: 'false', required: false }),
  lineStart: property.text('Line Start Pattern', 'Kept for flows made in NiFi', { dependsOn: { 'Tailing Mode': ['Single file'] }, validate: checkRegex }),
  buffer: property.dataSize('Preallocated Buffer Size', 'Kept for flows made in NiFi', { default: '65536 B' }),
  maximumBuffer: property.dataSize('Max Buffer Size', 'Kept for flows made in NiFi', { default: '64 KB', dependsOn: { 'Line Start Pattern': [] } }),
};
