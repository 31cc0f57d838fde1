import { readFile } from 'node:fs/promises';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { STRING_LOOKUP_SERVICE } from '../../server/extension/lookup.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { documentText } from './documents.ts';
import { Stylesheets } from './stylesheets.ts';
import { XmlEngine } from './xml-engine.ts';

const properties = {
  file: property.text('XSLT File Name', 'The file with the stylesheet, or the stylesheet itself', { expressions: 'flowfile' }),
  lookup: property.service('XSLT Lookup', 'Finds stylesheets', STRING_LOOKUP_SERVICE),
  key: property.text('XSLT Lookup Key', 'Under which the stylesheet is found', { expressions: 'flowfile' }),
  indent: property.boolean('Indent', 'Whether elements are written on a line each', { default: 'true' }),
  secure: property.boolean('Secure Processing', 'Whether stylesheets may read no other documents, and content may declare no document type', { default: 'true' }),
  cacheSize: property.integer('Cache Size', 'How many stylesheets are kept once they are read; 0 keeps none', { default: '10' }),
  cacheDuration: property.duration('Cache Duration', 'How long one is kept after it was last used', { default: '60 secs' }),
};

interface Client {
  readonly engine: XmlEngine;
  readonly stylesheets: Stylesheets;
}
type Context = ProcessContext<typeof properties, Client>;

/** The stylesheet for a FlowFile. Throws an Error where there is none. */
async function stylesheetFor(flowFile: FlowFile, { client, now, properties: { file, lookup, key } }: Context): Promise<string> {
  const place = (lookup ? key(flowFile) : file(flowFile)) ?? '';
  if (place === '') throw new Error('no stylesheet is named');
  if (!lookup) return place.trimStart().startsWith('<') ? place : client.stylesheets.get(place, now(), (path) => readFile(path, 'utf8'));
  return client.stylesheets.get(place, now(), async () => {
    const found = await lookup.lookup(new Map([[lookup.requiredKeys[0]!, place]]));
    if (typeof found?.value !== 'string' || found.value.trim() === '') throw new Error(`XSLT Lookup finds no stylesheet under '${place}'`);
    return found.value;
  });
}

async function transform(session: ProcessSession<'success' | 'failure'>, flowFile: FlowFile, context: Context): Promise<FlowFile> {
  const { secure, indent } = context.properties;
  const document = await documentText(session.readStream(flowFile), flowFile.size, !secure);
  const stylesheet = await stylesheetFor(flowFile, context);
  const parameters = Object.fromEntries([...context.dynamic].map(([name, value]) => [name, value(flowFile)]));
  return session.write(flowFile, await context.client.engine.run({ kind: 'xslt', document, stylesheet, parameters, indent, mayRead: !secure }));
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Transforms XML by a stylesheet (XSLT 3.0, and what is older).',
  tags: ['transform', 'xml', 'xslt'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    name: 'An XSLT transform parameter name',
    value: 'An XSLT transform parameter value',
    description: 'A parameter of the stylesheet',
    expressions: 'flowfile',
  },
  relationships: { success: 'What the stylesheet made of the content', failure: 'FlowFiles that are not XML, or that the stylesheet cannot transform' },
  validate: ({ file, lookup, key }) => [
    ...((file() === undefined) === (lookup === undefined) ? ['exactly one of XSLT File Name and XSLT Lookup must be set'] : []),
    ...(lookup !== undefined && key() === undefined ? ['XSLT Lookup needs XSLT Lookup Key'] : []),
  ],
  onScheduled: ({ properties: { cacheSize, cacheDuration } }): Client => ({ engine: new XmlEngine(), stylesheets: new Stylesheets(cacheSize, cacheDuration) }),
  onStopped: ({ engine }) => engine.stop(),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      session.transfer(await transform(session, flowFile, context), 'success');
    } catch (thrown) {
      context.log.error(`${flowFile.getAttribute('filename')} cannot be transformed: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
