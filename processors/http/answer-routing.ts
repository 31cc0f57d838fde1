import { randomUUID } from 'node:crypto';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { valuesOf } from './http-exchange.ts';
import type { InvokeClient } from './invoke-client.ts';
import type { properties } from './invoke-properties.ts';
import type { HttpAnswer } from './pending-answer.ts';
import { addressOf } from './url-parts.ts';

/** An answer up to so many bytes is taken in one piece. */
const SMALL = 1024 * 1024;

export type InvokeSession = ProcessSession<'Original' | 'Response' | 'Retry' | 'No Retry' | 'Failure'>;
type Context = ProcessContext<typeof properties, InvokeClient>;

export interface Exchanged {
  readonly answer: HttpAnswer;
  readonly requestUrl: URL;
  /** Milliseconds. */
  readonly duration: number;
}

/** Takes the answer in and sends both FlowFiles their ways. */
export async function routeAnswer(session: InvokeSession, given: FlowFile | undefined, exchanged: Exchanged, context: Context): Promise<void> {
  const { answer } = exchanged;
  const values = context.properties;
  const isSuccess = answer.status >= 200 && answer.status < 300;
  const attributes = statusAttributes(exchanged, context);
  const inAttribute = values.bodyAttribute(given);
  const makesFlowFile = (isSuccess && inAttribute === undefined) || values.generates === true;
  let request = given && session.putAttributes(given, values.headersToRequest === true ? withHeaders({ ...attributes }, answer, values.headerPrefix(given) ?? '') : attributes);
  let response: FlowFile | undefined;
  if (makesFlowFile) response = await responseFlowFile(session, request, exchanged, attributes, context);
  if (request && (!isSuccess || inAttribute !== undefined)) {
    const text = response ? bodyText(session.read(response), answer, values.bodyAttributeSize) : await firstText(answer, values.ignoresBody ? 0 : values.bodyAttributeSize);
    request = session.putAttribute(request, inAttribute ?? 'invokehttp.response.body', text);
  } else if (!response) await answer.body.dump();
  if (response) session.transfer(response, 'Response');
  if (request) leave(session, request, answer.status, values.penalizesNoRetry === true);
}

function leave(session: InvokeSession, request: FlowFile, status: number, penalizes: boolean): void {
  if (status >= 200 && status < 300) session.transfer(request, 'Original');
  else if (status >= 500) session.transfer(session.penalize(request), 'Retry');
  else session.transfer(penalizes ? session.penalize(request) : request, 'No Retry');
}

function statusAttributes({ answer, requestUrl, duration }: Exchanged, { client: { client } }: Context): Record<string, string> {
  const { href, origin } = addressOf(answer.url);
  const attributes: Record<string, string> = {
    'invokehttp.status.code': String(answer.status),
    'invokehttp.status.message': answer.reason,
    'invokehttp.request.url': addressOf(requestUrl).href,
    'invokehttp.response.url': href,
    'invokehttp.request.duration': String(Math.round(duration)),
    'invokehttp.tx.id': randomUUID(),
  };
  const peer = client.peer(origin);
  if (peer !== undefined) attributes['invokehttp.remote.dn'] = peer;
  return attributes;
}

/** Adds headers to attributes: several of the same name with commas between them. */
function withHeaders(attributes: Record<string, string>, { headers }: HttpAnswer, prefix = ''): Record<string, string> {
  for (let index = 0; index < headers.length; index += 2) {
    const name = prefix + headers[index]!;
    const value = headers[index + 1]!;
    const known = attributes[name];
    attributes[name] = known !== undefined && isToldBefore(headers, index) ? `${known}, ${value}` : value;
  }
  return attributes;
}

function isToldBefore(headers: readonly string[], index: number): boolean {
  for (let before = 0; before < index; before += 2) if (headers[before] === headers[index]) return true;
  return false;
}

async function responseFlowFile(
  session: InvokeSession,
  request: FlowFile | undefined,
  { answer, requestUrl }: Exchanged,
  status: Record<string, string>,
  context: Context,
): Promise<FlowFile> {
  const [type] = valuesOf(answer.headers, 'content-type');
  const attributes = withHeaders({ ...status }, answer);
  if (type !== undefined) attributes['mime.type'] = type;
  const name = context.properties.naming === 'URL_PATH' ? lastPart(requestUrl) : undefined;
  if (name !== undefined) attributes.filename = decoded(name);
  const flowFile = session.putAttributes(session.create(request), attributes);
  const filled = await withBody(session, flowFile, answer, context.properties.ignoresBody).catch((thrown: unknown) => {
    session.remove(flowFile);
    throw thrown;
  });
  session.report(request ? 'FETCH' : 'RECEIVE', filled, addressOf(answer.url).href);
  return filled;
}

const lastPart = ({ pathname }: URL): string | undefined =>
  pathname
    .split('/')
    .filter((part) => part !== '')
    .at(-1);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function withBody(session: InvokeSession, flowFile: FlowFile, { headers, body }: HttpAnswer, isIgnored: boolean): Promise<FlowFile> {
  if (isIgnored) {
    await body.dump();
    return flowFile;
  }
  const [length] = valuesOf(headers, 'content-length');
  if (length === undefined || Number(length) > SMALL) return session.writeStream(flowFile, body);
  const bytes = await body.bytes();
  return bytes.length === 0 ? flowFile : session.write(flowFile, bytes);
}

async function firstText(answer: HttpAnswer, size: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body) {
    pieces.push(piece);
    length += piece.length;
    if (length >= size) break;
  }
  return bodyText(Buffer.concat(pieces), answer, size);
}

function bodyText(bytes: Uint8Array, { headers }: HttpAnswer, size: number): string {
  const characterSet = /charset="?([\w.:-]+)/i.exec(valuesOf(headers, 'content-type')[0] ?? '')?.[1] ?? 'utf-8';
  const part = bytes.subarray(0, size);
  try {
    return new TextDecoder(characterSet).decode(part, { stream: true });
  } catch {
    return new TextDecoder().decode(part, { stream: true });
  }
}
