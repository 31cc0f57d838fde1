import { parseAvroSchema } from '../../server/extension/avro-schema.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { type DateFormats, checkDateFormat } from '../../server/extension/record-dates.ts';
import { type SchemaCache, SCHEMA_CACHE, SCHEMA_REGISTRY } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { serviceContract } from '../../server/extension/service.ts';

const ACCESS = 'Schema Access Strategy';
const BY_NAME = { [ACCESS]: ['schema-name'] };
const BY_TEXT = { [ACCESS]: ['schema-text-property'] };
const BY_REFERENCE = { [ACCESS]: ['schema-reference-reader'] };

/** How each strategy is shown. */
export const STRATEGIES = {
  name: { 'schema-name': "Use 'Schema Name' Property" },
  text: { 'schema-text-property': "Use 'Schema Text' Property" },
  reference: { 'schema-reference-reader': 'Schema Reference Reader' },
  infer: { 'infer-schema': 'Infer Schema' },
};
/** The strategies of readers that can find out the types themselves. */
export const INFERRING = { ...STRATEGIES.infer, ...STRATEGIES.name, ...STRATEGIES.text, ...STRATEGIES.reference };

/** Where a schema is that the content does not tell. */
export const schemaNaming = {
  registry: property.service('Schema Registry', 'Where schemas are found by their name', SCHEMA_REGISTRY, {
    dependsOn: { [ACCESS]: ['schema-name', 'schema-reference-reader'] },
  }),
  schemaName: property.text('Schema Name', "The schema's name in the registry", { default: '${schema.name}', required: false, expressions: 'flowfile', dependsOn: BY_NAME }),
  schemaVersion: property.text('Schema Version', "The schema's version; the newest where it is not set", { expressions: 'flowfile', dependsOn: BY_NAME }),
  schemaBranch: property.text('Schema Branch', 'The branch of the schema, where the registry has branches', { expressions: 'flowfile', dependsOn: BY_NAME }),
  schemaText: property.text('Schema Text', 'The schema itself, as the JSON text of an Avro record', {
    default: '${avro.schema}',
    required: false,
    expressions: 'flowfile',
    dependsOn: BY_TEXT,
  }),
};

export const schemaDetails = {
  ...schemaNaming,
  referenceReader: property.service(
    'Schema Reference Reader',
    'Finds a reference to the schema in the content',
    serviceContract<unknown>('org.apache.nifi.schemaregistry.services.SchemaReferenceReader'),
    { required: true, dependsOn: BY_REFERENCE },
  ),
};

/** A cache that readers ask before they look at everything. */
export const inferenceCache = (always = false) =>
  property.service(
    'Schema Inference Cache',
    'Where to find the schema that a writer stored, so that the content need not be looked at twice',
    SCHEMA_CACHE,
    always ? {} : { dependsOn: { [ACCESS]: ['infer-schema'] } },
  );

const WRITE_STRATEGIES = {
  'no-schema': 'Do Not Write Schema',
  'schema-name': "Set 'schema.name' Attribute",
  'full-schema-attribute': "Set 'avro.schema' Attribute",
  'schema-reference-writer': 'Schema Reference Writer',
};

const afterStrategy = {
  schemaCache: property.service('Schema Cache', 'Where to keep the schema, so that a reader can find it again', SCHEMA_CACHE),
  referenceWriter: property.service(
    'Schema Reference Writer',
    'Writes a reference to the schema',
    serviceContract<unknown>('org.apache.nifi.schemaregistry.services.SchemaReferenceWriter'),
    { required: true, dependsOn: { 'Schema Write Strategy': ['schema-reference-writer'] } },
  ),
  schemaAccess: property.choice(
    ACCESS,
    'Where the fields of the records come from',
    { 'inherit-record-schema': 'Inherit Record Schema', ...STRATEGIES.name, ...STRATEGIES.text },
    { default: 'inherit-record-schema' },
  ),
  ...schemaDetails,
};

/** What writers ask first. */
export const writerSchema = {
  schemaWrite: property.choice('Schema Write Strategy', 'Whether the schema is told to whoever reads the content', WRITE_STRATEGIES, { default: 'no-schema' }),
  ...afterStrategy,
};
/** The same for formats that hold a schema of their own. */
export const embeddingWriterSchema = {
  schemaWrite: property.choice(
    'Schema Write Strategy',
    'Whether the schema is told to whoever reads the content, and where',
    { 'avro-embedded': 'Embed Avro Schema', ...WRITE_STRATEGIES },
    { default: 'avro-embedded' },
  ),
  ...afterStrategy,
};

/** Formats of dates, which NiFi's readers and writers all have. */
export const dateFormats = {
  dateFormat: property.text('Date Format', 'How dates are written, such as yyyy-MM-dd; milliseconds since 1970 where it is not set', { validate: checkDateFormat }),
  timeFormat: property.text('Time Format', 'How times of day are written, such as HH:mm:ss; milliseconds where it is not set', { validate: checkDateFormat }),
  timestampFormat: property.text('Timestamp Format', 'How timestamps are written, such as yyyy-MM-dd HH:mm:ss; milliseconds since 1970 where it is not set', {
    validate: checkDateFormat,
  }),
};

type FormatValues = PropertyValues<typeof dateFormats>;
export const formatsOf = ({ dateFormat: date, timeFormat: time, timestampFormat: timestamp }: FormatValues): DateFormats => ({ date, time, timestamp });

type Naming = PropertyValues<typeof schemaNaming>;

const parsed = new Map<string, RecordSchema>();

/** A schema's text, parsed once while it is in use. Throws ProcessError. */
export function schemaFromText(text: string): RecordSchema {
  const known = parsed.get(text);
  if (known) return known;
  const schema = parseAvroSchema(text);
  if (parsed.size >= 100) parsed.clear();
  parsed.set(text, schema);
  return schema;
}

/** The schema that the strategy names or holds; undefined where the strategy is another one. Throws ProcessError. */
export async function givenSchema(
  strategy: string,
  { registry, schemaName, schemaVersion, schemaBranch, schemaText }: Naming,
  flowFile: FlowFile,
): Promise<RecordSchema | undefined> {
  if (strategy === 'schema-text-property') {
    const text = schemaText(flowFile);
    if (!text) throw new ProcessError('Schema Text is empty for this FlowFile: it needs the JSON text of an Avro record.');
    return schemaFromText(text);
  }
  if (strategy !== 'schema-name') return undefined;
  const name = schemaName(flowFile);
  if (!name || !registry) throw new ProcessError('Schema Name is empty for this FlowFile: it needs the name of a schema in the Schema Registry.');
  return registry.schema(name, schemaVersion(flowFile), schemaBranch(flowFile));
}

/** The attribute that names a schema in a cache. */
const CACHE_ATTRIBUTE = 'schema.cache.identifier';

export function cachedSchema(cache: SchemaCache | undefined, flowFile: FlowFile): RecordSchema | undefined {
  const identifier = flowFile.getAttribute(CACHE_ATTRIBUTE);
  return identifier === undefined ? undefined : cache?.find(identifier);
}

/** Choices of NiFi that this runtime does not follow, each with what to choose instead. */
export function unsupported(...found: readonly (readonly [name: string, value: string, supported: readonly string[]])[]): string[] {
  return found
    .filter(([, value, supported]) => !supported.includes(value))
    .map(([name, value, supported]) => `${name} '${value}' is not supported by this runtime: choose ${supported.join(' or ')}`);
}

/** What is wrong with a reader's or writer's choice of schema. */
export function accessProblems(strategy: string, { registry }: Naming): string[] {
  if (strategy === 'schema-reference-reader') return unsupported([ACCESS, strategy, ['schema-name', 'schema-text-property']]);
  return strategy === 'schema-name' && !registry ? ["Schema Registry must be set when Schema Access Strategy is Use 'Schema Name' Property"] : [];
}

type WriterValues = Naming & { readonly schemaWrite: string; readonly schemaAccess: string; readonly schemaCache?: SchemaCache };

export const writerProblems = (values: WriterValues): string[] => [
  ...(values.schemaWrite === 'schema-reference-writer' ? unsupported(['Schema Write Strategy', values.schemaWrite, ['no-schema', 'full-schema-attribute']]) : []),
  ...accessProblems(values.schemaAccess, values),
];
