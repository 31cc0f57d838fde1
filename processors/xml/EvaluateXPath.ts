import { choices } from '../../server/extension/choices.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { documentText } from './documents.ts';
import { ALLOW_DTD, checkOnlyOne, evaluateNext, evaluator, type Evaluator } from './expressions.ts';

const properties = {
  destination: property.choice('Destination', 'Where the result goes; into the content only one expression can write', choices('flowfile-content', 'flowfile-attribute'), {
    default: 'flowfile-content',
  }),
  type: property.choice(
    'Return Type',
    'nodeset: the one node that was found, as XML; string: the value of the first; auto-detect: nodeset for the content, string for attributes',
    choices('auto-detect', 'nodeset', 'string'),
    { default: 'auto-detect' },
  ),
  allowsDtd: ALLOW_DTD,
};

type Session = ProcessSession<'matched' | 'unmatched' | 'failure'>;
type Context = ProcessContext<typeof properties, Evaluator>;

async function evaluate(session: Session, flowFile: FlowFile, { client, properties: { destination, type, allowsDtd } }: Context): Promise<void> {
  const intoContent = destination === 'flowfile-content';
  const result = type === 'auto-detect' ? (intoContent ? 'nodeset' : 'string') : type;
  const document = await documentText(session.readStream(flowFile), flowFile.size, allowsDtd);
  const found = Object.entries(await client.engine.run({ kind: 'xpath', document, expressions: client.expressions, result }));
  const several = found.find(([, texts]) => texts.length > 1);
  if (several) throw new Error(`'${several[0]}' finds ${several[1].length} nodes, where one is wanted`);
  if (found.some(([, texts]) => texts.length === 0)) return session.transfer(flowFile, 'unmatched');
  const values = Object.fromEntries(found.map(([name, [text]]) => [name, text!]));
  session.transfer(intoContent ? session.write(flowFile, found[0]![1][0]!) : session.putAttributes(flowFile, values), found.length === 0 ? 'unmatched' : 'matched');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Evaluates XPath expressions (3.1) against XML; what they find becomes attributes, or the content.',
  tags: ['XPath', 'XML', 'evaluate'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    name: "A FlowFile attribute(if <Destination> is set to 'flowfile-attribute'",
    value: 'An XPath expression',
    description: 'What it finds becomes the attribute of this name, or the content. Prefixes are those that the root element declares',
    expressions: 'none',
  },
  relationships: {
    matched: 'FlowFiles in which something was found',
    unmatched: 'FlowFiles in which nothing was found, as they came',
    failure: 'FlowFiles that are not XML, and those in which several nodes were found',
  },
  writesAttributes: { 'user-defined': 'What each expression found, where Destination is flowfile-attribute' },
  onScheduled(context) {
    checkOnlyOne(context.properties.destination, context.dynamic, 'XPath expression');
    return evaluator('xpath', context);
  },
  onStopped: ({ engine }) => engine.stop(),
  onTrigger: (session, context) => evaluateNext(session, context.log, (flowFile) => evaluate(session, flowFile, context)),
});
