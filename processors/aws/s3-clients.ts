import type { S3Client } from '@aws-sdk/client-s3';
import type { AwsCredentialsService } from '../../server/extension/aws.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { ProxySettings } from '../../server/extension/http-services.ts';
import { openS3 } from '../../server/extension/s3.ts';
import type { SslContext } from '../../server/extension/ssl-context.ts';

interface Configured {
  readonly credentials: AwsCredentialsService;
  readonly timeout: number;
  readonly ssl: SslContext | undefined;
  readonly endpoint: string | undefined;
  readonly proxy: ProxySettings | undefined;
}

export type S3 = typeof import('@aws-sdk/client-s3');

/** The clients of one processor, one for each region. */
export class S3Clients {
  readonly s3: S3;
  readonly #configured: Configured;
  readonly #isPathStyle: boolean;
  readonly #isChunked: boolean;
  readonly #clients = new Map<string, Promise<S3Client>>();

  private constructor(s3: S3, configured: Configured, isPathStyle: boolean, isChunked: boolean) {
    this.s3 = s3;
    this.#configured = configured;
    this.#isPathStyle = isPathStyle;
    this.#isChunked = isChunked;
  }

  static async create(configured: Configured, options: { readonly isPathStyle?: boolean; readonly isChunked?: boolean } = {}): Promise<S3Clients> {
    return new S3Clients(await import('@aws-sdk/client-s3'), configured, options.isPathStyle ?? false, options.isChunked ?? true);
  }

  /** Throws ProcessError where there are no credentials. */
  async of(region: string): Promise<S3Client> {
    const known = this.#clients.get(region);
    if (known) return known;
    const opened = openS3({ ...this.#configured, region, isPathStyle: this.#isPathStyle, isChunked: this.#isChunked });
    this.#clients.set(region, opened);
    opened.catch(() => this.#clients.delete(region));
    return opened;
  }

  async close(): Promise<void> {
    for (const opened of this.#clients.values()) (await opened.catch(() => undefined))?.destroy();
    this.#clients.clear();
  }

  /** Where an object is, for people. */
  url(region: string, bucket: string, key: string): string {
    const { endpoint } = this.#configured;
    const path = key.split('/').map(encodeURIComponent).join('/');
    if (endpoint !== undefined) return `${endpoint.replace(/\/$/, '')}/${bucket}/${path}`;
    return this.#isPathStyle ? `https://s3.${region}.amazonaws.com/${bucket}/${path}` : `https://${bucket}.s3.${region}.amazonaws.com/${path}`;
  }
}

/** What a failure adds to a FlowFile, under NiFi's names. */
export function failureAttributes(thrown: unknown): Record<string, string> {
  const { name, $metadata, message } = thrown as { name?: string; message?: string; $metadata?: { httpStatusCode?: number } };
  return {
    's3.exception': name ?? 'Error',
    ...($metadata?.httpStatusCode === undefined ? {} : { 's3.statusCode': String($metadata.httpStatusCode), 's3.errorCode': name ?? '', 's3.errorMessage': message ?? '' }),
  };
}

/** What went wrong, and what to do about the most frequent causes. */
export function explainS3(thrown: unknown): string {
  const { name } = thrown as { name?: string };
  const remedy = {
    SignatureDoesNotMatch: ' Check the Secret Access Key of the AWS Credentials Provider Service.',
    InvalidAccessKeyId: ' Check the Access Key ID of the AWS Credentials Provider Service.',
    AccessDenied: ' Check what these credentials may do with the bucket.',
    NoSuchBucket: ' Check Bucket and Region.',
    PermanentRedirect: ' Check Region.',
  }[name ?? ''];
  return `${messageOf(thrown) || name}${remedy ?? ''}`;
}

/** `s3.encryptionStrategy` and `s3.sseAlgorithm`, as far as the answer tells. */
export function encryptionAttributes(algorithm: string | undefined, customerAlgorithm: string | undefined): Record<string, string> {
  if (algorithm === 'AES256') return { 's3.encryptionStrategy': 'SSE_S3', 's3.sseAlgorithm': algorithm };
  if (algorithm === 'aws:kms') return { 's3.encryptionStrategy': 'SSE_KMS', 's3.sseAlgorithm': algorithm };
  return customerAlgorithm ? { 's3.encryptionStrategy': 'SSE_C' } : {};
}

/** `s3.expirationTime` and its rule, from the header `expiry-date="...", rule-id="..."`. */
export function expirationAttributes(header: string | undefined): Record<string, string> {
  const [, date, rule] = /expiry-date="([^"]*)",\s*rule-id="([^"]*)"/.exec(header ?? '') ?? [];
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? {} : { 's3.expirationTime': String(time), 's3.expirationTimeRuleId': decoded(rule ?? '') };
}

/** Text that may be percent-encoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** An ETag without its quotes, as an attribute. */
export const etagAttribute = (etag: string | undefined): Record<string, string> => (etag ? { 's3.etag': etag.replace(/^"|"$/g, '') } : {});
