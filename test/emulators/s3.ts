import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadDigest, readBody } from './s3-body.ts';
import { signatureFault } from './s3-signature.ts';
import { Bucket, md5, type StoredObject } from './s3-store.ts';

export const ACCESS_KEY = 'AKIAEXAMPLE';
export const SECRET_KEY = 'the+secret/of+the/emulator';

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bucket: Bucket;
  readonly key: string;
  readonly query: URLSearchParams;
}

class S3Fault extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

const text = (value: string): string => value.replace(/[<>&\r\n]/g, (letter) => `&#${letter.charCodeAt(0)};`);
const tag = (name: string, ...inside: string[]): string => `<${name}>${inside.join('')}</${name}>`;

/** Headers that are stored with an object and given back. */
const KEPT = /^(content-type|content-disposition|cache-control|x-amz-meta-.*|x-amz-storage-class|x-amz-server-side-encryption.*|x-amz-acl|x-amz-grant-.*)$/;

/** What the server may do wrong. */
export interface S3Faults {
  /** So many bytes of an object are sent, then the connection is cut. */
  cutAfter?: number;
  /** The connection is cut when this part comes. */
  cutPart?: number;
  /** Requests are never answered. */
  isSilent?: boolean;
}

/**
 * S3 as far as processors use it, path style: signatures (version 4) and checksums are checked, listings come in pages of two,
 * all versions are kept. In memory.
 */
export class S3Emulator {
  readonly buckets = new Map<string, Bucket>();
  readonly faults: S3Faults = {};
  /** Method and path of each request, with its headers. */
  readonly received: { readonly method: string; readonly path: string; readonly headers: IncomingMessage['headers'] }[] = [];
  readonly #server: Server = createServer((request, response) => void this.#handle(request, response));
  readonly #secrets = new Map([[ACCESS_KEY, SECRET_KEY]]);

  static async start(...buckets: string[]): Promise<S3Emulator> {
    const emulator = new S3Emulator();
    for (const name of buckets) emulator.buckets.set(name, new Bucket());
    emulator.#server.listen(0, '127.0.0.1');
    await once(emulator.#server, 'listening');
    return emulator;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.url);
    this.received.push({ method: request.method!, path: url.pathname, headers: request.headers });
    if (this.faults.isSilent) return;
    try {
      const fault = signatureFault(request, this.#secrets);
      if (fault) throw new S3Fault(403, fault);
      const [, name = '', ...parts] = url.pathname.split('/').map(decodeURIComponent);
      const bucket = this.buckets.get(name);
      if (!bucket) throw new S3Fault(404, 'NoSuchBucket');
      await this.#serve({ request, response, bucket, key: parts.join('/'), query: url.searchParams });
    } catch (thrown) {
      request.resume();
      const known = thrown instanceof BadDigest ? new S3Fault(400, 'BadDigest') : thrown instanceof S3Fault ? thrown : new S3Fault(500, 'InternalError');
      const body = request.method === 'HEAD' ? '' : tag('Error', tag('Code', known.code), tag('Message', `The emulator says ${known.code}`));
      response.writeHead(known.status, { 'content-type': 'application/xml' }).end(body);
    }
  }

  async #serve(call: Call): Promise<void> {
    const { request, key, query } = call;
    const { method } = request;
    if (key === '') return method === 'GET' && query.has('uploads') ? listUploads(call) : list(call);
    if (method === 'POST') return query.has('uploads') ? createUpload(call) : complete(call);
    if (method === 'PUT') return query.has('uploadId') ? this.#putPart(call) : put(call);
    if (method === 'DELETE') return remove(call);
    const found = call.bucket.get(key, query.get('versionId'));
    if (!found) throw new S3Fault(404, 'NoSuchKey');
    const { 'x-amz-server-side-encryption-customer-key-md5': customer } = found.headers;
    if (customer !== undefined && customer !== request.headers['x-amz-server-side-encryption-customer-key-md5']) throw new S3Fault(400, 'InvalidRequest');
    if (query.has('tagging')) return tags(call, found);
    this.#give(call, found);
  }

  #give({ request, response }: Call, { body, etag, version, modified, headers }: StoredObject): void {
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const part = body.subarray(Number(from), to === '' ? undefined : Number(to) + 1);
    if (request.headers.range && part.length === 0) throw new S3Fault(416, 'InvalidRange');
    response.writeHead(request.headers.range ? 206 : 200, {
      ...headers,
      etag: `"${etag}"`,
      'x-amz-version-id': version,
      'last-modified': modified.toUTCString(),
      'content-length': part.length,
    });
    if (request.method === 'HEAD') return void response.end();
    const { cutAfter } = this.faults;
    if (cutAfter === undefined) return void response.end(part);
    response.write(part.subarray(0, cutAfter), () => response.destroy());
  }

  async #putPart({ request, response, bucket, query }: Call): Promise<void> {
    const number = Number(query.get('partNumber'));
    if (number === this.faults.cutPart) return void request.socket.destroy();
    const upload = bucket.uploads.get(query.get('uploadId')!);
    if (!upload) throw new S3Fault(404, 'NoSuchUpload');
    const { body } = await readBody(request);
    upload.parts.set(number, { body, etag: md5(body) });
    response.writeHead(200, { etag: `"${md5(body)}"` }).end();
  }
}

const kept = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT.test(name) && !name.endsWith('customer-key'))) as Record<string, string>;

const tagsOf = (headers: IncomingMessage['headers']): Record<string, string> => Object.fromEntries(new URLSearchParams((headers['x-amz-tagging'] as string | undefined) ?? ''));

/** What the answer to an upload tells of the encryption. */
const encryption = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-server-side')));

async function put({ request, response, bucket, key }: Call): Promise<void> {
  const { body, crc32 } = await readBody(request);
  const headers = { ...kept(request.headers), ...(crc32 ? { 'x-amz-checksum-crc32': crc32 } : {}) };
  const { etag, version } = bucket.put(key, body, headers, tagsOf(request.headers));
  response.writeHead(200, { etag: `"${etag}"`, 'x-amz-version-id': version, ...encryption(headers) }).end();
}

function remove({ response, bucket, key, query }: Call): void {
  if (query.has('uploadId')) bucket.uploads.delete(query.get('uploadId')!);
  else bucket.remove(key, query.get('versionId'));
  response.writeHead(204).end();
}

function tags({ response }: Call, { tags: set }: StoredObject): void {
  const all = Object.entries(set).map(([name, value]) => tag('Tag', tag('Key', text(name)), tag('Value', text(value))));
  response.writeHead(200).end(tag('Tagging', tag('TagSet', ...all)));
}

async function createUpload({ request, response, bucket, key }: Call): Promise<void> {
  request.resume();
  const id = randomUUID();
  const headers = kept(request.headers);
  bucket.uploads.set(id, { key, initiated: new Date(), headers, tags: tagsOf(request.headers), parts: new Map() });
  response.writeHead(200, encryption(headers)).end(tag('InitiateMultipartUploadResult', tag('UploadId', id)));
}

async function complete({ request, response, bucket, key, query }: Call): Promise<void> {
  const id = query.get('uploadId')!;
  const upload = bucket.uploads.get(id);
  if (!upload) throw new S3Fault(404, 'NoSuchUpload');
  const wanted = [...(await readBody(request)).body.toString().matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part]) => part!);
  const parts = wanted.map((part) => upload.parts.get(Number(/<PartNumber>(\d+)/.exec(part)![1])));
  if (parts.length === 0 || parts.some((part) => part === undefined)) throw new S3Fault(400, 'InvalidPart');
  bucket.uploads.delete(id);
  const body = Buffer.concat(parts.map((part) => part!.body));
  const { etag, version } = bucket.put(key, body, upload.headers, upload.tags, `${md5(Buffer.concat(parts.map((part) => Buffer.from(part!.etag, 'hex'))))}-${parts.length}`);
  response.writeHead(200, { 'x-amz-version-id': version }).end(tag('CompleteMultipartUploadResult', tag('Key', text(key)), tag('ETag', `"${etag}"`)));
}

function listUploads({ response, bucket }: Call): void {
  const all = [...bucket.uploads].map(([id, { key, initiated }]) => tag('Upload', tag('Key', text(key)), tag('UploadId', id), tag('Initiated', initiated.toISOString())));
  response.writeHead(200).end(tag('ListMultipartUploadsResult', ...all));
}

const PAGE = 2;

const described = (key: string, { etag, modified, body, headers }: StoredObject): string[] => [
  tag('Key', text(key)),
  tag('LastModified', modified.toISOString()),
  tag('ETag', `"${etag}"`),
  tag('Size', String(body.length)),
  tag('StorageClass', headers['x-amz-storage-class'] ?? 'STANDARD'),
  tag('Owner', tag('ID', 'owner-1')),
];

function list({ response, bucket, query }: Call): void {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter')];
  const after = query.get('marker') ?? query.get('continuation-token') ?? query.get('key-marker') ?? '';
  const keys = bucket.keys(prefix, after).filter((key) => !delimiter || !key.slice(prefix.length).includes(delimiter));
  const page = keys.slice(0, PAGE);
  const next = keys.length > PAGE ? page.at(-1)! : undefined;
  const truncated = tag('IsTruncated', String(next !== undefined));
  if (query.has('versions')) {
    const versions = page.flatMap((key) => bucket.objects.get(key)!.map((each, index, all) => ({ key, each, isLatest: index === all.length - 1 })));
    const tags = versions.map(({ key, each, isLatest }) => tag('Version', ...described(key, each), tag('VersionId', each.version), tag('IsLatest', String(isLatest))));
    return void response.writeHead(200).end(tag('ListVersionsResult', truncated, next ? tag('NextKeyMarker', text(next)) : '', ...tags));
  }
  const contents = page.map((key) => tag('Contents', ...described(key, bucket.get(key)!)));
  const marker = next === undefined ? '' : query.get('list-type') === '2' ? tag('NextContinuationToken', text(next)) : delimiter ? tag('NextMarker', text(next)) : '';
  response.writeHead(200).end(tag('ListBucketResult', truncated, marker, ...contents));
}
