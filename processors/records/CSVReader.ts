import { property } from '../../server/extension/property.ts';
import { RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { checkReadable } from './character-sets.ts';
import { comment, csvFormat, dialectOf, escapeCharacter, nullText, quote, recordSeparator, separator, trims } from './csv-dialects.ts';
import { type CsvReading, readWithGivenSchema, readWithHeader } from './csv-records.ts';
import { accessProblems, dateFormats, formatsOf, givenSchema, schemaDetails, STRATEGIES } from './schema-properties.ts';

const properties = {
  access: property.choice(
    'Schema Access Strategy',
    'Where the columns and their types come from: the first line names them and the types follow from all values, or a schema tells both',
    {
      ...STRATEGIES.name,
      ...STRATEGIES.text,
      ...STRATEGIES.reference,
      'csv-header-derived': 'Use String Fields From Header',
      ...STRATEGIES.infer,
    },
    { default: 'infer-schema' },
  ),
  ...schemaDetails,
  parser: property.choice(
    'CSV Parser',
    'Kept for flows made in NiFi: all are read by the same parser',
    { 'commons-csv': 'Apache Commons CSV', 'jackson-csv': 'Jackson CSV', 'fast-csv': 'FastCSV' },
    { default: 'commons-csv' },
  ),
  ...dateFormats,
  csvFormat,
  separator,
  recordSeparator,
  hasHeader: property.boolean('Treat First Line as Header', 'Whether the first line is no record, where a schema is given; without one the first line always is the header', {
    default: 'false',
  }),
  ignoresHeader: property.boolean('Ignore CSV Header Column Names', 'Whether columns are told by their order, where a schema is given and the first line is a header', {
    default: 'false',
    required: false,
  }),
  quote,
  escaping: escapeCharacter,
  comment,
  nullText,
  trims,
  characterSet: property.text('Character Set', 'In which character set the content is read', { default: 'UTF-8', validate: checkReadable }),
  duplicates: property.boolean('Allow Duplicate Header Names', 'Whether two columns may have the same name; the second is called after its place', {
    default: 'true',
    required: false,
    dependsOn: { 'CSV Format': ['custom'] },
  }),
  doubleQuotes: property.boolean('Trim Double Quote', 'Kept for flows made in NiFi: quotes around values are always left out', {
    default: 'true',
    dependsOn: { 'CSV Format': ['rfc-4180'] },
  }),
};

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.csv', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads records from CSV. The first line names the columns; their types follow from all values, numbers keep all their digits.',
  tags: ['csv', 'parse', 'record', 'row', 'reader', 'delimited', 'comma', 'separated', 'values'],
  properties,
  provides: [RECORD_READER],
  validate: (values) => accessProblems(values.access, values),
  onEnabled: ({ properties: values }): RecordReaderFactory => ({
    async read(open, flowFile, options) {
      const { access, characterSet, duplicates, hasHeader, ignoresHeader } = values;
      const reading: CsvReading = {
        open,
        characterSet,
        dialect: dialectOf(values, flowFile),
        formats: formatsOf(values),
        allowsDuplicates: duplicates ?? true,
        lenient: options?.lenient ?? false,
      };
      const schema = await givenSchema(access, values, flowFile);
      if (schema) return readWithGivenSchema(reading, schema, { hasHeader, ignoresHeader: ignoresHeader ?? false });
      return readWithHeader(reading, access === 'infer-schema');
    },
  }),
});
