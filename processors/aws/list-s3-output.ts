import type { S3Client } from '@aws-sdk/client-s3';
import type { DataRecord } from '../../server/extension/record.ts';
import { isoOfMillis } from '../../server/extension/record-dates.ts';
import type { RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { field, type RecordSchema, TYPES } from '../../server/extension/record-schema.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { S3 } from './s3-clients.ts';
import type { ListedObject } from './s3-listing.ts';

/** A listed object with what had to be asked for. */
export interface DetailedObject extends ListedObject {
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

export interface Place {
  readonly bucket: string;
  readonly region: string;
}

const MAP = { kind: 'map', value: TYPES.string } as const;

const SCHEMA: RecordSchema = {
  name: 'S3Object',
  fields: [
    ...['key', 'bucket', 'owner', 'etag'].map((name) => field(name, TYPES.string)),
    field('lastModified', TYPES.timestamp),
    field('size', TYPES.long),
    field('storageClass', TYPES.string),
    field('latest', TYPES.boolean),
    field('versionId', TYPES.string),
    field('tags', MAP),
    field('userMetadata', MAP),
  ],
};

/** Asks for the tags of an object, and for what users have stored with it, where that is wanted. */
export async function withDetails(s3: S3, client: S3Client, { bucket }: Place, object: ListedObject, wants: { tags: boolean; metadata: boolean }): Promise<DetailedObject> {
  const named = { Bucket: bucket, Key: object.key, ...(object.version === undefined ? {} : { VersionId: object.version }) };
  const tagging = wants.tags ? await client.send(new s3.GetObjectTaggingCommand(named)) : undefined;
  const head = wants.metadata ? await client.send(new s3.HeadObjectCommand(named)) : undefined;
  return { ...object, tags: tagging && Object.fromEntries((tagging.TagSet ?? []).map(({ Key, Value }) => [Key!, Value ?? ''])), metadata: head?.Metadata };
}

const prefixed = (prefix: string, values: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}${name}`, value]));

export const attributesOf = (object: DetailedObject, { bucket, region }: Place): Record<string, string> => ({
  filename: object.key,
  's3.bucket': bucket,
  's3.region': region,
  ...(object.owner === undefined ? {} : { 's3.owner': object.owner }),
  's3.etag': object.etag,
  's3.lastModified': String(object.modified),
  's3.length': String(object.size),
  's3.storeClass': object.storageClass,
  's3.isLatest': String(object.isLatest),
  ...(object.version === undefined ? {} : { 's3.version': object.version }),
  ...prefixed('s3.tag.', object.tags),
  ...prefixed('s3.user.metadata.', object.metadata),
});

const recordOf = ({ key, owner, etag, modified, size, storageClass, isLatest, version, tags, metadata }: DetailedObject, { bucket }: Place): DataRecord => ({
  key,
  bucket,
  owner: owner ?? null,
  etag,
  lastModified: isoOfMillis(modified, 'timestamp'),
  size,
  storageClass,
  latest: isLatest,
  versionId: version ?? null,
  tags: tags ? { ...tags } : null,
  userMetadata: metadata ? { ...metadata } : null,
});

/** All objects as the records of one FlowFile. */
export async function writeRecords(session: ProcessSession, writer: RecordSetWriterFactory, objects: AsyncIterable<DetailedObject>, place: Place) {
  const flowFile = session.create();
  let count = 0;
  const batches = (async function* () {
    for await (const object of objects) {
      count++;
      yield [recordOf(object, place)];
    }
  })();
  const written = await session.writeStream(flowFile, writer.write({ schema: SCHEMA, batches }, flowFile));
  return session.putAttributes(written, { 'record.count': String(count), 's3.region': place.region, 'mime.type': writer.mimeType });
}
