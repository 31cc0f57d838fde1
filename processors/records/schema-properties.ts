import { property } from '../../server/extension/property.ts';
import { serviceContract } from '../../server/extension/service.ts';

const ACCESS = 'Schema Access Strategy';
const BY_NAME = { [ACCESS]: ['schema-name'] };

/** NiFi's way to name a schema: kept for flows made in NiFi, as records carry their fields here. */
export const schemaDetails = {
  registry: property.service('Schema Registry', 'Kept for flows made in NiFi', serviceContract<unknown>('org.apache.nifi.schemaregistry.services.SchemaRegistry'), {
    dependsOn: { [ACCESS]: ['schema-name', 'schema-reference-reader'] },
  }),
  schemaName: property.text('Schema Name', 'Kept for flows made in NiFi', { default: '${schema.name}', required: false, expressions: 'flowfile', dependsOn: BY_NAME }),
  schemaVersion: property.text('Schema Version', 'Kept for flows made in NiFi', { expressions: 'flowfile', dependsOn: BY_NAME }),
  schemaBranch: property.text('Schema Branch', 'Kept for flows made in NiFi', { expressions: 'flowfile', dependsOn: BY_NAME }),
  schemaText: property.text('Schema Text', 'Kept for flows made in NiFi', {
    default: '${avro.schema}',
    required: false,
    expressions: 'flowfile',
    dependsOn: { [ACCESS]: ['schema-text-property'] },
  }),
  referenceReader: property.service(
    'Schema Reference Reader',
    'Kept for flows made in NiFi',
    serviceContract<unknown>('org.apache.nifi.schemaregistry.services.SchemaReferenceReader'),
    {
      required: true,
      dependsOn: { [ACCESS]: ['schema-reference-reader'] },
    },
  ),
};

/** What writers ask first. */
export const writerSchema = {
  schemaWrite: property.choice(
    'Schema Write Strategy',
    'Whether the schema is told to whoever reads the content',
    {
      'no-schema': 'Do Not Write Schema',
      'schema-name': "Set 'schema.name' Attribute",
      'full-schema-attribute': "Set 'avro.schema' Attribute",
      'schema-reference-writer': 'Schema Reference Writer',
    },
    { default: 'no-schema' },
  ),
  schemaCache: property.service('Schema Cache', 'Kept for flows made in NiFi', serviceContract<unknown>('org.apache.nifi.serialization.RecordSchemaCacheService')),
  referenceWriter: property.service(
    'Schema Reference Writer',
    'Kept for flows made in NiFi',
    serviceContract<unknown>('org.apache.nifi.schemaregistry.services.SchemaReferenceWriter'),
    {
      required: true,
      dependsOn: { 'Schema Write Strategy': ['schema-reference-writer'] },
    },
  ),
  schemaAccess: property.choice(
    ACCESS,
    'Where the fields of the records come from',
    {
      'inherit-record-schema': 'Inherit Record Schema',
      'schema-name': "Use 'Schema Name' Property",
      'schema-text-property': "Use 'Schema Text' Property",
    },
    { default: 'inherit-record-schema' },
  ),
  ...schemaDetails,
};

/** Formats of dates, which NiFi's readers and writers all have. */
export const dateFormats = {
  dateFormat: property.text('Date Format', 'Kept for flows made in NiFi: dates are ISO 8601 text here'),
  timeFormat: property.text('Time Format', 'Kept for flows made in NiFi: times are ISO 8601 text here'),
  timestampFormat: property.text('Timestamp Format', 'Kept for flows made in NiFi: timestamps are ISO 8601 text here'),
};

/** Choices of NiFi that this runtime does not follow, each with what to choose instead. */
export function unsupported(...found: readonly (readonly [name: string, value: string, supported: readonly string[]])[]): string[] {
  return found
    .filter(([, value, supported]) => !supported.includes(value))
    .map(([name, value, supported]) => `${name} '${value}' is not supported by this runtime: choose ${supported.join(' or ')}`);
}

export const writerProblems = ({ schemaWrite, schemaAccess }: { schemaWrite: string; schemaAccess: string }): string[] =>
  unsupported(['Schema Write Strategy', schemaWrite, ['no-schema']], ['Schema Access Strategy', schemaAccess, ['inherit-record-schema']]);
