import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ComponentContext } from '../../server/extension/component.ts';
import type { properties } from './handle-request-properties.ts';
import { clientNames, RequestServer } from './request-server.ts';

const METHODS = ['get', 'post', 'put', 'delete', 'head', 'options'] as const;
const CERTIFICATES = { 'No Authentication': 'none', 'Want Authentication': 'wanted', 'Need Authentication': 'needed' } as const;

/** The server as HandleHttpRequest's properties say. */
export function openServer({ properties: values }: ComponentContext<typeof properties>): Promise<RequestServer> {
  const more = (values.methods ?? '').split(',').map((method) => method.trim().toUpperCase());
  const allowed = new Set([...METHODS.filter((method) => values[method]).map((method) => method.toUpperCase()), ...more]);
  const paths = values.paths && new RegExp(`^(?:${values.paths.source})$`, values.paths.flags);
  const refuse = (request: IncomingMessage, response: ServerResponse): boolean => {
    const status = !allowed.has(request.method!) ? 405 : paths && !paths.test(pathOf(request)) ? 404 : undefined;
    if (status === undefined) return false;
    response.writeHead(status, { Connection: 'close', ...(status === 405 ? { Allow: [...allowed].filter(Boolean).join(', ') } : {}) }).end();
    return true;
  };
  const { port, host, ssl, authentication, maximumHeader, queue: queueSize } = values;
  return RequestServer.open({ port, host, ssl, clientCertificate: CERTIFICATES[authentication], maximumHeader, queueSize, refuse });
}

const pathOf = ({ url }: IncomingMessage): string => url!.split('?', 1)[0]!;

/** What NiFi tells of a request in attributes. */
export function requestAttributes(request: IncomingMessage): Record<string, string> {
  const { method, url, httpVersion, socket, headers } = request;
  const query = url!.slice(pathOf(request).length + 1);
  const { subject, issuer } = clientNames(request);
  const [kind, credentials] = (headers.authorization ?? '').split(' ');
  const user =
    kind?.toLowerCase() === 'basic'
      ? Buffer.from(credentials ?? '', 'base64')
          .toString()
          .split(':', 1)[0]
      : undefined;
  const told: Record<string, string | undefined> = {
    'http.method': method,
    'http.request.uri': pathOf(request),
    'http.servlet.path': pathOf(request),
    'http.context.path': '',
    'http.query.string': query || undefined,
    'http.protocol': `HTTP/${httpVersion}`,
    'http.local.name': socket.localAddress,
    'http.server.port': String(socket.localPort),
    'http.remote.host': socket.remoteAddress,
    'http.remote.addr': socket.remoteAddress,
    'http.remote.user': user,
    'http.subject.dn': subject,
    'http.issuer.dn': issuer,
    'http.principal.name': subject,
    ...headerAttributes(request),
  };
  for (const [name, value] of new URLSearchParams(query)) told[`http.query.param.${name}`] = told[`http.param.${name}`] = value;
  return Object.fromEntries(Object.entries(told).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** As the client wrote their names; what is secret is left out. */
function headerAttributes({ rawHeaders }: IncomingMessage): Record<string, string> {
  const found: Record<string, string> = {};
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = `http.headers.${rawHeaders[index]}`;
    if (/\.(authorization|proxy-authorization)$/i.test(name)) continue;
    found[name] = found[name] === undefined ? rawHeaders[index + 1]! : `${found[name]}, ${rawHeaders[index + 1]}`;
  }
  return found;
}
