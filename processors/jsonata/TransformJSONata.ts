import type { Expression } from 'jsonata';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { compileJsonata, evaluateWithin } from './evaluation.ts';

const properties = {
  expression: property.text('JSONata Expression', 'What to make of the JSON (https://docs.jsonata.org). $attribute("name") gives an attribute of the FlowFile', {
    required: true,
    language: 'javascript',
  }),
  destination: property.text('Destination Attribute', 'The attribute that gets the result, instead of the content'),
  timeout: property.duration('Time Limit', 'How long one evaluation may take', { default: '5 sec' }),
  maximum: property.dataSize('Max Content Size', 'The largest content that is transformed: it is held in memory as a whole', { default: '20 MB' }),
};

type Context = ProcessContext<typeof properties, Expression>;

/** The result as JSON; undefined where the expression selects nothing. Throws an Error that says what is wrong. */
async function transform(content: Buffer, flowFile: FlowFile, { client, properties: { timeout } }: Context): Promise<string | undefined> {
  const document: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  const result = await evaluateWithin(client, document, { attribute: (name: string) => flowFile.getAttribute(name) }, timeout);
  return result === undefined ? undefined : JSON.stringify(result);
}

export default defineProcessor({
  description: 'Transforms JSON by a JSONata expression.',
  tags: ['json', 'jsonata', 'transform', 'query', 'map'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    success: 'FlowFiles with the result',
    nothing: 'FlowFiles for which the expression selects nothing, as they came',
    failure: 'FlowFiles that are not JSON, or whose evaluation failed or took too long',
  },
  writesAttributes: { 'mime.type': 'application/json, where the content is replaced' },
  details: 'Numbers are those of JavaScript: integers of more than 15 digits lose their last ones, as in every JSONata.',
  async onScheduled({ properties: { expression } }) {
    return compileJsonata(expression).catch((cause: unknown) => {
      throw new ProcessError(`JSONata Expression cannot be used: ${messageOf(cause)}. Correct it.`, { cause });
    });
  },
  async onTrigger(session, context) {
    const { destination, maximum } = context.properties;
    for (const flowFile of session.getBatch(20)) {
      try {
        if (flowFile.size > maximum) throw new Error(`its ${flowFile.size} bytes are more than the ${maximum} of Max Content Size`);
        const result = await transform(session.read(flowFile), flowFile, context);
        if (result === undefined) session.transfer(flowFile, 'nothing');
        else if (destination !== undefined) session.transfer(session.putAttribute(flowFile, destination, result), 'success');
        else session.transfer(session.putAttribute(session.write(flowFile, result), 'mime.type', 'application/json'), 'success');
      } catch (thrown) {
        context.log.error(`${flowFile.getAttribute('filename')} cannot be transformed: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
});
