import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { property } from '../../server/extension/property.ts';
import {
  inferFields,
  parseExactly,
  parseRecords,
  readRecordBatches,
  type RecordBatch,
  type RecordField,
  type RecordValue,
  stringifyExactly,
} from '../../server/extension/record.ts';
import { type OpenContent, RECORD_READER, type RecordReaderFactory, type RecordSet } from '../../server/extension/record-io.ts';
import { defineControllerService, serviceContract } from '../../server/extension/service.ts';
import { FieldUnion } from './field-union.ts';
import { dateFormats, schemaDetails, unsupported } from './schema-properties.ts';

const properties = {
  access: property.choice(
    'Schema Access Strategy',
    'Where the fields come from: they follow from all records',
    {
      'infer-schema': 'Infer Schema',
      'schema-name': "Use 'Schema Name' Property",
      'schema-text-property': "Use 'Schema Text' Property",
      'schema-reference-reader': 'Schema Reference Reader',
    },
    { default: 'infer-schema' },
  ),
  ...schemaDetails,
  inferenceCache: property.service('Schema Inference Cache', 'Kept for flows made in NiFi', serviceContract<unknown>('org.apache.nifi.serialization.RecordSchemaCacheService'), {
    dependsOn: { 'Schema Access Strategy': ['infer-schema'] },
  }),
  starting: property.choice(
    'Starting Field Strategy',
    'Whether records are at the root of the JSON, or in a field of it',
    { ROOT_NODE: 'Root Node', NESTED_FIELD: 'Nested Field' },
    { default: 'ROOT_NODE' },
  ),
  startingField: property.text('Starting Field Name', 'The field that holds the records, at whatever depth', { dependsOn: { 'Starting Field Strategy': ['NESTED_FIELD'] } }),
  application: property.choice(
    'Schema Application Strategy',
    'Kept for flows made in NiFi',
    { WHOLE_JSON: 'Whole JSON', SELECTED_PART: 'Selected Part' },
    {
      default: 'SELECTED_PART',
      dependsOn: { 'Schema Access Strategy': ['schema-name', 'schema-reference-reader', 'schema-text-property'], 'Starting Field Strategy': ['NESTED_FIELD'] },
    },
  ),
  maxLength: property.dataSize('Max String Length', 'Kept for flows made in NiFi: text may be as long as it is', { default: '20 MB' }),
  comments: property.boolean('Allow Comments', 'Whether the JSON may hold comments', { default: 'false' }),
  ...dateFormats,
};

/** The first field of this name, outer ones first. */
function nested(value: RecordValue, name: string): RecordValue | undefined {
  const level: RecordValue[] = [value];
  for (let at = level.shift(); at !== undefined; at = level.shift()) {
    if (typeof at !== 'object' || at === null) continue;
    if (!Array.isArray(at) && Object.hasOwn(at, name)) return (at as Record<string, RecordValue>)[name];
    level.push(...Object.values(at as object as Record<string, RecordValue>));
  }
  return undefined;
}

async function* nestedBatches(open: OpenContent, name: string): AsyncGenerator<RecordBatch> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of open()) chunks.push(chunk);
  let found: RecordValue | undefined;
  try {
    found = nested(parseExactly(Buffer.concat(chunks).toString()), name);
  } catch (cause) {
    throw new ProcessError(`The content is not JSON: ${messageOf(cause)}.`, { cause });
  }
  if (found === undefined) throw new ProcessError(`The JSON has no field '${name}' (Starting Field Name).`);
  yield parseRecords(stringifyExactly(found));
}

async function fieldsOf(batches: AsyncIterable<RecordBatch>): Promise<RecordField[]> {
  const union = new FieldUnion();
  for await (const batch of batches) union.add(inferFields(batch));
  return union.fields;
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.json', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads records from JSON: an array of objects, one object, or one object per line. Numbers keep all their digits.',
  tags: ['json', 'tree', 'record', 'reader', 'parser'],
  properties,
  provides: [RECORD_READER],
  validate: ({ access, comments, starting, startingField }) => [
    ...unsupported(['Schema Access Strategy', access, ['infer-schema']], ['Allow Comments', String(comments), ['false']]),
    ...(starting === 'NESTED_FIELD' && !startingField ? ['Starting Field Name must be set when Starting Field Strategy is Nested Field'] : []),
  ],
  onEnabled({ properties: { starting, startingField = '' } }): RecordReaderFactory {
    const batches = (open: OpenContent): AsyncIterable<RecordBatch> => (starting === 'NESTED_FIELD' ? nestedBatches(open, startingField) : readRecordBatches(open()));
    return { read: async (open): Promise<RecordSet> => ({ fields: await fieldsOf(batches(open)), batches: batches(open) }) };
  },
});
