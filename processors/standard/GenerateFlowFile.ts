import { randomFillSync } from 'node:crypto';
import type { ComponentContext } from '../../server/extension/component.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { checkWritableCharacterSet, encode } from '../../server/extension/character-set.ts';

const LETTERS = Buffer.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890!@#$%^&*()-_=+/?.,\';:"<>\n\t ');

const properties = {
  size: property.dataSize('File Size', 'How large the content is', { default: '0B', expressions: 'environment' }),
  batch: property.integer('Batch Size', 'How many FlowFiles each invocation makes', { default: '1', min: 1 }),
  format: property.choice('Data Format', 'What the content consists of', { Binary: 'Binary', Text: 'Text' }, { default: 'Text' }),
  unique: property.boolean('Unique FlowFiles', 'Whether each FlowFile gets content of its own; otherwise all share one random content, which is much faster', { default: 'false' }),
  text: property.text('Custom Text', 'The content, where Data Format is Text and Unique FlowFiles is false; File Size then does not count', { expressions: 'environment' }),
  characterSet: property.text('Character Set', 'In which character set Custom Text is written', { default: 'UTF-8', validate: checkWritableCharacterSet }),
  mimeType: property.text('Mime Type', 'The value of the attribute mime.type'),
};

function randomContent(size: number, format: 'Binary' | 'Text'): Buffer {
  const bytes = randomFillSync(Buffer.allocUnsafeSlow(size));
  if (format === 'Text') for (let index = 0; index < size; index++) bytes[index] = LETTERS[bytes[index]! % LETTERS.length]!;
  return bytes;
}

/** The one content of all FlowFiles; undefined where each gets its own. The same buffer is stored once, however often it is written. */
function sharedContent({ properties: { unique, text, characterSet, size, format } }: ComponentContext<typeof properties>): Buffer | undefined {
  if (unique) return undefined;
  return text === undefined ? randomContent(size, format) : encode(text, characterSet);
}

function attributes({ dynamic, properties: { mimeType } }: ComponentContext<typeof properties>): Record<string, string> {
  const values = Object.fromEntries([...dynamic].map(([name, value]) => [name, value()]));
  return mimeType === undefined ? values : { ...values, 'mime.type': mimeType };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Makes FlowFiles with random or given content: for load tests, and to set a flow in motion.',
  tags: ['test', 'random', 'generate', 'load'],
  input: 'forbidden',
  supportsBatching: true,
  defaults: { schedulingPeriod: '1 min' },
  properties,
  dynamicProperties: {
    description: 'An attribute of the FlowFiles. Its expression is evaluated once for all FlowFiles of an invocation.',
    name: 'Generated FlowFile attribute name',
    value: 'Generated FlowFile attribute value',
    expressions: 'environment',
  },
  relationships: { success: 'The new FlowFiles' },
  writesAttributes: { 'mime.type': 'The value of the property Mime Type' },
  validate: ({ text, unique, format }) =>
    text !== undefined && (unique || format !== 'Text') ? ['Custom Text is set, so Data Format must be Text and Unique FlowFiles must be false'] : [],
  onScheduled: (context) => ({ content: sharedContent(context) }),
  onTrigger(session, context) {
    const { batch, size, format } = context.properties;
    const { content } = context.client;
    const values = attributes(context);
    const hasAttributes = Object.keys(values).length > 0;
    for (let made = 0; made < batch; made++) {
      const bytes = content ?? randomContent(size, format);
      let flowFile = session.create();
      if (bytes.length > 0) flowFile = session.write(flowFile, bytes);
      if (hasAttributes) flowFile = session.putAttributes(flowFile, values);
      session.transfer(flowFile, 'success');
    }
  },
});
