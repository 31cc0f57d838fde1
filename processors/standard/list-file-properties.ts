import { RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import { entityTracking } from '../../server/extension/tracked-listing.ts';
import { property } from '../../server/extension/property.ts';
import { choices } from '../../server/extension/choices.ts';
import { checkRegex } from './java-regex.ts';

/** ListFile's properties. */
export const properties = {
  directory: property.text('Input Directory', 'The directory to list', { required: true, expressions: 'environment' }),
  strategy: property.choice(
    'Listing Strategy',
    'How files are recognized that were listed before',
    { timestamps: 'Tracking Timestamps', entities: 'Tracking Entities', none: 'No Tracking' },
    { default: 'timestamps' },
  ),
  recurse: property.boolean('Recurse Subdirectories', 'Whether the folders inside are listed too', { default: 'true' }),
  writer: property.service('Record Writer', 'Writes all files that were found into one FlowFile; where it is not set, each is a FlowFile without content', RECORD_SET_WRITER),
  location: property.choice('Input Directory Location', 'Where the directory lies, as seen by the machines of a cluster', choices('Local', 'Remote'), { default: 'Local' }),
  filter: property.text('File Filter', 'A regular expression: lists only files whose whole name matches', { default: '[^\\.].*', validate: checkRegex }),
  pathFilter: property.text('Path Filter', 'A regular expression: lists only files in folders whose whole path below the directory matches', {
    validate: checkRegex,
  }),
  withDetails: property.boolean('Include File Attributes', 'Whether owner, permissions, times and so on become attributes', { default: 'true' }),
  minAge: property.duration('Minimum File Age', 'Leaves out files changed more recently', { default: '0 sec' }),
  maxAge: property.duration('Maximum File Age', 'Leaves out files changed longer ago'),
  minSize: property.dataSize('Minimum File Size', 'Leaves out smaller files', { default: '0 B' }),
  maxSize: property.dataSize('Maximum File Size', 'Leaves out larger files'),
  ignoreHidden: property.boolean('Ignore Hidden Files', 'Whether files and folders whose names begin with a dot are left out', { default: 'true' }),
  precision: property.choice(
    'Target System Timestamp Precision',
    'Kept for flows made in NiFi: files of the newest time are told apart by name here, so that precision does not matter',
    { 'auto-detect': 'Auto Detect', millis: 'Milliseconds', seconds: 'Seconds', minutes: 'Minutes' },
    { default: 'auto-detect' },
  ),
  ...entityTracking,
  node: property.text('Entity Tracking Node Identifier', 'For Tracking Entities: machines that share a cache tell their files apart by it', {
    default: '${hostname()}',
    required: false,
    expressions: 'environment',
  }),
  performance: property.boolean('Track Performance', 'Kept for flows made in NiFi', { default: 'false' }),
  maxTracked: property.integer('Maximum Number of Files to Track', 'Kept for flows made in NiFi', { default: '100000', expressions: 'environment' }),
  maxOperation: property.duration('Max Disk Operation Time', 'Kept for flows made in NiFi', {
    default: '10 secs',
    required: false,
    expressions: 'environment',
  }),
  maxListing: property.duration('Max Directory Listing Time', 'Kept for flows made in NiFi', {
    default: '3 mins',
    required: false,
    expressions: 'environment',
  }),
};
