import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { FRAGMENT_ATTRIBUTES, Fragments } from './fragments.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Splits XML: each element of a depth becomes a document of its own, with the namespaces that hold there.',
  tags: ['split', 'xml'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    depth: property.integer('Split Depth', '1: the children of the root, 2: their children', { default: '1', min: 1 }),
  },
  relationships: { split: 'The parts', original: 'The FlowFiles as they came', failure: 'FlowFiles that are not XML' },
  writesAttributes: { ...FRAGMENT_ATTRIBUTES },
  /** The parser is loaded when the first of these starts. */
  onScheduled: () => import('./xml-splits.ts'),
  async onTrigger(session, { properties: { depth }, log, client: { splitXml } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const parts: FlowFile[] = [];
    try {
      for await (const part of splitXml(session.readStream(flowFile), depth)) parts.push(session.write(session.create(flowFile), part));
    } catch (thrown) {
      session.remove(parts);
      log.error(`${flowFile.getAttribute('filename')} is not XML: ${messageOf(thrown)}`);
      return session.transfer(flowFile, 'failure');
    }
    const fragments = new Fragments(flowFile, parts.length);
    parts.forEach((part, index) => session.transfer(session.putAttributes(part, fragments.of(index)), 'split'));
    session.transfer(session.putAttributes(flowFile, fragments.original), 'original');
  },
});
