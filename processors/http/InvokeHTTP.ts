import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { type InvokeSession, routeAnswer } from './answer-routing.ts';
import { type InvokeClient, openClient } from './invoke-client.ts';
import { properties } from './invoke-properties.ts';
import { buildRequest } from './request-building.ts';
import { addressOf } from './url-parts.ts';

/** Java's names of what keeps an answer from coming: flows made in NiFi look at them. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'java.net.ConnectException',
  ENOTFOUND: 'java.net.UnknownHostException',
  EAI_AGAIN: 'java.net.UnknownHostException',
  UND_ERR_CONNECT_TIMEOUT: 'java.net.SocketTimeoutException',
  UND_ERR_HEADERS_TIMEOUT: 'java.net.SocketTimeoutException',
  UND_ERR_BODY_TIMEOUT: 'java.net.SocketTimeoutException',
};

type Context = ProcessContext<typeof properties, InvokeClient>;

function fail(session: InvokeSession, flowFile: FlowFile | undefined, thrown: unknown, context: Context): void {
  const code = (thrown as { code?: string }).code ?? ((thrown as Error).cause as { code?: string } | undefined)?.code;
  const message = messageOf(thrown) || String(code);
  context.log.error(`${context.name} has no answer: ${message}`);
  if (!flowFile) return context.yield();
  const attributes = { 'invokehttp.java.exception.class': EXCEPTIONS[code ?? ''] ?? 'java.io.IOException', 'invokehttp.java.exception.message': message };
  session.transfer(session.penalize(session.putAttributes(flowFile, attributes)), 'Failure');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description:
    'Sends an HTTP request for each FlowFile, or as often as it is scheduled, and makes a FlowFile of the answer. A property that you add is a header; post:form:NAME is a field of a form.',
  tags: ['rest', 'http', 'client', 'https'],
  input: 'allowed',
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'A header of the request, or with post:form: before its name a field of a multipart form',
    name: 'Header Name',
    value: 'Attribute Expression Language',
    expressions: 'flowfile',
    sensitivePrefix: 'SENSITIVE.',
  },
  relationships: {
    Original: 'The FlowFiles whose request was answered with 2xx',
    Response: 'A FlowFile with the answer, for 2xx; with Response Generation Required for every status',
    Retry: 'FlowFiles whose request was answered with 5xx, which may pass',
    'No Retry': 'FlowFiles whose request was answered with 1xx, 3xx or 4xx',
    Failure: 'FlowFiles whose request has no answer: the server cannot be reached, or too late',
  },
  writesAttributes: {
    'invokehttp.status.code': 'The status of the answer, such as 200',
    'invokehttp.status.message': 'Its text, such as OK',
    'invokehttp.response.body': 'The beginning of the answer, where it was not 2xx',
    'invokehttp.request.url': 'Where the request went',
    'invokehttp.response.url': 'Where the answer came from, after redirects',
    'invokehttp.request.duration': 'How long it took, milliseconds',
    'invokehttp.tx.id': 'A number that request and answer share',
    'invokehttp.remote.dn': "The name in the server's certificate",
    'invokehttp.java.exception.class': 'What kept the answer from coming, by the name that Java has for it',
    'invokehttp.java.exception.message': 'The same as a sentence',
    'user-defined': 'With Response Body Attribute Name: the beginning of the answer',
  },
  validate: ({ username, password, multipartName, contentEncoding }) => [
    ...(password !== undefined && username === undefined ? ['Request Username must be set where Request Password is'] : []),
    ...(multipartName() !== undefined && contentEncoding === 'GZIP' ? ['Request Content-Encoding must be DISABLED for a multipart form'] : []),
  ],
  onScheduled: openClient,
  async onTrigger(session, context) {
    const flowFile = session.get() ?? undefined;
    if (!flowFile && context.hasIncomingConnection) return;
    const started = performance.now();
    try {
      const request = buildRequest(session, flowFile, context);
      const answer = await context.client.exchange.send(request);
      if (flowFile && flowFile.size > 0 && /^P/.test(request.method)) session.report('SEND', flowFile, addressOf(request.url).href);
      await routeAnswer(session, flowFile, { answer, requestUrl: request.url, duration: performance.now() - started }, context);
    } catch (thrown) {
      fail(session, flowFile, thrown, context);
    }
  },
  onStopped: ({ client }) => client.close(),
});
