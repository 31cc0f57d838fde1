import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { type Coordinates, type Found, subjectOf } from '../../server/extension/lookup.ts';
import type { PropertyValues } from '../../server/extension/property.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { isObject, textOf } from '../../server/extension/record-coercion.ts';
import type { RecordPath } from '../../server/extension/record-path/record-path.ts';
import { typeOrString } from '../../server/extension/record-path/path-value.ts';
import { recordType, schemaOf } from '../../server/extension/record-schema.ts';
import type { HttpExchange, HttpRequest } from './http-exchange.ts';
import type { HttpAnswer } from './pending-answer.ts';
import type { restLookupProperties } from './rest-lookup-properties.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
/** An answer is held in memory: it must be one record, more or less. */
const MAX_ANSWER = 16 * 1024 ** 2;

type Headers = ReadonlyMap<string, (flowFile?: FlowFile) => string>;

/** The request of a look-up. Coordinates with special meaning: request.method, request.body, mime.type. Throws ProcessError. */
export function lookupRequest(url: (flowFile?: FlowFile) => string, headers: Headers, coordinates: Coordinates, attributes: ReadonlyMap<string, string> = new Map()): HttpRequest {
  const told = new Map([...coordinates].flatMap(([name, value]) => (value === null ? [] : [[name, textOf(value)] as const])));
  const subject = subjectOf(new Map([...told, ...attributes]));
  const method = (told.get('request.method') ?? 'GET').trim().toUpperCase();
  if (!METHODS.includes(method)) throw new ProcessError(`request.method '${method}' is not one of ${METHODS.join(', ')}.`);
  const body = told.get('request.body') ?? '';
  const mimeType = told.get('mime.type') ?? '';
  if (body.trim() === '' && (method === 'POST' || method === 'PUT')) throw new ProcessError(`A ${method} needs the coordinate request.body.`);
  if (body.trim() !== '' && mimeType.trim() === '') throw new ProcessError('The coordinate request.body needs mime.type, which says what it is.');
  const address = url(subject);
  if (!URL.canParse(address) || !/^https?:/i.test(address)) throw new ProcessError(`'${address.slice(0, 200)}' is no address with http:// or https:// (URL).`);
  const sent = [...headers].flatMap(([name, value]) => [name, value(subject)]);
  if (sent.some((text) => /[\r\n]/.test(text))) throw new ProcessError('A header must not hold line breaks.');
  return { method, url: new URL(address), headers: body === '' ? sent : [...sent, 'Content-Type', mimeType], body: () => (body === '' ? null : Buffer.from(body)) };
}

async function bytesOf({ body, url }: HttpAnswer): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    size += piece.length;
    if (size > MAX_ANSWER) throw new ProcessError(`The answer of ${url.origin} is larger than ${MAX_ANSWER} bytes.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** What a path leads to in a record: a record as it is, any other value as a record of one field. */
function selected(record: DataRecord, schema: Parameters<typeof recordType>[0], path: RecordPath): Found | undefined {
  const [place] = path.evaluate(record, schema);
  if (!place || place.value === null || place.value === undefined) return undefined;
  const type = typeOrString(place);
  if (isObject(place.value)) return { value: place.value, type };
  return { value: { [place.name]: place.value }, type: recordType(schemaOf([{ name: place.name, type, nullable: true }])) };
}

/** Sends the request of a look-up and reads the answer. Throws ProcessError. */
export async function answerOf(
  exchange: HttpExchange,
  request: HttpRequest,
  { reader, handling }: Pick<PropertyValues<typeof restLookupProperties>, 'reader' | 'handling'>,
  path: RecordPath | undefined,
  attributes: ReadonlyMap<string, string> = new Map(),
): Promise<Found | undefined> {
  try {
    const answer = await exchange.send(request);
    const bytes = await bytesOf(answer);
    if (handling === 'EVALUATED' && (answer.status < 200 || answer.status > 299))
      throw new ProcessError(`${request.url.origin} answered ${answer.status}: ${bytes.toString().slice(0, 300) || '(nothing)'}`);
    if (bytes.length === 0) return undefined;
    const { schema, batches } = await reader.read(async function* () {
      yield bytes;
    }, subjectOf(attributes));
    for await (const [record] of batches) if (record) return path ? selected(record, schema, path) : { value: record, type: recordType(schema) };
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ProcessError) throw thrown;
    const reason = messageOf(thrown) || String((thrown as { code?: string }).code);
    throw new ProcessError(`The look-up at ${request.url.origin} failed: ${reason}`, { cause: thrown });
  }
}
