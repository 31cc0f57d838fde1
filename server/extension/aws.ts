import { serviceContract } from './service.ts';

/** What signs requests to Amazon Web Services and to what speaks as they do. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Hands out credentials (NiFi's AwsCredentialsProviderService). */
export interface AwsCredentialsService {
  /** Those that are good now; undefined for requests without a signature. Throws ProcessError where there are none. */
  credentials(): Promise<AwsCredentials | undefined>;
}

export const AWS_CREDENTIALS = serviceContract<AwsCredentialsService>('org.apache.nifi.processors.aws.credentials.provider.AwsCredentialsProviderService');

/** To be called before Amazon's SDK is loaded: it would warn at each start that Node 20 will not be supported for ever. */
export function silenceSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
