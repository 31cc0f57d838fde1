import type { ObjectCannedACL, PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { properties } from './put-s3-properties.ts';
import type { S3Clients } from './s3-clients.ts';

export interface PutClient {
  readonly clients: S3Clients;
  /** When unfinished uploads of a bucket were looked for last, milliseconds since 1970. */
  readonly cleaned: Map<string, number>;
}

export type PutContext = ProcessContext<typeof properties, PutClient>;

/** What is told about an object whether it is sent at once or in parts. */
export type ObjectRequest = Omit<PutObjectCommandInput, 'Body' | 'ContentLength'> & { readonly Bucket: string; readonly Key: string };

const CANNED: Readonly<Record<string, ObjectCannedACL>> = {
  Private: 'private',
  PublicRead: 'public-read',
  PublicReadWrite: 'public-read-write',
  AuthenticatedRead: 'authenticated-read',
  BucketOwnerRead: 'bucket-owner-read',
  BucketOwnerFullControl: 'bucket-owner-full-control',
  AwsExecRead: 'aws-exec-read',
};

const set = (value: string | undefined): string | undefined => (value?.trim() ? value.trim() : undefined);

/** `id=...,emailAddress=...` */
function grantees(list: string | undefined): string | undefined {
  const names = (list ?? '').split(',').flatMap((name) => name.trim() || []);
  return names.length === 0 ? undefined : names.map((name) => `${name.includes('@') ? 'emailAddress' : 'id'}=${name}`).join(',');
}

function permissions(flowFile: FlowFile, { properties: values }: PutContext): Partial<ObjectRequest> {
  const lists = {
    GrantFullControl: grantees(values.fullControl(flowFile)),
    GrantRead: grantees(values.read(flowFile)),
    GrantReadACP: grantees(values.readAcl(flowFile)),
    GrantWriteACP: grantees(values.writeAcl(flowFile)),
  };
  const canned = set(values.cannedAcl(flowFile));
  if (Object.values(lists).some((list) => list !== undefined) || canned === undefined) return lists;
  const acl = CANNED[canned];
  if (acl === undefined) throw new ProcessError(`Canned ACL gives '${canned}', which is not one of ${Object.keys(CANNED).join(', ')}.`);
  return { ACL: acl };
}

/** Attributes with the prefix, as the header for tags has them. */
function tagging(flowFile: FlowFile, { properties: { tagsPrefix, removesPrefix } }: PutContext): string | undefined {
  const prefix = set(tagsPrefix(flowFile));
  if (prefix === undefined) return undefined;
  const tags = [...flowFile.attributes].filter(([name]) => name.startsWith(prefix));
  return new URLSearchParams(tags.map(([name, value]) => [removesPrefix ? name.slice(prefix.length) : name, value])).toString() || undefined;
}

/** The name as Java's URLEncoder writes it; FetchS3Object reads it back. */
function dispositionOf(flowFile: FlowFile, chosen: 'inline' | 'attachment' | undefined): string {
  if (chosen === 'inline') return chosen;
  const name = encodeURIComponent(flowFile.getAttribute('filename')!).replaceAll('%20', '+');
  return chosen === 'attachment' ? `attachment; filename="${name}"` : name;
}

/** Throws ProcessError where a property gives what cannot be sent. */
export function requestOf(flowFile: FlowFile, context: PutContext): ObjectRequest {
  const { properties: values, dynamic } = context;
  return {
    Bucket: values.bucket(flowFile),
    Key: values.key(flowFile),
    ContentType: set(values.contentType(flowFile)),
    ContentDisposition: dispositionOf(flowFile, values.disposition),
    CacheControl: set(values.cacheControl(flowFile)),
    Metadata: Object.fromEntries([...dynamic].map(([name, value]) => [name, value(flowFile)])),
    StorageClass: values.storageClass,
    Tagging: tagging(flowFile, context),
    ...permissions(flowFile, context),
    ...values.encryption?.storing,
    ...values.encryption?.customerKey,
  };
}

/** What a FlowFile tells of the object that was made of it. */
export function requestAttributes(request: ObjectRequest, disposition: string | undefined): Record<string, string> {
  const metadata = Object.entries(request.Metadata ?? {}).map(([name, value]) => `${name}=${value}`);
  return {
    's3.bucket': request.Bucket,
    's3.key': request.Key,
    ...(request.ContentType ? { 's3.contenttype': request.ContentType } : {}),
    ...(request.CacheControl ? { 's3.cachecontrol': request.CacheControl } : {}),
    ...(disposition ? { 's3.contentdisposition': request.ContentDisposition! } : {}),
    's3.storeClass': request.StorageClass!,
    ...(metadata.length > 0 ? { 's3.usermetadata': metadata.join('\n') } : {}),
  };
}
