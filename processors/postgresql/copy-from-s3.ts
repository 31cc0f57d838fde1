import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { openS3, type S3Settings } from '../../server/extension/s3.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';
import type { Session } from './connections.ts';
import type { Loader, StageRow } from './upsert.ts';

export interface BulkSettings extends Omit<S3Settings, 'isPathStyle' | 'isChunked'> {
  readonly bucket: string;
  /** What the names of objects begin with; empty, or with a slash at its end. */
  readonly prefix: string;
  /** The role by which the cluster reads the bucket (`default` for its own), instead of this service's credentials. */
  readonly role: string | undefined;
}

const compress = promisify(gzip);
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Rows go into a bucket as gzipped lines of JSON, from where the cluster loads them by COPY: one statement for ten thousand rows. */
export class CopyFromS3 {
  readonly #settings: BulkSettings;
  #client: Promise<S3Client> | undefined;

  constructor(settings: BulkSettings) {
    this.#settings = settings;
  }

  readonly load: Loader = async (session, stage, columns, rows) => {
    const { bucket, prefix } = this.#settings;
    const key = `${prefix}millrace-${randomUUID()}`;
    const [data, paths] = [`${key}.json.gz`, `${key}.jsonpaths`];
    try {
      await this.#put(paths, JSON.stringify({ jsonpaths: columns.map((_, index) => `$[${index}]`) }));
      await this.#put(data, await compress(lines(rows), { level: constants.Z_BEST_SPEED }));
      await this.#copy(session, `COPY ${stage} (${columns.join(', ')}) FROM ${literal(`s3://${bucket}/${data}`)}`, `s3://${bucket}/${paths}`);
    } finally {
      await this.#remove([data, paths]);
    }
  };

  async close(): Promise<void> {
    (await this.#client?.catch(() => undefined))?.destroy();
  }

  /** Lists of values have places instead of names, and JSON tells an empty text from none. */
  async #copy(session: Session, copy: string, paths: string): Promise<void> {
    const options = `FORMAT AS JSON ${literal(paths)} GZIP TIMEFORMAT 'auto' DATEFORMAT 'auto' REGION ${literal(this.#settings.region)} COMPUPDATE OFF STATUPDATE OFF`;
    await session.run(`${copy} ${await this.#authorization()} ${options}`);
  }

  async #authorization(): Promise<string> {
    const { role, credentials } = this.#settings;
    if (role !== undefined) return `IAM_ROLE ${role.toLowerCase() === 'default' ? 'default' : literal(role)}`;
    const found = await credentials.credentials();
    if (!found)
      throw new WarehouseError('configuration', 'Redshift cannot read a bucket without credentials', { remedy: 'Set COPY IAM Role, or let the credentials service have keys.' });
    const token = found.sessionToken === undefined ? '' : ` SESSION_TOKEN ${literal(found.sessionToken)}`;
    return `ACCESS_KEY_ID ${literal(found.accessKeyId)} SECRET_ACCESS_KEY ${literal(found.secretAccessKey)}${token}`;
  }

  async #put(key: string, body: string | Uint8Array): Promise<void> {
    const { bucket } = this.#settings;
    try {
      const { PutObjectCommand } = await import('@aws-sdk/client-s3');
      await (await this.#s3()).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    } catch (cause) {
      throw bucketError(cause, bucket);
    }
  }

  /** What cannot be removed stays: it harms nobody, and the rows are loaded. */
  async #remove(keys: readonly string[]): Promise<void> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    for (const Key of keys)
      await this.#s3()
        .then((client) => client.send(new DeleteObjectCommand({ Bucket: this.#settings.bucket, Key })))
        .catch(() => undefined);
  }

  #s3(): Promise<S3Client> {
    this.#client ??= openS3({ ...this.#settings, isPathStyle: false });
    return this.#client;
  }
}

function* jsonLines(rows: readonly StageRow[]): Generator<string> {
  for (const row of rows) yield JSON.stringify(row);
}

const lines = (rows: readonly StageRow[]): string => `${[...jsonLines(rows)].join('\n')}\n`;

function bucketError(cause: unknown, bucket: string): WarehouseError {
  const { name = '' } = cause as { name?: string };
  const message = `Rows cannot be written into the bucket ${bucket}: ${name}: ${messageOf(cause)}`;
  if (cause instanceof ProcessError) return new WarehouseError('configuration', cause.message, { cause });
  if (name === 'NoSuchBucket') return new WarehouseError('missing object', message, { remedy: 'Check COPY Bucket and COPY Region in the warehouse service.', cause });
  if (/InvalidAccessKeyId|SignatureDoesNotMatch/.test(name)) return new WarehouseError('authentication', message, { remedy: 'Check the AWS credentials service.', cause });
  if (/ExpiredToken/.test(name)) return new WarehouseError('expired token', message, { cause });
  return name === 'AccessDenied'
    ? new WarehouseError('permission', message, { remedy: 'Allow the AWS credentials to put and delete objects there.', cause })
    : new WarehouseError('connection', message, { remedy: 'Check the bucket, its region and the network; it is tried again.', cause });
}
