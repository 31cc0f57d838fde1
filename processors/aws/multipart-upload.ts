import { Readable } from 'node:stream';
import type { CompletedPart, CompleteMultipartUploadCommandOutput, CreateMultipartUploadCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { ObjectRequest } from './put-s3-request.ts';
import type { S3 } from './s3-clients.ts';

export interface MultipartResult {
  readonly created: CreateMultipartUploadCommandOutput;
  readonly completed: CompleteMultipartUploadCommandOutput;
}

export interface Upload {
  readonly s3: S3;
  readonly client: S3Client;
  readonly request: ObjectRequest;
  readonly partSize: number;
  readonly signal: AbortSignal;
}

/** Takes a stream apart into pieces of so many bytes, each read as it is sent: nothing is kept. */
class Parts {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #rest: Uint8Array | undefined;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#chunks = content[Symbol.asyncIterator]();
  }

  /** The next `length` bytes; throws where the stream ends before. */
  async *next(length: number): AsyncGenerator<Uint8Array> {
    for (let left = length; left > 0; ) {
      const chunk = this.#rest ?? (await this.#chunks.next()).value;
      if (!chunk) throw new Error(`the content ended ${left} bytes too early`);
      this.#rest = chunk.length > left ? chunk.subarray(left) : undefined;
      const piece = chunk.length > left ? chunk.subarray(0, left) : chunk;
      left -= piece.length;
      yield piece;
    }
  }

  async end(): Promise<void> {
    await this.#chunks.return?.();
  }
}

async function sendParts({ s3, client, request, partSize, signal }: Upload, uploadId: string, content: Parts, size: number): Promise<CompletedPart[]> {
  const { Bucket, Key, SSECustomerAlgorithm, SSECustomerKey } = request;
  const named = { Bucket, Key, UploadId: uploadId, SSECustomerAlgorithm, SSECustomerKey };
  const sent: CompletedPart[] = [];
  for (let at = 0; at < size; at += partSize) {
    const length = Math.min(partSize, size - at);
    const PartNumber = sent.length + 1;
    const command = new s3.UploadPartCommand({ ...named, PartNumber, ContentLength: length, Body: Readable.from(content.next(length), { objectMode: false }) });
    const { ETag, ChecksumCRC32 } = await client.send(command, { abortSignal: signal });
    sent.push({ PartNumber, ETag, ...(ChecksumCRC32 === undefined ? {} : { ChecksumCRC32 }) });
  }
  return sent;
}

/** Sends content in parts, one after the other. Where one fails, the upload is given up, so that nobody pays for parts. */
export async function uploadInParts(upload: Upload, source: AsyncIterable<Uint8Array>, size: number): Promise<MultipartResult> {
  const { s3, client, request, signal } = upload;
  const created = await client.send(new s3.CreateMultipartUploadCommand(request), { abortSignal: signal });
  const named = { Bucket: request.Bucket, Key: request.Key, UploadId: created.UploadId! };
  const content = new Parts(source);
  try {
    const parts = await sendParts(upload, named.UploadId, content, size);
    const completed = await client.send(new s3.CompleteMultipartUploadCommand({ ...named, MultipartUpload: { Parts: parts } }), { abortSignal: signal });
    return { created, completed };
  } catch (thrown) {
    await client.send(new s3.AbortMultipartUploadCommand(named)).catch(() => undefined);
    throw thrown;
  } finally {
    await content.end();
  }
}

/** Gives up uploads of a bucket that nobody has finished for so long. Returns their keys. `maxAge` in milliseconds. */
export async function abortOldUploads(s3: S3, client: S3Client, bucket: string, maxAge: number, now: number): Promise<string[]> {
  const { Uploads = [] } = await client.send(new s3.ListMultipartUploadsCommand({ Bucket: bucket }));
  const old = Uploads.filter(({ Initiated }) => Initiated && now - Initiated.getTime() > maxAge);
  for (const { Key, UploadId } of old) await client.send(new s3.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
  return old.map(({ Key }) => Key ?? '');
}
