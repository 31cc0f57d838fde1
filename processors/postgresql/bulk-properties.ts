import { AWS_CREDENTIALS } from '../../server/extension/aws.ts';
import { AWS_REGIONS } from '../../server/extension/aws-regions.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { CopyFromS3 } from './copy-from-s3.ts';

const withBucket = { dependsOn: { 'COPY Bucket': [] }, expressions: 'environment' } as const;

function checkRole(text: string): void {
  if (!/^(default|arn:[\w-]+:iam::\d+:role\/\S+)$/i.test(text.trim()))
    throw new PropertyError("it must be the ARN of a role, such as arn:aws:iam::123456789012:role/copy, or 'default'");
}

/** Bulk load by COPY, through a bucket. */
export const bulkProperties = {
  bucket: property.text('COPY Bucket', 'A bucket of S3 through which rows are loaded by COPY, which is much quicker than inserts. Without one, rows are inserted', {
    expressions: 'environment',
  }),
  prefix: property.text('COPY Prefix', 'What the names of objects in the bucket begin with; they are deleted when their rows are loaded', { default: 'millrace/', ...withBucket }),
  region: property.choice('COPY Region', 'The region in which the bucket lies', AWS_REGIONS, { default: 'us-west-2', dependsOn: { 'COPY Bucket': [] } }),
  credentials: property.service('AWS Credentials Provider Service', 'Who writes into the bucket, and deletes there', AWS_CREDENTIALS, {
    required: true,
    dependsOn: { 'COPY Bucket': [] },
  }),
  role: property.text(
    'COPY IAM Role',
    "The role by which the cluster reads the bucket: its ARN, or 'default' for the cluster's own. Without one, the keys of the credentials service are sent to the cluster with each COPY",
    { ...withBucket, validate: checkRole },
  ),
  endpoint: property.text('COPY Endpoint Override URL', 'Another address of S3, such as that of an endpoint inside a private network', withBucket),
};

/** The bulk load that these values ask for; undefined for inserts. `timeout` in milliseconds. */
export function bulkOf(values: PropertyValues<typeof bulkProperties>, timeout: number): CopyFromS3 | undefined {
  const { bucket, prefix = '', region, credentials, role, endpoint } = values;
  if (!bucket) return undefined;
  return new CopyFromS3({ bucket, prefix, region: region ?? 'us-west-2', credentials, role: role?.trim(), endpoint, timeout, ssl: undefined, proxy: undefined });
}
