import type { FlowFile } from '../../server/extension/flowfile.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { FRAGMENT_ATTRIBUTES, Fragments } from './fragments.ts';
import { type Json, parseJson, plainText } from '../../server/extension/json-path/json-document.ts';
import { JsonPath } from '../../server/extension/json-path/json-path.ts';
import { checkTextSize, NULL_TEXTS } from './json-properties.ts';

const properties = {
  path: property.text('JsonPath Expression', 'The JSON path of the array to split, such as $.items or $.*', {
    required: true,
    validate: (text: string) => void JsonPath.parse(text),
  }),
  nulls: property.choice('Null Value Representation', 'What stands for a null element', NULL_TEXTS, { default: 'empty string' }),
  maxLength: property.dataSize('Max String Length', 'FlowFiles whose content is larger go to failure', { default: '20 MB' }),
};

type Session = ProcessSession<'split' | 'original' | 'failure'>;
type Context = ProcessContext<typeof properties, JsonPath>;

/** The elements to make FlowFiles of. Throws an Error that says why there are none. */
function elements(session: Session, flowFile: FlowFile, { client: path, properties: { path: text, maxLength } }: Context): Json[] {
  checkTextSize(flowFile, maxLength);
  const found = path.read(parseJson(session.read(flowFile).toString()));
  if (found === undefined) throw new Error(`the JSON path ${text} leads nowhere`);
  if (!Array.isArray(found)) throw new Error(`the JSON path ${text} does not lead to an array`);
  return found;
}

function split(session: Session, flowFile: FlowFile, parts: readonly Json[], nullText: string): void {
  const fragments = new Fragments(flowFile, parts.length);
  for (const [index, part] of parts.entries()) {
    const made = session.putAttributes(session.create(flowFile), fragments.of(index));
    const text = plainText(part, nullText);
    session.transfer(text === '' ? made : session.write(made, text), 'split');
  }
  session.transfer(session.putAttributes(flowFile, fragments.original), 'original');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Splits a JSON array, found by a JSON path, into a FlowFile for each of its elements. Numbers keep all their digits.',
  tags: ['json', 'split', 'jsonpath'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    original: 'The FlowFile that was split, once all went well',
    split: 'The elements of the array',
    failure: 'FlowFiles that are not JSON, or in which the path does not lead to an array',
  },
  writesAttributes: { ...FRAGMENT_ATTRIBUTES },
  onScheduled: ({ properties: { path } }) => JsonPath.parse(path),
  onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    let parts: Json[];
    try {
      parts = elements(session, flowFile, context);
    } catch (thrown) {
      context.log.error(`${context.name} could not split ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}. It was routed to failure.`);
      session.transfer(flowFile, 'failure');
      return;
    }
    split(session, flowFile, parts, context.properties.nulls === 'empty string' ? '' : 'null');
  },
});
