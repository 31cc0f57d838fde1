import { property, type PropertyValues } from '../../server/extension/property.ts';
import { type OpenContent, RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { fieldContent, jsonBatches, withoutComments } from './json-content.ts';
import { parseForTypes } from './json-doubles.ts';
import { readWithSchema } from './reader-schema.ts';
import { accessProblems, dateFormats, formatsOf, inferenceCache, INFERRING, schemaDetails } from './schema-properties.ts';
import { startingField, startingProblems, selectPart } from './starting-field.ts';

const properties = {
  access: property.choice('Schema Access Strategy', 'Where the fields and their types come from', INFERRING, { default: 'infer-schema' }),
  ...schemaDetails,
  inferenceCache: inferenceCache(),
  ...startingField,
  maxLength: property.dataSize('Max String Length', 'Longer texts in the JSON are refused', { default: '20 MB' }),
  comments: property.boolean('Allow Comments', 'Whether the JSON may hold comments', { default: 'false' }),
  ...dateFormats,
};

type Values = PropertyValues<typeof properties>;

function source(open: OpenContent, { starting, fieldName, comments }: Values): AsyncIterable<Uint8Array> {
  const plain = comments ? withoutComments(open()) : open();
  return starting === 'NESTED_FIELD' ? fieldContent(plain, fieldName ?? '') : plain;
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.json', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads records from JSON: an array of objects, one object, or one object per line. Numbers keep all their digits.',
  tags: ['json', 'tree', 'record', 'reader', 'parser'],
  properties,
  provides: [RECORD_READER],
  validate: (values) => [...accessProblems(values.access, values), ...startingProblems(values)],
  onEnabled: ({ properties: values }): RecordReaderFactory => ({
    read: (open, flowFile, options) =>
      readWithSchema(() => jsonBatches(source(open, values), values.maxLength), flowFile, {
        strategy: values.access,
        naming: values,
        cache: values.inferenceCache,
        formats: formatsOf(values),
        sample: () => jsonBatches(source(open, values), values.maxLength, parseForTypes),
        narrow: (schema: RecordSchema) => selectPart(schema, values),
        ...options,
      }),
  }),
});
