import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { type OpenContent, type ReadOptions, RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { SchemaInference } from '../../server/extension/schema-inference.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { accessProblems, cachedSchema, dateFormats, formatsOf, givenSchema, inferenceCache, schemaDetails, STRATEGIES } from './schema-properties.ts';
import { xmlNodes } from './xml-nodes.ts';
import { lookAt, recordOfNode, withoutSingles, type XmlStyle } from './xml-records.ts';

const properties = {
  access: property.choice(
    'Schema Access Strategy',
    'Where the fields and their types come from',
    { ...STRATEGIES.name, ...STRATEGIES.text, ...STRATEGIES.reference, ...STRATEGIES.infer },
    { default: 'infer-schema' },
  ),
  ...schemaDetails,
  attributes: property.boolean('Parse XML Attributes', 'Whether attributes become fields', {
    default: 'true',
    required: false,
    dependsOn: { 'Schema Access Strategy': ['infer-schema'] },
  }),
  inferenceCache: inferenceCache(true),
  isArray: property.choice(
    'Expect Records as Array',
    'Whether the root element is but a wrapper around records, or a record itself',
    { false: 'false', true: 'true', '${xml.stream.is.array}': "Use attribute 'xml.stream.is.array'" },
    { default: 'false', expressions: 'flowfile' },
  ),
  prefix: property.text('Attribute Prefix', 'What stands before the names of attributes in records', { expressions: 'flowfile' }),
  contentField: property.text('Field Name for Content', 'The field for the text of an element that has attributes or elements too; without it such text is left out', {
    expressions: 'flowfile',
  }),
  ...dateFormats,
};

type Values = PropertyValues<typeof properties>;

function styleOf(values: Values, flowFile: FlowFile, { lenient = false }: ReadOptions): XmlStyle {
  const contentField = values.contentField(flowFile)?.trim();
  return { attributes: values.attributes ?? true, prefix: values.prefix(flowFile)?.trim() ?? '', contentField, formats: formatsOf(values), lenient };
}

async function inferred(open: OpenContent, isArray: boolean, style: XmlStyle): Promise<RecordSchema> {
  const inference = new SchemaInference(style.formats);
  for await (const nodes of xmlNodes(open(), () => isArray)) for (const node of nodes) lookAt(node, inference, style);
  return withoutSingles(inference.schema);
}

async function* records(open: OpenContent, isArray: boolean, schema: RecordSchema, style: XmlStyle): AsyncGenerator<RecordBatch> {
  for await (const nodes of xmlNodes(open(), () => isArray)) yield nodes.map((node) => recordOfNode(node, schema, style));
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.xml', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads records from XML: the root element is a record, or the elements in it are. Entities that a document type defines are not expanded.',
  tags: ['parser', 'xml', 'reader', 'record'],
  properties,
  provides: [RECORD_READER],
  validate: (values) => accessProblems(values.access, values),
  onEnabled: ({ properties: values }): RecordReaderFactory => ({
    async read(open, flowFile, options = {}) {
      const style = styleOf(values, flowFile, options);
      const isArray = values.isArray(flowFile) === 'true';
      const known = (await givenSchema(values.access, values, flowFile)) ?? cachedSchema(values.inferenceCache, flowFile);
      const schema = known ?? (await inferred(open, isArray, style));
      return { schema, batches: records(open, isArray, schema, style) };
    },
  }),
});
