import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ComponentContext } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { properties } from './listen-properties.ts';
import { receiveParts } from './received-parts.ts';
import { answer, clientNames, RequestServer } from './request-server.ts';

const CERTIFICATES = { AUTO: 'needed', WANT: 'wanted', REQUIRED: 'needed', NONE: 'none' } as const;
const QUEUE = 200;

const wholly = ({ source, flags }: RegExp): RegExp => new RegExp(`^(?:${source})$`, flags);

/** The status for what is not taken: another path or method, or a client that is not let in. */
function refusal(request: IncomingMessage, { basePath, ssl, subject, issuer }: ComponentContext<typeof properties>['properties']): number | undefined {
  const path = request.url!.split('?', 1)[0]!.replace(/\/$/, '');
  if (path === '/healthcheck' && request.method === 'GET') return 200;
  if (path !== `/${basePath.replace(/^\/|\/$/g, '')}`) return 404;
  if (request.method === 'HEAD') return 200;
  if (request.method !== 'POST') return 405;
  const names = ssl && clientNames(request);
  if (!names?.subject) return undefined;
  return wholly(subject).test(names.subject) && (!issuer || wholly(issuer).test(names.issuer ?? '')) ? undefined : 403;
}

function open({ properties: values }: ComponentContext<typeof properties>): Promise<RequestServer> {
  const { port, ssl, authentication = 'AUTO', maximumHeader } = values;
  const refuse = (request: IncomingMessage, response: ServerResponse): boolean => {
    const status = refusal(request, values);
    if (status !== undefined) response.writeHead(status, status === 200 ? {} : { Connection: 'close' }).end(status === 200 && request.method === 'GET' ? 'OK' : undefined);
    return status !== undefined;
  };
  return RequestServer.open({ port, host: undefined, ssl, clientCertificate: ssl ? CERTIFICATES[authentication] : 'none', maximumHeader, queueSize: QUEUE, refuse });
}

function attributesOf(request: IncomingMessage, pattern: RegExp | undefined): Record<string, string> {
  const { subject, issuer } = clientNames(request);
  const told: Record<string, string> = { 'restlistener.remote.source.host': request.socket.remoteAddress ?? '', 'restlistener.request.uri': request.url! };
  if (subject !== undefined) Object.assign(told, { 'restlistener.remote.user.dn': subject, 'restlistener.remote.issuer.dn': issuer ?? '' });
  const { rawHeaders } = request;
  for (let index = 0; pattern && index < rawHeaders.length; index += 2) if (wholly(pattern).test(rawHeaders[index]!)) told[rawHeaders[index]!] = rawHeaders[index + 1]!;
  const filename = request.headers.filename;
  if (typeof filename === 'string') told.filename = filename;
  return told;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Takes content that is sent by HTTP POST. The answer is sent once the FlowFile is stored.',
  tags: ['rest', 'http', 'https', 'listen', 'ingest'],
  input: 'forbidden',
  properties,
  relationships: { success: 'A FlowFile with the body of each request, or of each part of a form' },
  validate: ({ reader, protocols, ssl }) => [
    ...(reader === undefined ? [] : ['Record Reader is not supported by this runtime: let ConvertRecord follow']),
    ...(ssl !== undefined && protocols === 'H2' ? ["HTTP Protocols 'h2' is not supported by this runtime: choose http/1.1"] : []),
  ],
  onScheduled: open,
  async onTrigger(session, { client: server, signal, properties: { headers, maximumForm, status = 200 }, log }) {
    const incoming = await (server as RequestServer).next(signal);
    if (!incoming) return;
    const { request, response } = incoming;
    try {
      const flowFiles = await receiveParts(session, request, { maximum: maximumForm, attributes: attributesOf(request, headers) });
      for (const flowFile of flowFiles) session.report('RECEIVE', flowFile, `http://${request.headers.host ?? 'unknown'}${request.url}`);
      session.transfer(flowFiles, 'success');
      session.afterCommit(() => void answer(response, status, {}, new Uint8Array()).catch(() => undefined));
    } catch (thrown) {
      log.warn(`A request cannot be read: ${messageOf(thrown)}`);
      await answer(response, 400, {}, Buffer.from(messageOf(thrown))).catch(() => undefined);
    }
  },
  onStopped: (server) => (server as RequestServer).close(),
});
