import { AWS_CREDENTIALS } from '../../server/extension/aws.ts';
import { AWS_REGIONS } from '../../server/extension/aws-regions.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { PROXY_CONFIGURATION } from '../../server/extension/http-services.ts';
import { property } from '../../server/extension/property.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';

const CUSTOM_REGION = 'use-custom-region';
const CUSTOM = { required: true, dependsOn: { Region: [CUSTOM_REGION] } } as const;
const ABOUT_CUSTOM = 'A region that is not in the list, such as that of a service that speaks as S3 does';

function checkUrl(text: string): void {
  if (!/^https?:/i.test(text) || !URL.canParse(text)) throw new PropertyError('it is not a URL such as https://s3.example.org');
}

/** What all processors of S3 have in common. */
const common = {
  credentials: property.service('AWS Credentials Provider Service', 'Who we are', AWS_CREDENTIALS, { required: true }),
  region: property.choice('Region', 'The region in which the bucket lies', { ...AWS_REGIONS, [CUSTOM_REGION]: 'Use Custom Region' }, { default: 'us-west-2' }),
  timeout: property.duration('Communications Timeout', 'How long connecting may take, and how long a connection may stay silent', { default: '30 secs' }),
  ssl: property.service('SSL Context Service', 'Keys and trusted certificates for the connection', SSL_CONTEXT),
  endpoint: property.text('Endpoint Override URL', 'Another server than that of Amazon, with scheme, host and port; buckets are then part of the path', {
    expressions: 'environment',
    validate: checkUrl,
  }),
  proxy: property.service('Proxy Configuration Service', 'A proxy (HTTP or SOCKS5) through which the server is reached', PROXY_CONFIGURATION),
};

/** For a processor without incoming FlowFiles. */
export const listingS3 = {
  bucket: property.text('Bucket', 'The bucket', { required: true, expressions: 'flowfile' }),
  ...common,
  customRegion: property.text('Custom Region', ABOUT_CUSTOM, { ...CUSTOM, expressions: 'environment' }),
};

/** For processors that handle the object that a FlowFile names. */
export const objectS3 = {
  bucket: property.text('Bucket', 'The bucket', { default: '${s3.bucket}', expressions: 'flowfile' }),
  key: property.text('Object Key', 'The key of the object, which is what a path is to files', { default: '${filename}', expressions: 'flowfile' }),
  ...common,
  customRegion: property.text('Custom Region', ABOUT_CUSTOM, { ...CUSTOM, expressions: 'flowfile' }),
};

/** The region of a request. */
export const regionOf = (region: string, custom: string | undefined): string => (region === CUSTOM_REGION ? (custom ?? '') : region);
