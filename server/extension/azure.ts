import { serviceContract } from './service.ts';

/** Hands out access tokens of Microsoft Entra ID (NiFi's AzureCredentialsService). */
export interface AzureCredentials {
  /** A token for a resource such as `https://vault.azure.net`. Throws ProcessError where none can be had. */
  token(resource: string, signal: AbortSignal): Promise<string>;
}

export const AZURE_CREDENTIALS = serviceContract<AzureCredentials>('org.apache.nifi.services.azure.AzureCredentialsService');
