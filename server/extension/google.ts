import { serviceContract } from './service.ts';

/** Hands out access tokens for Google Cloud (NiFi's GCPCredentialsService). */
export interface GoogleCredentials {
  /** A token for a scope such as `https://www.googleapis.com/auth/cloud-platform`. Throws ProcessError where none can be had. */
  token(scope: string): Promise<string>;
}

export const GOOGLE_CREDENTIALS = serviceContract<GoogleCredentials>('org.apache.nifi.gcp.credentials.service.GCPCredentialsService');
