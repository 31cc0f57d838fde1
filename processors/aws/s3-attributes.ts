/** What attributes tell, under NiFi's names. */
const TOLD = {
  filename: 'The key of the object, or its last part',
  path: 'The key up to its last slash',
  'absolute.path': 'The whole key',
  'mime.type': 'The content type that is stored with the object',
  'hash.value': 'The checksum that is stored with the object',
  'hash.algorithm': 'How the checksum is computed',
  's3.url': 'Where the object is',
  's3.bucket': 'The bucket',
  's3.region': 'The region of the bucket',
  's3.key': 'The key of the object',
  's3.etag': 'Tells one state of the object from another',
  's3.version': 'The version of the object, where the bucket keeps versions',
  's3.isLatest': 'Whether this is the newest version',
  's3.lastModified': 'When the object was changed, milliseconds since 1970',
  's3.length': 'Its size in bytes',
  's3.storeClass': 'The storage class of the object',
  's3.owner': 'Who owns the object, where we may know',
  's3.tag.___': 'With Write Object Tags, each tag of the object',
  's3.user.metadata.___': 'With Write User Metadata, what users have stored with the object',
  's3.usermetadata': 'What was stored with the object, a line each',
  's3.contenttype': 'The content type that was stored with the object',
  's3.contentdisposition': 'The content disposition that was stored with the object',
  's3.cachecontrol': 'The cache control that was stored with the object',
  's3.apimethod': 'putobject or multipartupload',
  's3.uploadId': 'The number of a multipart upload',
  's3.expirationTime': 'When the object will be removed, milliseconds since 1970',
  's3.expirationTimeRuleId': 'The rule by which it will be removed',
  's3.sseAlgorithm': 'How the server encrypts the object',
  's3.encryptionStrategy': 'Who encrypts the object, and with which key',
  's3.exception': 'The kind of failure',
  's3.statusCode': 'The HTTP status of the answer',
  's3.errorCode': "S3's own word for the failure",
  's3.errorMessage': 'What the server says about the failure',
};

/** For a processor's documentation. */
export const told = (...names: (keyof typeof TOLD)[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, TOLD[name]]));

export const FAILURE = told('s3.exception', 's3.statusCode', 's3.errorCode', 's3.errorMessage');
