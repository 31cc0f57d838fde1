import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Readable } from 'node:stream';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

/** A file of this machine, or what a URL leads to. Throws an Error where that answers with anything but a success. */
async function open(resource: string, signal: AbortSignal): Promise<Readable> {
  if (/^file:/i.test(resource)) return createReadStream(fileURLToPath(resource));
  if (!/^https?:/i.test(resource)) return createReadStream(resource);
  const { request } = await import('undici');
  const { statusCode, body } = await request(resource, { signal });
  if (statusCode >= 200 && statusCode < 300) return body;
  await body.dump();
  throw new Error(`the server answers with status ${statusCode}`);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Makes FlowFiles with the content of a file or of what a URL leads to.',
  tags: ['test', 'file', 'generate', 'load', 'restricted'],
  restrictions: {
    'read-filesystem': 'Lets whoever configures it read any file that the server may read.',
    'reference-remote-resources': 'Lets whoever configures it read what is at any URL that the server reaches.',
  },
  input: 'forbidden',
  defaults: { schedulingPeriod: '1 min' },
  properties: {
    resource: property.text('File Resource', 'A file of this machine, or a URL (http, https or file)', { required: true }),
    mimeType: property.text('MIME Type', 'What the attribute mime.type gets'),
  },
  dynamicProperties: { description: 'Attributes of the FlowFiles', name: 'Attribute name', value: 'Attribute value', expressions: 'environment' },
  relationships: { success: 'FlowFiles with the content' },
  writesAttributes: { 'mime.type': 'What MIME Type says', 'Dynamic property key': 'What the dynamic property says' },
  async onTrigger(session, { name, dynamic, properties: { resource, mimeType }, signal }) {
    try {
      const written = await session.writeStream(session.create(), await open(resource, signal));
      const attributes = Object.fromEntries([...dynamic].map(([key, value]) => [key, value()]));
      session.transfer(session.putAttributes(written, { ...attributes, ...(mimeType === undefined ? {} : { 'mime.type': mimeType }) }), 'success');
    } catch (cause) {
      throw new ProcessError(`${name} cannot read ${resource}: ${messageOf(cause)}. Check File Resource.`, { cause });
    }
  },
});
