import type { FlowFile } from '../../server/extension/flowfile.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { isScalar, type Json, jsonText, parseJson, plainText } from '../../server/extension/json-path/json-document.ts';
import { JsonPath } from '../../server/extension/json-path/json-path.ts';
import { checkTextSize, NULL_TEXTS } from './json-properties.ts';

const properties = {
  destination: property.choice(
    'Destination',
    'Where results go. Content takes one JSON path only, attributes any number',
    { 'flowfile-content': 'flowfile-content', 'flowfile-attribute': 'flowfile-attribute' },
    { default: 'flowfile-content' },
  ),
  returnType: property.choice(
    'Return Type',
    'What a result may be; auto-detect means json for content and scalar for attributes',
    { 'auto-detect': 'auto-detect', json: 'json', scalar: 'scalar' },
    { default: 'auto-detect' },
  ),
  notFound: property.choice(
    'Path Not Found Behavior',
    'What to do when a path leads nowhere: warn and set the attribute empty, set it empty silently, or leave it out',
    { warn: 'warn', ignore: 'ignore', skip: 'skip' },
    {
      default: 'ignore',
      dependsOn: { Destination: ['flowfile-attribute'] },
    },
  ),
  nulls: property.choice('Null Value Representation', 'What stands for null', NULL_TEXTS, { default: 'empty string' }),
  maxLength: property.dataSize('Max String Length', 'FlowFiles whose content is larger go to failure', { default: '20 MB' }),
};

type Session = ProcessSession<'matched' | 'unmatched' | 'failure'>;
type Context = ProcessContext<typeof properties, Client>;
type Client = ReadonlyMap<string, JsonPath>;

/** Throws where a result is not what Return Type wants. */
function resultText(name: string, value: Json, { properties: { returnType, destination, nulls } }: Context): string {
  const nullText = nulls === 'empty string' ? '' : 'null';
  const scalarWanted = returnType === 'scalar' || (returnType === 'auto-detect' && destination === 'flowfile-attribute');
  if (scalarWanted && !isScalar(value)) throw new Error(`'${name}' yields an object or array where a scalar is wanted (Return Type)`);
  return isScalar(value) ? plainText(value, nullText) : jsonText(value);
}

function toContent(session: Session, flowFile: FlowFile, document: Json, context: Context): void {
  const [[name, path]] = [...context.client] as [[string, JsonPath]];
  const found = path.read(document);
  if (found === undefined) return session.transfer(flowFile, 'unmatched');
  session.transfer(session.write(flowFile, resultText(name, found, context)), 'matched');
}

function toAttributes(session: Session, flowFile: FlowFile, document: Json, context: Context): void {
  const {
    client,
    log,
    name,
    properties: { notFound },
  } = context;
  const results: Record<string, string> = {};
  for (const [attribute, path] of client) {
    const found = path.read(document);
    if (found !== undefined) results[attribute] = resultText(attribute, found, context);
    else if (notFound !== 'skip') results[attribute] = '';
    if (found === undefined && notFound === 'warn') log.warn(`${name}: the JSON path of '${attribute}' leads nowhere in ${flowFile.getAttribute('filename')}.`);
  }
  session.transfer(session.putAttributes(flowFile, results), 'matched');
}

function evaluate(session: Session, flowFile: FlowFile, context: Context): void {
  try {
    checkTextSize(flowFile, context.properties.maxLength);
    const document = parseJson(session.read(flowFile).toString());
    const set = context.properties.destination === 'flowfile-content' ? toContent : toAttributes;
    set(session, flowFile, document, context);
  } catch (thrown) {
    context.log.error(`${context.name} could not evaluate ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}. It was routed to failure.`);
    session.transfer(flowFile, 'failure');
  }
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Evaluates JSON paths against the content and keeps the results as attributes, or one result as the content. Numbers keep all their digits.',
  tags: ['JSON', 'evaluate', 'JsonPath'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'The attribute of this name takes what the JSON path finds; where Destination is flowfile-content, the content does',
    name: "A FlowFile attribute(if <Destination> is set to 'flowfile-attribute')",
    value: 'A JsonPath expression',
    expressions: 'none',
  },
  relationships: {
    matched: 'FlowFiles with the results',
    unmatched: 'FlowFiles in which the path leads nowhere, where Destination is flowfile-content',
    failure: 'FlowFiles that are not JSON, or whose result is not what Return Type wants',
  },
  onScheduled({ dynamic, properties: { destination }, name }): Client {
    if (destination === 'flowfile-content' && dynamic.size !== 1)
      throw new ProcessError(`${name} has ${dynamic.size} JSON paths: add exactly one property with a JSON path, or set Destination to flowfile-attribute.`);
    return new Map([...dynamic].map(([attribute, path]) => [attribute, JsonPath.parse(path())]));
  },
  onTrigger(session, context) {
    for (const flowFile of session.getBatch(20)) evaluate(session, flowFile, context);
  },
});
