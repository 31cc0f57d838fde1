import { property } from '../../server/extension/property.ts';
import { RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { readWithSchema } from './reader-schema.ts';
import { accessProblems, dateFormats, formatsOf, inferenceCache, INFERRING, schemaDetails } from './schema-properties.ts';
import { selectPart, startingField, startingProblems } from './starting-field.ts';
import { yamlBatches } from './yaml-records.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.yaml', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads records from YAML 1.2: a list of mappings, one mapping, or several documents. Numbers keep all their digits.',
  details: 'Long lists are read element by element, so an alias cannot name an anchor in an element far before it.',
  tags: ['yaml', 'tree', 'record', 'reader', 'parser'],
  properties: {
    access: property.choice('Schema Access Strategy', 'Where the fields and their types come from', INFERRING, { default: 'infer-schema' }),
    ...schemaDetails,
    inferenceCache: inferenceCache(),
    ...startingField,
    maxLength: property.dataSize('Max String Length', 'Longer texts in the YAML are refused', { default: '20 MB' }),
    comments: property.boolean('Allow Comments', 'Kept for flows made in NiFi: YAML may always hold comments', { default: 'false' }),
    ...dateFormats,
  },
  provides: [RECORD_READER],
  validate: (values) => [...accessProblems(values.access, values), ...startingProblems(values)],
  onEnabled: ({ properties: values }): RecordReaderFactory => ({
    read: (open, flowFile, options) =>
      readWithSchema(() => yamlBatches(open(), { startingField: values.starting === 'NESTED_FIELD' ? values.fieldName : undefined, maxText: values.maxLength }), flowFile, {
        strategy: values.access,
        naming: values,
        cache: values.inferenceCache,
        formats: formatsOf(values),
        narrow: (schema: RecordSchema) => selectPart(schema, values),
        ...options,
      }),
  }),
});
