import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Call } from './call.ts';
import { HttpError } from './errors.ts';

/** Content of a FlowFile to be sent: its bytes are opened only for the part that is wanted. */
export interface Content {
  readonly size: number;
  readonly name: string;
  /** The `mime.type` attribute. */
  readonly mimeType: string | undefined;
  open(offset: number, length: number): Readable | AsyncIterable<Uint8Array>;
}

interface Part {
  readonly status: 200 | 206;
  readonly start: number;
  readonly length: number;
}

/** The part that a Range header asks for; several ranges at once are answered with everything. */
function partOf({ request }: Call, size: number): Part {
  const ranges = request.range(size);
  if (ranges === -1) throw new HttpError(416, `The range '${request.headers.range}' lies outside of the content, which has ${size} bytes.`);
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return { status: 200, start: 0, length: size };
  const { start, end } = ranges[0]!;
  return { status: 206, start, length: end - start + 1 };
}

/**
 * Sends content. It comes from outside and is shown under the address of the API: whatever it claims to be, browsers must
 * neither guess nor run it.
 */
export async function sendContent(call: Call, response: Response, content: Content): Promise<void> {
  const { status, start, length } = partOf(call, content.size);
  response
    .status(status)
    .attachment(content.name)
    .set({
      'Content-Type': /^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/.test(content.mimeType ?? '') ? content.mimeType! : 'application/octet-stream',
      'Content-Length': String(length),
      'Accept-Ranges': 'bytes',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "sandbox; default-src 'none'",
    });
  if (status === 206) response.set('Content-Range', `bytes ${start}-${start + length - 1}/${content.size}`);
  await pipeline(content.open(start, length), response).catch((failure: NodeJS.ErrnoException) => {
    // The client went away: nothing is wrong here.
    if (failure.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw failure;
  });
}

/** A part of a stream that can only be read from its beginning. */
export async function* partOfStream(stream: Readable, start: number, length: number): AsyncGenerator<Uint8Array> {
  let [at, left] = [0, length];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const from = Math.max(0, start - at);
    at += chunk.length;
    const piece = chunk.subarray(from, from + left);
    if (piece.length > 0) yield piece;
    left -= piece.length;
    if (left <= 0) return;
  }
}
