import { PropertyError } from '../../server/extension/errors.ts';
import { MAP_CACHE } from '../../server/extension/map-cache.ts';
import { property } from '../../server/extension/property.ts';
import { readerAndWriter } from '../../server/extension/record-flow.ts';

const MULTIPLE = { 'Deduplication Strategy': ['multiple'] };

function checkChance(text: string): void {
  if (!(Number(text) >= 0 && Number(text) <= 1)) throw new PropertyError('it must be a number from 0 to 1');
}

/** What DeduplicateRecord asks. */
export const properties = {
  strategy: property.choice(
    'Deduplication Strategy',
    'Whether records are compared with those of their own FlowFile, or with those of all FlowFiles, by a cache',
    { single: 'Single File', multiple: 'Multiple Files' },
    { default: 'single' },
  ),
  cache: property.service('Distributed Map Cache Client', 'Where the records of all FlowFiles are remembered', MAP_CACHE, { dependsOn: MULTIPLE }),
  identifier: property.text(
    'Cache Identifier',
    "What a record is called in the cache; its expressions may look at record.hash.value, which is the record's key where this is not set",
    {
      expressions: 'flowfile',
      dependsOn: MULTIPLE,
    },
  ),
  puts: property.boolean('Cache Entry Identifier', 'Whether new records are put into the cache; otherwise they are only looked up in it', {
    default: 'false',
    dependsOn: { 'Distributed Map Cache Client': [] },
  }),
  ...readerAndWriter,
  withEmpty: property.boolean('Include Zero Record FlowFiles', 'Whether FlowFiles without records are made', { default: 'true' }),
  algorithm: property.choice(
    'Record Hashing Algorithm',
    'How keys are hashed before they are kept',
    { none: 'None', 'SHA-256': 'SHA-256', 'SHA-512': 'SHA-512' },
    { default: 'SHA-256' },
  ),
  filter: property.choice(
    'Filter Type',
    'How keys are kept: exactly, or in little memory, so that a few new records are taken for duplicates',
    { 'hash-set': 'HashSet', 'bloom-filter': 'BloomFilter' },
    { default: 'hash-set', dependsOn: { 'Deduplication Strategy': ['single'] } },
  ),
  capacity: property.integer('Filter Capacity Hint', 'For how many records the filter is made', { default: '25000', min: 1, dependsOn: { 'Filter Type': ['bloom-filter'] } }),
  chance: property.text('Bloom Filter Certainty', 'The share of new records that may be taken for duplicates, from 0 to 1', {
    default: '0.10',
    required: false,
    validate: checkChance,
  }),
};
