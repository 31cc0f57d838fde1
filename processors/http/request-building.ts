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
  const headers = new HeaderList();
  addAttributes(headers, flowFile, context);
  for (const [name, value] of context.client.headers) headers.addUnlessBlank(name, value(flowFile));
  const agent = values.userAgent(flowFile);
  if (agent) headers.add('User-Agent', agent);
  if (values.dateHeader === 'True') headers.add('Date', dateText(context));
  const payload = BODY_METHODS.has(method) ? payloadOf(session, flowFile, context) : undefined;
  if (payload) addPayload(headers, payload, context);
  return { method, url, headers: headers.list, body: () => payload?.open() ?? null };
}

/** Headers of a request: names and values in turn. */
class HeaderList {
  readonly list: string[] = [];

  /** Throws an Error that says what cannot be sent. */
  add(name: string, value: string): void {
    if (UNSENDABLE.test(value)) throw new Error(`the value of header ${name} holds line breaks or characters that a header cannot hold`);
    this.list.push(name, value);
  }

  addUnlessBlank(name: string, value: string): void {
    if (value.trim() !== '') this.add(name, value);
  }
}

/** The time as HTTP writes it: the same for a second. */
function dateText({ client, now }: Context): string {
  const second = Math.floor(now() / 1000);
  if (client.lastDate?.second !== second) client.lastDate = { second, text: new Date(second * 1000).toUTCString() };
  return client.lastDate.text;
}

/** Most flows have one URL: the last one is parsed once. */
function requestUrl(text: string, client: InvokeClient): URL {
  if (client.lastUrl?.text === text) return client.lastUrl.url;
  if (text === '') throw new Error('HTTP URL gives nothing');
  if (!URL.canParse(text) || !/^https?:/i.test(text)) throw new Error(`'${text}' is not a URL with http:// or https://`);
  client.lastUrl = { text, url: new URL(text) };
  return client.lastUrl.url;
}

function addAttributes(headers: HeaderList, flowFile: FlowFile | undefined, { client: { headerPattern } }: Context): void {
  if (!headerPattern || !flowFile) return;
  for (const [name, value] of flowFile.attributes) {
    if (!NOT_SENT.has(name) && !name.startsWith('invokehttp.') && headerPattern.test(name)) headers.addUnlessBlank(name, value);
  }
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

function addPayload(headers: HeaderList, { type, length }: Payload, { properties: { chunked, contentEncoding } }: Context): void {
  if (type !== '') headers.add('Content-Type', type);
  if (type !== '' && contentEncoding === 'GZIP') headers.add('Content-Encoding', 'gzip');
  // A body without a length goes out in chunks.
  if (!(chunked && type !== '') && length !== undefined) headers.add('Content-Length', String(length));
}

/** Dynamic properties that are form fields, and those that are headers. */
export function partitioned(dynamic: Context['dynamic']): { fields: [string, (flowFile?: FlowFile) => string][]; headers: [string, (flowFile?: FlowFile) => string][] } {
  const all = [...dynamic];
  return { fields: all.filter(([name]) => name.startsWith(FORM)), headers: all.filter(([name]) => !name.startsWith(FORM)) };
}
