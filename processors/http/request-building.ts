import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { HttpRequest } from './http-exchange.ts';
import type { InvokeClient } from './invoke-client.ts';
import type { properties } from './invoke-properties.ts';
import { contentPayload, formPayload, type Payload, unmeasured, zipped } from './request-body.ts';

const BODY_METHODS = new Set(['POST', 'PUT', 'PATCH']);
const FORM = 'post:form:';
/** What a header may hold (RFC 9110 5.5): no line breaks, or a value could add headers of its own. */
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;
const NOT_SENT = new Set(['uuid', 'filename', 'path']);

type Context = ProcessContext<typeof properties, InvokeClient>;

/** The request for a FlowFile, or for none. Throws an Error that says what cannot be sent. */
export function buildRequest(session: ProcessSession, flowFile: FlowFile | undefined, context: Context): HttpRequest {
  const values = context.properties;
  const method = values.method(flowFile).trim().toUpperCase();
  const url = requestUrl(values.url(flowFile).trim(), context.client);
  const headers = [...attributeHeaders(flowFile, context), ...dynamicHeaders(flowFile, context)];
  const agent = values.userAgent(flowFile);
  if (agent) headers.push(['User-Agent', agent]);
  if (values.dateHeader === 'True') headers.push(['Date', new Date(context.now()).toUTCString()]);
  const payload = BODY_METHODS.has(method) ? payloadOf(session, flowFile, context) : undefined;
  if (payload) headers.push(...payloadHeaders(payload, method, context));
  return { method, url, headers: flat(headers), body: () => payload?.open() ?? null };
}

/** Most flows have one URL: the last one is parsed once. */
function requestUrl(text: string, client: InvokeClient): URL {
  if (client.lastUrl?.text === text) return client.lastUrl.url;
  if (text === '') throw new Error('HTTP URL gives nothing');
  if (!URL.canParse(text) || !/^https?:/i.test(text)) throw new Error(`'${text}' is not a URL with http:// or https://`);
  client.lastUrl = { text, url: new URL(text) };
  return client.lastUrl.url;
}

type Header = [name: string, value: string];

function attributeHeaders(flowFile: FlowFile | undefined, { client: { headerPattern } }: Context): Header[] {
  if (!headerPattern || !flowFile) return [];
  return [...flowFile.attributes].filter(([name, value]) => !NOT_SENT.has(name) && !name.startsWith('invokehttp.') && value.trim() !== '' && headerPattern.test(name));
}

function dynamicHeaders(flowFile: FlowFile | undefined, { client: { headers } }: Context): Header[] {
  return headers.map(([name, value]): Header => [name, value(flowFile)]).filter(([, value]) => value.trim() !== '');
}

function payloadOf(session: ProcessSession, flowFile: FlowFile | undefined, { client: { fields }, properties: values }: Context): Payload | undefined {
  if (!flowFile || values.sendsBody === false) return { type: '', length: 0, open: () => null };
  const content = contentPayload(session, flowFile, values.contentType(flowFile) || 'application/octet-stream');
  const name = values.multipartName(flowFile);
  const filename = values.multipartFilename === false ? undefined : flowFile.getAttribute('filename');
  const texts = fields.map(([field, value]) => ({ name: field.slice(FORM.length), value: value(flowFile) }));
  const payload = name === undefined ? content : formPayload(texts, { name, filename }, content);
  const encoded = values.contentEncoding === 'GZIP' ? zipped(payload) : payload;
  return values.chunked ? unmeasured(encoded) : encoded;
}

function payloadHeaders({ type, length }: Payload, method: string, { properties: { chunked, contentEncoding } }: Context): Header[] {
  const headers: Header[] = type === '' ? [] : [['Content-Type', type]];
  if (type !== '' && contentEncoding === 'GZIP') headers.push(['Content-Encoding', 'gzip']);
  // A body without a length goes out in chunks.
  if (!(chunked && type !== '') && length !== undefined && BODY_METHODS.has(method)) headers.push(['Content-Length', String(length)]);
  return headers;
}

function flat(headers: readonly Header[]): string[] {
  const result: string[] = [];
  for (const [name, value] of headers) {
    if (UNSENDABLE.test(value)) throw new Error(`the value of header ${name} holds line breaks or characters that a header cannot hold`);
    result.push(name, value);
  }
  return result;
}

/** Dynamic properties that are form fields, and those that are headers. */
export function partitioned(dynamic: Context['dynamic']): { fields: [string, (flowFile?: FlowFile) => string][]; headers: [string, (flowFile?: FlowFile) => string][] } {
  const all = [...dynamic];
  return { fields: all.filter(([name]) => name.startsWith(FORM)), headers: all.filter(([name]) => !name.startsWith(FORM)) };
}
