import { choices } from '../../server/extension/choices.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { FILE_RESOURCE_SERVICE } from '../../server/extension/file-resource.ts';
import { property } from '../../server/extension/property.ts';
import { parseDataSize } from '../../server/extension/units.ts';
import { S3_ENCRYPTION } from './s3-encryption.ts';
import { objectS3 } from './s3-properties.ts';

const MIB = 1024 ** 2;

/** S3 takes parts of 5 MB to 5 GB; NiFi wants 50 MB at least. */
function checkPartSize(text: string): void {
  const size = parseDataSize(text);
  if (size < 50 * MIB || size > 5 * 1024 * MIB) throw new PropertyError('it must be from 50 MB to 5 GB');
}

const grant = (name: string, what: string, attribute: string) =>
  property.text(name, `Who ${what}: user ids of Amazon or mail addresses, separated by commas`, {
    default: `\${s3.permissions.${attribute}}`,
    required: false,
    expressions: 'flowfile',
  });

/** PutS3Object's properties. */
export const properties = {
  ...objectS3,
  source: property.choice(
    'Resource Transfer Source',
    'What is sent',
    { FLOWFILE_CONTENT: 'FlowFile Content', FILE_RESOURCE_SERVICE: 'File Resource Service' },
    { default: 'FLOWFILE_CONTENT' },
  ),
  files: property.service('File Resource Service', 'Says which file of this machine is sent', FILE_RESOURCE_SERVICE, {
    required: true,
    dependsOn: { 'Resource Transfer Source': ['FILE_RESOURCE_SERVICE'] },
  }),
  storageClass: property.choice(
    'Storage Class',
    'How the object is stored: what it costs, and how fast it is there again',
    choices(
      'DEEP_ARCHIVE',
      'EXPRESS_ONEZONE',
      'FSX_ONTAP',
      'FSX_OPENZFS',
      'GLACIER',
      'GLACIER_IR',
      'INTELLIGENT_TIERING',
      'ONEZONE_IA',
      'OUTPOSTS',
      'REDUCED_REDUNDANCY',
      'SNOW',
      'STANDARD',
      'STANDARD_IA',
    ),
    { default: 'STANDARD' },
  ),
  encryption: property.service('Encryption Service', 'How the object is encrypted', S3_ENCRYPTION),
  contentType: property.text('Content Type', 'The content type that is stored with the object', { expressions: 'flowfile' }),
  disposition: property.choice(
    'Content Disposition',
    'What browsers do with the object: show it (inline) or save it (attachment). Where it is not set, the name of the file is stored, which FetchS3Object reads',
    choices('inline', 'attachment'),
  ),
  cacheControl: property.text('Cache Control', 'How long others may keep the object', { expressions: 'flowfile' }),
  tagsPrefix: property.text('Object Tags Prefix', 'Attributes whose names begin so become tags of the object', { expressions: 'flowfile' }),
  removesPrefix: property.boolean('Remove Tag Prefix', 'Whether the names of tags come without that prefix', { default: 'false', required: false }),
  fullControl: grant('FullControl User List', 'may do everything with the object', 'full.users'),
  read: grant('Read Permission User List', 'may read the object', 'read.users'),
  readAcl: grant('Read ACL User List', 'may read who may do what', 'readacl.users'),
  writeAcl: grant('Write ACL User List', 'may change who may do what', 'writeacl.users'),
  cannedAcl: property.text(
    'Canned ACL',
    'Who may do what, in a word: Private, PublicRead, PublicReadWrite, AuthenticatedRead, BucketOwnerRead, BucketOwnerFullControl, AwsExecRead. Only where none of the lists is set',
    { default: '${s3.permissions.cannedacl}', required: false, expressions: 'flowfile' },
  ),
  threshold: property.dataSize('Multipart Threshold', 'What is longer is sent in parts', { default: '5 GB', validate: checkPartSize }),
  partSize: property.dataSize('Multipart Part Size', 'How long a part is', { default: '5 GB', validate: checkPartSize }),
  ageOffInterval: property.duration('Multipart Upload AgeOff Interval', 'How often uploads are looked for that nobody has finished', { default: '60 min' }),
  maxUploadAge: property.duration('Multipart Upload Max Age Threshold', 'Unfinished uploads of the bucket that are older are given up', { default: '7 days' }),
  temporary: property.text(
    'Temporary Directory Multipart State',
    'Kept for flows made in NiFi: an upload that fails is given up at once and begun anew, so that there is no state to keep',
    { default: '${java.io.tmpdir}', expressions: 'environment' },
  ),
  isChunked: property.boolean('Use Chunked Encoding', 'Whether what is sent comes in pieces with a checksum at its end, which not every server understands', {
    default: 'true',
    required: false,
  }),
  isPathStyle: property.boolean('Use Path Style Access', 'Whether buckets are part of the path rather than of the name of the host', { default: 'false', required: false }),
};
