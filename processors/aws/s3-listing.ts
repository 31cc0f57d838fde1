import type { ListObjectsCommandOutput, ListObjectsV2CommandOutput, ListObjectVersionsCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { ListedEntity } from '../../server/extension/listing.ts';
import type { S3 } from './s3-clients.ts';

/** An object that a listing found. */
export interface ListedObject extends ListedEntity {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly storageClass: string;
  readonly isLatest: boolean;
  readonly version: string | undefined;
  readonly owner: string | undefined;
}

export interface ObjectSearch {
  readonly bucket: string;
  readonly prefix: string | undefined;
  readonly delimiter: string | undefined;
  readonly withVersions: boolean;
  /** S3's first or second way of listing. */
  readonly type: '1' | '2';
  readonly requesterPays: boolean;
}

type Found = NonNullable<ListObjectsCommandOutput['Contents']>[number] & { readonly VersionId?: string; readonly IsLatest?: boolean };

function listed({ Key: key = '', LastModified, Size: size = 0, ETag = '', StorageClass, VersionId, IsLatest = true, Owner }: Found): ListedObject {
  const version = VersionId && VersionId !== 'null' ? VersionId : undefined;
  const etag = ETag.replace(/^"|"$/g, '');
  const id = version === undefined ? key : `${key} ${version}`;
  const modified = LastModified?.getTime() ?? 0;
  return { id, mark: `${id} ${etag}`, key, modified, size, etag, storageClass: StorageClass ?? 'STANDARD', isLatest: IsLatest, version, owner: Owner?.ID };
}

/** All objects of a bucket that a search names, page by page. */
export async function* searchObjects(s3: S3, client: S3Client, search: ObjectSearch, signal: AbortSignal): AsyncGenerator<ListedObject> {
  const base = {
    Bucket: search.bucket,
    ...(search.prefix === undefined ? {} : { Prefix: search.prefix }),
    ...(search.delimiter === undefined ? {} : { Delimiter: search.delimiter }),
  };
  const payer = search.requesterPays ? ({ RequestPayer: 'requester' } as const) : {};
  const options = { abortSignal: signal };
  const pages = search.withVersions
    ? versionPages((from) => client.send(new s3.ListObjectVersionsCommand({ ...base, ...from }), options))
    : search.type === '2'
      ? secondPages((token) => client.send(new s3.ListObjectsV2Command({ ...base, ...payer, FetchOwner: true, ContinuationToken: token }), options))
      : firstPages((marker) => client.send(new s3.ListObjectsCommand({ ...base, ...payer, Marker: marker }), options));
  for await (const page of pages) for (const each of page) yield listed(each);
}

async function* firstPages(ask: (marker: string | undefined) => Promise<ListObjectsCommandOutput>): AsyncGenerator<Found[]> {
  for (let marker: string | undefined; ; ) {
    const { Contents = [], IsTruncated, NextMarker } = await ask(marker);
    yield Contents;
    // Without a delimiter the next page begins after the last key, and the server does not say so.
    const next = NextMarker ?? Contents.at(-1)?.Key;
    if (!IsTruncated || next === undefined || next === marker) return;
    marker = next;
  }
}

async function* secondPages(ask: (token: string | undefined) => Promise<ListObjectsV2CommandOutput>): AsyncGenerator<Found[]> {
  for (let token: string | undefined; ; ) {
    const { Contents = [], IsTruncated, NextContinuationToken } = await ask(token);
    yield Contents;
    if (!IsTruncated || !NextContinuationToken || NextContinuationToken === token) return;
    token = NextContinuationToken;
  }
}

interface VersionMarker {
  readonly KeyMarker?: string;
  readonly VersionIdMarker?: string;
}

async function* versionPages(ask: (from: VersionMarker) => Promise<ListObjectVersionsCommandOutput>): AsyncGenerator<Found[]> {
  for (let from: VersionMarker = {}; ; ) {
    const { Versions = [], IsTruncated, NextKeyMarker, NextVersionIdMarker } = await ask(from);
    yield Versions as Found[];
    if (!IsTruncated || !NextKeyMarker) return;
    from = { KeyMarker: NextKeyMarker, ...(NextVersionIdMarker ? { VersionIdMarker: NextVersionIdMarker } : {}) };
  }
}
