import { property } from '../../server/extension/property.ts';
import { choices } from '../../server/extension/choices.ts';

const BIN_PACKING = { 'Merge Strategy': ['Bin-Packing Algorithm'] };
const BINARY = { 'Merge Format': ['Binary Concatenation'] };
const DELIMITED = { 'Delimiter Strategy': ['Filename', 'Text'], ...BINARY };

/** MergeContent's properties. */
export const properties = {
  strategy: property.choice(
    'Merge Strategy',
    'Bin-packing gathers FlowFiles until there are enough; Defragment puts the parts of one FlowFile together again, by their fragment attributes',
    choices('Bin-Packing Algorithm', 'Defragment'),
    { default: 'Bin-Packing Algorithm' },
  ),
  format: property.choice(
    'Merge Format',
    'How contents are put together. FlowFile Stream v3 keeps the attributes of each. Avro, FlowFile Stream v2 and FlowFile Tar v1 are not supported by this runtime',
    choices('TAR', 'ZIP', 'FlowFile Stream, v3', 'FlowFile Stream, v2', 'FlowFile Tar, v1', 'Binary Concatenation', 'Avro'),
    { default: 'Binary Concatenation' },
  ),
  attributes: property.choice(
    'Attribute Strategy',
    'Which attributes are kept: those that all FlowFiles share, or all that no two FlowFiles contradict each other about',
    choices('Keep Only Common Attributes', 'Keep All Unique Attributes'),
    { default: 'Keep Only Common Attributes' },
  ),
  correlation: property.text('Correlation Attribute Name', 'Only FlowFiles with the same value of this attribute are merged', { expressions: 'flowfile', dependsOn: BIN_PACKING }),
  metadata: property.choice(
    'Metadata Strategy',
    'Kept for flows made in NiFi',
    choices('Use First Metadata', 'Keep Only Common Metadata', 'Ignore Metadata', 'Do Not Merge Uncommon Metadata'),
    { default: 'Do Not Merge Uncommon Metadata', dependsOn: { 'Merge Format': ['Avro'] } },
  ),
  minEntries: property.integer('Minimum Number of Entries', 'How many FlowFiles are enough', { default: '1', min: 1, dependsOn: BIN_PACKING }),
  maxEntries: property.integer('Maximum Number of Entries', 'How many FlowFiles are merged at most', { default: '1000', min: 1, dependsOn: BIN_PACKING }),
  minBytes: property.dataSize('Minimum Group Size', 'How many bytes are enough', { default: '0 B', dependsOn: BIN_PACKING }),
  maxBytes: property.dataSize('Maximum Group Size', 'How many bytes are merged at most; a larger FlowFile stays alone', { dependsOn: BIN_PACKING }),
  termination: property.text('Bin Termination Check', 'An expression that is true for a FlowFile that ends its bin', { expressions: 'flowfile', dependsOn: BIN_PACKING }),
  insertion: property.choice('FlowFile Insertion Strategy', 'Where a FlowFile goes that ends its bin', choices('Last in Bin', 'First in New Bin', 'Isolated'), {
    default: 'Last in Bin',
    dependsOn: { 'Bin Termination Check': [] },
  }),
  maxAge: property.duration('Max Bin Age', 'When FlowFiles are merged although they are not enough, or, for fragments, fail'),
  maxBins: property.integer('Maximum Number of Bins', 'How many bins may wait; beyond that the oldest is closed', { default: '5', min: 1 }),
  delimiters: property.choice(
    'Delimiter Strategy',
    'Whether Header, Footer and Demarcator are text, or names of files with the text',
    choices('Filename', 'Text', 'Do Not Use Delimiters'),
    { default: 'Do Not Use Delimiters', dependsOn: BINARY },
  ),
  header: property.text('Header', 'What the content begins with', { expressions: 'flowfile', dependsOn: DELIMITED }),
  footer: property.text('Footer', 'What the content ends with', { expressions: 'flowfile', dependsOn: DELIMITED }),
  demarcator: property.text('Demarcator', 'What stands between the contents', { expressions: 'flowfile', dependsOn: DELIMITED }),
  compression: property.choice('Compression Level', 'From 0, fast, to 9, small', choices('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), {
    default: '1',
    dependsOn: { 'Merge Format': ['ZIP'] },
  }),
  keepPath: property.boolean('Keep Path', 'Whether the attribute path is part of the names in the archive', { default: 'false', dependsOn: { 'Merge Format': ['TAR', 'ZIP'] } }),
  tarTime: property.text('Tar Modified Time', 'When the entries were changed; now where it gives nothing', {
    default: '${file.lastModifiedTime}',
    required: false,
    expressions: 'flowfile',
    dependsOn: { 'Merge Format': ['TAR'] },
  }),
};
