import { Readable } from 'node:stream';
import { messageOf, PropertyError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { documentBytes } from './documents.ts';
import { checkWellFormed } from './well-formed.ts';
import { XmlEngine } from './xml-engine.ts';

function checkFile(place: string): void {
  if (/^(https?|ftp):/i.test(place)) throw new PropertyError('schemas are not fetched over the network here: save it in a file');
}

const properties = {
  schema: property.text('Schema File', 'The file with the XML Schema (XSD); without it XML must only be well-formed', { expressions: 'environment', validate: checkFile }),
  attribute: property.text('XML Source Attribute', 'The attribute with the XML; without it the content is validated', { expressions: 'environment' }),
};

type Context = ProcessContext<typeof properties, XmlEngine>;

/** Throws an Error where the XML of a FlowFile is not valid. */
async function validate(session: ProcessSession<'valid' | 'invalid'>, flowFile: FlowFile, { client, properties: { schema, attribute } }: Context): Promise<void> {
  const text = attribute === undefined ? undefined : flowFile.getAttribute(attribute);
  if (attribute !== undefined && text === undefined) throw new Error(`it has no attribute '${attribute}'`);
  const bytes = text === undefined ? undefined : Buffer.from(text);
  const content = bytes ? Readable.from([bytes]) : session.readStream(flowFile);
  if (schema === undefined) return checkWellFormed(content);
  const document = await documentBytes(content, bytes?.length ?? flowFile.size);
  const problem = await client.run({ kind: 'xsd', document, schema: schema.replace(/^file:\/\//, '') });
  if (problem !== '') throw new Error(problem);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Validates XML against an XML Schema (XSD 1.0), or looks whether it is well-formed.',
  tags: ['schema', 'xml', 'restricted', 'xsd', 'validation'],
  restrictions: { 'reference-remote-resources': 'Lets whoever configures it name any file that the server may read as a schema.' },
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { valid: 'FlowFiles whose XML is valid', invalid: 'FlowFiles whose XML is not valid, or is no XML' },
  writesAttributes: { 'validatexml.invalid.error': 'What is wrong with the XML' },
  async onScheduled({ properties: { schema } }) {
    const engine = new XmlEngine();
    // Says now what is wrong with the schema, not at the first document.
    if (schema !== undefined) await engine.run({ kind: 'xsd', document: new Uint8Array(), schema: schema.replace(/^file:\/\//, '') });
    return engine;
  },
  onStopped: (engine) => engine.stop(),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      await validate(session, flowFile, context);
      session.transfer(flowFile, 'valid');
    } catch (thrown) {
      context.log.info(`${flowFile.getAttribute('filename')} is not valid: ${messageOf(thrown)}`);
      session.transfer(session.putAttribute(flowFile, 'validatexml.invalid.error', messageOf(thrown)), 'invalid');
    }
  },
});
