import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { S3_ENCRYPTION, type S3Encryption } from './s3-encryption.ts';

const STRATEGIES = {
  NONE: 'None',
  SSE_S3: 'Server-side S3',
  SSE_KMS: 'Server-side KMS',
  SSE_C: 'Server-side Customer Key',
  CSE_KMS: 'Client-side KMS',
  CSE_C: 'Client-side Customer Key',
};
const POLICIES = {
  REQUIRE_ENCRYPT_REQUIRE_DECRYPT: 'Require Encrypt Require Decrypt',
  REQUIRE_ENCRYPT_ALLOW_DECRYPT: 'Require Encrypt Allow Decrypt',
  FORBID_ENCRYPT_ALLOW_DECRYPT: 'Forbid Encrypt Allow Decrypt',
};

/** A key of 256 bits; anything else is refused by the server only after the upload. */
const isKey = (text: string | undefined): boolean => Buffer.from(text ?? '', 'base64').length === 32;

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.processors.aws.s3.encryption', bundle: 'nifi-aws-nar' },
  description: 'Says how objects of S3 are encrypted where they are stored. Encryption before they are sent is not supported by this runtime.',
  tags: ['service', 'aws', 's3', 'encryption', 'encrypt', 'decryption', 'decrypt', 'key'],
  provides: [S3_ENCRYPTION],
  properties: {
    strategy: property.choice('Encryption Strategy', 'Who encrypts, and with which key', STRATEGIES, { default: 'NONE' }),
    kmsKey: property.text('KMS Key ID', 'The key (ARN) of the key management service', {
      required: true,
      sensitive: true,
      expressions: 'environment',
      dependsOn: { 'Encryption Strategy': ['SSE_KMS', 'CSE_KMS'] },
    }),
    material: property.text('Key Material', 'The key itself: 256 bits in Base64', {
      required: true,
      sensitive: true,
      expressions: 'environment',
      dependsOn: { 'Encryption Strategy': ['SSE_C', 'CSE_C'] },
    }),
    policy: property.choice('Commitment Policy', 'Kept for flows made in NiFi', POLICIES, {
      default: 'REQUIRE_ENCRYPT_REQUIRE_DECRYPT',
      dependsOn: { 'Encryption Strategy': ['CSE_KMS', 'CSE_C'] },
    }),
  },
  validate: ({ strategy, material }) => [
    ...(strategy.startsWith('CSE')
      ? [`Encryption Strategy ${STRATEGIES[strategy]} is not supported by this runtime: there is no kept library for it. Choose one on the server's side`]
      : []),
    ...(strategy === 'SSE_C' && !isKey(material) ? ['Key Material must be 256 bits in Base64'] : []),
  ],
  onEnabled({ properties: { strategy, kmsKey, material } }): S3Encryption {
    if (strategy === 'SSE_S3') return { strategy, storing: { ServerSideEncryption: 'AES256' }, customerKey: {} };
    if (strategy === 'SSE_KMS') return { strategy, storing: { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey }, customerKey: {} };
    if (strategy === 'SSE_C') return { strategy, storing: {}, customerKey: { SSECustomerAlgorithm: 'AES256', SSECustomerKey: material } };
    return { strategy: 'NONE', storing: {}, customerKey: {} };
  },
});
