import { serviceContract } from '../../server/extension/service.ts';

/** How objects are encrypted where they are stored: what is added to requests. */
export interface S3Encryption {
  readonly strategy: 'NONE' | 'SSE_S3' | 'SSE_KMS' | 'SSE_C';
  /** For making an object. */
  readonly storing: { readonly ServerSideEncryption?: 'AES256' | 'aws:kms'; readonly SSEKMSKeyId?: string };
  /** For making and for reading it, and for each part. */
  readonly customerKey: { readonly SSECustomerAlgorithm?: string; readonly SSECustomerKey?: string };
}

export const S3_ENCRYPTION = serviceContract<S3Encryption>('org.apache.nifi.processors.aws.s3.AmazonS3EncryptionService');
