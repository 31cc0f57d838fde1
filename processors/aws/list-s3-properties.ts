import { MAP_CACHE } from '../../server/extension/map-cache.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import { listingS3 } from './s3-properties.ts';

const TRACKING = { 'Listing Strategy': ['entities'] };

/** ListS3's properties. */
export const properties = {
  ...listingS3,
  strategy: property.choice(
    'Listing Strategy',
    'How objects are recognized that were listed before',
    { timestamps: 'Tracking Timestamps', entities: 'Tracking Entities', none: 'No Tracking' },
    { default: 'timestamps' },
  ),
  cache: property.service('Entity Tracking State Cache', 'Where the objects that were listed are remembered', MAP_CACHE, { required: true, dependsOn: TRACKING }),
  window: property.duration('Entity Tracking Time Window', 'Objects changed longer ago are neither listed nor remembered', {
    default: '3 hours',
    expressions: 'environment',
    dependsOn: { 'Entity Tracking State Cache': [] },
  }),
  initial: property.choice(
    'Entity Tracking Initial Listing Target',
    'What the first listing takes',
    { window: 'Tracking Time Window', all: 'All Available' },
    { default: 'all', dependsOn: TRACKING },
  ),
  writer: property.service('Record Writer', 'Writes all objects that were found into one FlowFile; where it is not set, each is a FlowFile without content', RECORD_SET_WRITER),
  minAge: property.duration('Minimum Object Age', 'Leaves out objects changed more recently', { default: '0 sec' }),
  maxAge: property.duration('Maximum Object Age', 'Leaves out objects changed longer ago'),
  batch: property.integer('Listing Batch Size', 'Kept for flows made in NiFi: the FlowFiles of a listing go on together', { default: '100', min: 1, required: false }),
  tags: property.boolean('Write Object Tags', 'Whether the tags of each object are asked for', { default: 'false' }),
  metadata: property.boolean('Write User Metadata', 'Whether what users have stored with each object is asked for', { default: 'false' }),
  delimiter: property.text('Delimiter', 'What separates directories in keys: with it, only objects directly under the prefix are found'),
  prefix: property.text('Prefix', 'Only objects whose keys begin so; often it ends with a slash', { expressions: 'environment' }),
  withVersions: property.boolean('Use Versions', 'Whether all versions of objects are listed, not the newest only', { default: 'false' }),
  type: property.choice('List Type', 'Which of two ways of listing is used; the second is the newer', { '1': 'List Objects V1', '2': 'List Objects V2' }, { default: '1' }),
  requesterPays: property.boolean('Requester Pays', 'Whether we agree to pay for listing', { default: 'false' }),
};
