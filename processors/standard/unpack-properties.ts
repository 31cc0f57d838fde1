import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';
import { checkRegex } from './java-regex.ts';

/** UnpackContent's properties. */
export const properties = {
  format: property.choice(
    'Packaging Format',
    'How content is packed',
    choices('use mime.type attribute', 'tar', 'zip', 'flowfile-stream-v3', 'flowfile-stream-v2', 'flowfile-tar-v1'),
    { default: 'use mime.type attribute' },
  ),
  characterSet: property.text('Filename Character Set', 'Kept for flows made in NiFi: names that are not UTF-8 are read as code page 437', {
    default: 'UTF-8',
    dependsOn: { 'Packaging Format': ['use mime.type attribute', 'zip'] },
  }),
  filter: property.text('File Filter', 'Entries whose whole name matches are unpacked', { default: '.*', validate: checkRegex }),
  password: property.text('Password', 'Kept for flows made in NiFi', { sensitive: true, dependsOn: { 'Packaging Format': ['use mime.type attribute', 'zip'] } }),
  stored: property.boolean('Allow Stored Entries With Data Descriptor', 'Kept for flows made in NiFi: such entries can always be read', {
    default: 'false',
    dependsOn: { 'Packaging Format': ['use mime.type attribute', 'zip'] },
  }),
};
