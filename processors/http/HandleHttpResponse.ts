import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { HTTP_CONTEXT_MAP } from '../../server/extension/http-context.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

const SMALL = 1024 * 1024;

const properties = {
  status: property.text('HTTP Status Code', 'The status of the answer, such as 200', { required: true, expressions: 'flowfile' }),
  contexts: property.service('HTTP Context Map', 'Where the request waits', HTTP_CONTEXT_MAP, { required: true }),
  pattern: property.regex('Attributes for HTTP Response', 'Attributes whose whole name matches become headers'),
};

function headersOf(flowFile: FlowFile, { client: pattern, dynamic }: ProcessContext<typeof properties, RegExp | undefined>): Record<string, string> {
  const headers: Record<string, string> = {};
  if (pattern) for (const [name, value] of flowFile.attributes) if (pattern.test(name)) headers[name] = value;
  for (const [name, value] of dynamic) {
    const text = value(flowFile);
    if (text.trim() !== '') headers[name] = text;
  }
  const type = flowFile.getAttribute('mime.type');
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return type === undefined || hasType ? headers : { 'Content-Type': type, ...headers };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Answers a request that HandleHttpRequest has received, with the content of a FlowFile. A property that you add is a header.',
  tags: ['response', 'http', 'https', 'web service', 'egress'],
  input: 'required',
  properties,
  dynamicProperties: { description: 'A header of the answer', name: 'An HTTP header name', value: 'An HTTP header value', expressions: 'flowfile' },
  relationships: { success: 'FlowFiles that were sent as answer', failure: 'FlowFiles whose request is not known or no longer waits, or whose answer cannot be sent' },
  readsAttributes: { 'http.context.identifier': 'Which request is answered' },
  onScheduled: ({ properties: { pattern } }) => pattern && new RegExp(`^(?:${pattern.source})$`, pattern.flags),
  async onTrigger(session, context) {
    const { status, contexts } = context.properties;
    for (const flowFile of session.getBatch(10)) {
      try {
        const id = flowFile.getAttribute('http.context.identifier');
        if (id === undefined) throw new Error('it has no attribute http.context.identifier');
        const code = status(flowFile).trim();
        if (!/^[1-9]\d\d$/.test(code)) throw new Error(`its HTTP Status Code '${code}' is not a status`);
        const headers = headersOf(flowFile, context);
        const request = contexts.take(id);
        if (!request) throw new Error('its request no longer waits: it was answered, or took too long');
        await request.respond(Number(code), headers, flowFile.size <= SMALL ? session.read(flowFile) : session.readStream(flowFile));
        session.report('SEND', flowFile, request.url);
        session.transfer(flowFile, 'success');
      } catch (thrown) {
        context.log.error(`${flowFile.getAttribute('filename')} is no answer: ${messageOf(thrown)}`);
        session.transfer(session.penalize(flowFile), 'failure');
      }
    }
  },
});
