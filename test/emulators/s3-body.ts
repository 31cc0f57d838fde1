import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { crc32 } from 'node:zlib';

/** A body that does not match what its headers say of it. */
export class BadDigest extends Error {}

async function all(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const checksum = (body: Buffer): string => {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return sum.toString('base64');
};

/** Amazon's own chunks (`aws-chunked`), with a checksum behind the last one. */
function unchunked(raw: Buffer): { readonly body: Buffer; readonly trailer: string } {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = raw.indexOf('\r\n', at);
    if (end === -1) throw new BadDigest('the last chunk is missing');
    const length = Number.parseInt(raw.toString('latin1', at, end), 16);
    at = end + 2;
    if (length === 0) return { body: Buffer.concat(pieces), trailer: raw.toString('latin1', at) };
    pieces.push(raw.subarray(at, at + length));
    at += length + 2;
  }
}

/** What was sent, checked against its checksums and its length. Throws BadDigest. */
export async function readBody(request: IncomingMessage): Promise<{ readonly body: Buffer; readonly crc32: string | undefined }> {
  const raw = await all(request);
  const { 'x-amz-content-sha256': hash = '', 'x-amz-decoded-content-length': length, 'x-amz-checksum-crc32': header } = request.headers as Record<string, string | undefined>;
  const { body, trailer } = hash.startsWith('STREAMING-') ? unchunked(raw) : { body: raw, trailer: '' };
  if (length !== undefined && Number(length) !== body.length) throw new BadDigest(`${body.length} bytes came instead of ${length}`);
  if (/^[0-9a-f]{64}$/.test(hash) && createHash('sha256').update(body).digest('hex') !== hash) throw new BadDigest('sha256');
  const sum = header ?? /x-amz-checksum-crc32:(\S+)/.exec(trailer)?.[1];
  if (sum !== undefined && sum !== checksum(body)) throw new BadDigest('crc32');
  return { body, crc32: sum };
}
