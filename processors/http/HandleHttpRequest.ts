import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { properties } from './handle-request-properties.ts';
import { receiveParts } from './received-parts.ts';
import { openServer, requestAttributes } from './request-attributes.ts';
import { answer, type RequestServer } from './request-server.ts';

const urlOf = ({ socket, headers, url }: IncomingMessage): string => `http${'encrypted' in socket ? 's' : ''}://${headers.host ?? 'unknown'}${url}`;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Serves HTTP: each request becomes a FlowFile, and waits for HandleHttpResponse to answer it.',
  tags: ['request', 'ingress', 'http', 'https', 'web service', 'listen'],
  input: 'forbidden',
  properties,
  relationships: { success: 'A FlowFile with the body of each request, or of each part of a form' },
  writesAttributes: {
    'http.context.identifier': 'By which HandleHttpResponse finds the request',
    'mime.type': 'The kind of content, as the client says',
    'http.servlet.path': 'The path',
    'http.context.path': 'Empty here',
    'http.method': 'The method',
    'http.local.name': 'The address that was asked',
    'http.server.port': 'The port that was asked',
    'http.query.string': 'The query',
    'http.remote.host': "The client's address",
    'http.remote.addr': "The client's address",
    'http.remote.user': 'The user of basic authentication, which is not checked',
    'http.protocol': 'Such as HTTP/1.1',
    'http.request.uri': 'The path',
    'http.auth.type': 'Not known here',
    'http.principal.name': "The name in the client's certificate",
    'http.query.param.XXX': 'Each parameter of the query',
    'http.param.XXX': 'The same',
    'http.subject.dn': "The name in the client's certificate",
    'http.issuer.dn': 'Who issued it',
    'http.certificate.sans.N.name': 'Not known here',
    'http.certificate.sans.N.nameType': 'Not known here',
    'http.headers.XXX': 'Each header',
    'http.headers.multipart.XXX': 'Each header of a part',
    'http.multipart.size': 'How many bytes the part has',
    'http.multipart.content.type': 'The kind of content of the part',
    'http.multipart.name': 'The name of the part',
    'http.multipart.filename': 'The filename of the part',
    'http.multipart.fragments.sequence.number': 'Which part it is, from 1',
    'http.multipart.fragments.total.number': 'How many parts there are',
  },
  validate: ({ protocols, ssl }) => (ssl !== undefined && protocols === 'H2' ? ["HTTP Protocols 'h2' is not supported by this runtime: choose http/1.1"] : []),
  onScheduled: openServer,
  async onTrigger(session, { client: server, signal, properties: { contexts, maximumForm }, log }) {
    const incoming = await (server as RequestServer).next(signal);
    if (!incoming) return;
    const { request, response } = incoming;
    const id = randomUUID();
    try {
      const flowFiles = await receiveParts(session, request, { maximum: maximumForm, attributes: { ...requestAttributes(request), 'http.context.identifier': id } });
      const url = urlOf(request);
      const isKept = contexts.register(id, { url, respond: (status, headers, body) => answer(response, status, headers, body) });
      if (!isKept) {
        session.remove(flowFiles);
        return await answer(response, 503, {}, Buffer.from('Too many requests wait already.'));
      }
      for (const flowFile of flowFiles) session.report('RECEIVE', flowFile, url);
      session.transfer(flowFiles, 'success');
    } catch (thrown) {
      log.warn(`A request cannot be read: ${messageOf(thrown)}`);
      await answer(response, 400, {}, Buffer.from(messageOf(thrown))).catch(() => undefined);
    }
  },
  onStopped: (server) => (server as RequestServer).close(),
});
