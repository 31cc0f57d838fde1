import { choices } from '../../server/extension/choices.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { documentText } from './documents.ts';
import { ALLOW_DTD, checkOnlyOne, evaluateNext, evaluator, type Evaluator } from './expressions.ts';

const isTrue = (text: string): boolean => text.toLowerCase() === 'true';

const properties = {
  destination: property.choice('Destination', 'Where results go; into the content only one query can write', choices('flowfile-content', 'flowfile-attribute'), {
    default: 'flowfile-content',
  }),
  method: property.choice('Output: Method', 'How results with markup are written', choices('xml', 'html', 'text'), { default: 'xml' }),
  omitDeclaration: property.text('Output: Omit XML Declaration', 'true: without <?xml ...?>', { default: 'false' }),
  indent: property.text('Output: Indent', 'true: an element on a line', { default: 'false' }),
  allowsDtd: ALLOW_DTD,
};

type Session = ProcessSession<'matched' | 'unmatched' | 'failure'>;
type Context = ProcessContext<typeof properties, Evaluator>;

async function evaluate(session: Session, flowFile: FlowFile, { client, properties: values }: Context): Promise<void> {
  const document = await documentText(session.readStream(flowFile), flowFile.size, values.allowsDtd);
  const output = { method: values.method, omitDeclaration: isTrue(values.omitDeclaration), indent: isTrue(values.indent) };
  const found = await client.engine.run({ kind: 'xquery', document, expressions: client.expressions, output });
  const results = Object.values(found).flat();
  if (results.length === 0) return session.transfer(flowFile, 'unmatched');
  if (values.destination === 'flowfile-attribute') {
    const attributes = Object.entries(found).flatMap(([name, texts]) => texts.map((text, index) => [texts.length > 1 ? `${name}.${index + 1}` : name, text] as const));
    return session.transfer(session.putAttributes(flowFile, Object.fromEntries(attributes)), 'matched');
  }
  if (results.length === 1) return session.transfer(session.write(flowFile, results[0]!), 'matched');
  for (const text of results) session.transfer(session.write(session.clone(flowFile), text), 'matched');
  session.remove(flowFile);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Evaluates XQuery (3.1) against XML; results become attributes, or the content of one FlowFile each.',
  tags: ['XPath', 'XML', 'XQuery', 'evaluate'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    name: "A FlowFile attribute(if <Destination> is set to 'flowfile-attribute'",
    value: 'An XQuery',
    description: 'Its result becomes the attribute of this name, with .1, .2 and so on behind where there are several; or the content',
    expressions: 'none',
  },
  relationships: {
    matched: 'FlowFiles with a result, one for each where results go into the content',
    unmatched: 'FlowFiles without any result, as they came',
    failure: 'FlowFiles that are not XML, or on which a query fails or takes longer than a minute',
  },
  writesAttributes: { 'user-defined': 'The results of each query, where Destination is flowfile-attribute' },
  onScheduled(context) {
    checkOnlyOne(context.properties.destination, context.dynamic, 'XQuery');
    return evaluator('xquery', context);
  },
  onStopped: ({ engine }) => engine.stop(),
  onTrigger: (session, context) => evaluateNext(session, context.log, (flowFile) => evaluate(session, flowFile, context)),
});
