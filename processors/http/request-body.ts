import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { RequestBody } from './http-exchange.ts';

/** Content up to so many bytes is sent in one piece. */
const SMALL = 1024 * 1024;

type Reader = Pick<ProcessSession, 'read' | 'readStream'>;

export interface Payload {
  readonly type: string;
  /** Bytes; undefined where it is not known beforehand. */
  readonly length: number | undefined;
  open(): RequestBody;
}

/** A FlowFile's content as a body. */
export function contentPayload(session: Reader, flowFile: FlowFile, type: string): Payload {
  if (flowFile.size <= SMALL) {
    const bytes = session.read(flowFile);
    return { type, length: bytes.length, open: () => bytes };
  }
  return { type, length: flowFile.size, open: () => session.readStream(flowFile) };
}

/** The same, compressed. */
export function zipped(payload: Payload): Payload {
  const body = payload.open();
  if (body instanceof Uint8Array) {
    const bytes = gzipSync(body);
    return { ...payload, length: bytes.length, open: () => bytes };
  }
  return { ...payload, length: undefined, open: () => Readable.from(payload.open() as AsyncIterable<Uint8Array>).pipe(createGzip()) };
}

/** The same with its length left open. */
export function unmeasured(payload: Payload): Payload {
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    const body = payload.open();
    if (body instanceof Uint8Array) yield body;
    else if (body) yield* body;
  };
  return { ...payload, length: undefined, open: pieces };
}

export interface FormField {
  readonly name: string;
  readonly value: string;
}

export interface FormFile {
  readonly name: string;
  readonly filename: string | undefined;
}

const quoted = (text: string): string => `"${text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22')}"`;

/** A body of multipart/form-data (RFC 7578): fields, then a payload as file. */
export function formPayload(fields: readonly FormField[], file: FormFile, payload: Payload): Payload {
  const boundary = randomUUID();
  const open = (name: string, more = ''): string => `--${boundary}\r\nContent-Disposition: form-data; name=${quoted(name)}${more}\r\n`;
  const texts = fields.map(({ name, value }) => `${open(name)}\r\n${value}\r\n`);
  const filename = file.filename === undefined ? '' : `; filename=${quoted(file.filename)}`;
  const before = Buffer.from(`${texts.join('')}${open(file.name, filename)}Content-Type: ${payload.type}\r\n\r\n`);
  const after = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    length: payload.length === undefined ? undefined : before.length + payload.length + after.length,
    open: () => between(before, payload.open(), after),
  };
}

function between(before: Buffer, body: RequestBody, after: Buffer): RequestBody {
  if (body === null || body instanceof Uint8Array) return Buffer.concat([before, body ?? new Uint8Array(), after]);
  return (async function* () {
    yield before;
    yield* body;
    yield after;
  })();
}
