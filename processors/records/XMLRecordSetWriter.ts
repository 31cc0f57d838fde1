import type { FlowFile } from '../../server/extension/flowfile.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { RECORD_SET_WRITER, type RecordSet, type RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { checkWritable, encodeText } from './character-sets.ts';
import { dateFormats, formatsOf, writerProblems, writerSchema } from './schema-properties.ts';
import { asWritten, schemaAttributes } from './writer-schema.ts';
import { tagName, XmlText } from './xml-text.ts';

const properties = {
  ...writerSchema,
  ...dateFormats,
  nulls: property.choice(
    'Suppress Null Values',
    'Whether fields without a value are left out',
    { 'never-suppress': 'Never Suppress', 'always-suppress': 'Always Suppress', 'suppress-missing': 'Suppress Missing Values' },
    { default: 'never-suppress' },
  ),
  pretty: property.boolean('Pretty Print XML', 'Whether the XML is laid out for reading', { default: 'false' }),
  omitsDeclaration: property.boolean('Omit XML Declaration', 'Whether the line that says that this is XML is left out', { default: 'false' }),
  rootTag: property.text('Name of Root Tag', 'The element around all records; without it a FlowFile may hold one record only'),
  recordTag: property.text('Name of Record Tag', 'The element of a record; the name of the schema where it is not set'),
  wrapping: property.choice(
    'Wrap Elements of Arrays',
    'Which elements lists become',
    { 'use-property-as-wrapper': 'Use Property as Wrapper', 'use-property-for-elements': 'Use Property for Elements', 'no-wrapping': 'No Wrapping' },
    { default: 'no-wrapping' },
  ),
  arrayTag: property.text('Array Tag Name', 'The element that wraps lists, or the one for each of their elements, as Wrap Elements of Arrays says'),
  characterSet: property.text('Character Set', 'In which character set the content is written', { default: 'UTF-8', validate: checkWritable }),
};

type Values = PropertyValues<typeof properties>;

function declaration({ omitsDeclaration, characterSet }: Values): string {
  if (omitsDeclaration) return '';
  return /^utf-?8$/i.test(characterSet.trim()) ? '<?xml version="1.0" ?>' : `<?xml version="1.0" encoding="${characterSet.trim()}" ?>`;
}

async function* xml(given: RecordSet, flowFile: FlowFile, values: Values): AsyncGenerator<string> {
  const formats = formatsOf(values);
  const { schema, batches } = await asWritten(given, values, flowFile, formats);
  const { nulls, pretty, wrapping, arrayTag = '', rootTag } = values;
  const recordTag = values.recordTag ?? schema.name;
  if (recordTag === undefined) throw new ProcessError('Name of Record Tag is not set, and the schema has no name to use instead: set it.');
  const text = new XmlText({ nulls, pretty, wrapping, arrayTag, formats });
  const root = rootTag === undefined ? undefined : tagName(rootTag);
  const level = root === undefined ? 0 : 1;
  const tag = tagName(recordTag);
  let count = 0;
  const before = declaration(values);
  yield root === undefined ? before : `${before}${pretty && before !== '' ? '\n' : ''}<${root}>`;
  for await (const batch of batches) {
    const written = batch.map((record) => text.record(tag, record, schema, level));
    count += written.filter((one) => one !== '').length;
    if (root === undefined && count > 1) throw new ProcessError('There is more than one record, and XML has one root: set Name of Root Tag.');
    yield root === undefined && before === '' ? written.join('').replace(/^\n/, '') : written.join('');
  }
  if (root !== undefined) yield `${pretty && count > 0 ? '\n' : ''}</${root}>`;
}

async function* encoded(pieces: AsyncIterable<string>, characterSet: string): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield encodeText(piece, characterSet);
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.xml', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Writes records as XML: an element a record, and in it an element a field.',
  tags: ['xml', 'resultset', 'writer', 'serialize', 'record', 'recordset', 'row'],
  properties,
  provides: [RECORD_SET_WRITER],
  validate: (values) => [
    ...writerProblems(values),
    ...(values.wrapping !== 'no-wrapping' && !values.arrayTag ? ['Array Tag Name must be set unless Wrap Elements of Arrays is No Wrapping'] : []),
  ],
  onEnabled: ({ properties: values }): RecordSetWriterFactory => ({
    mimeType: 'application/xml',
    write: (records, flowFile) => encoded(xml(records, flowFile, values), values.characterSet),
    attributes: (schema) => schemaAttributes(schema, values),
  }),
});
