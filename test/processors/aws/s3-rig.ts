import AWSCredentialsProviderControllerService from '../../../processors/aws/AWSCredentialsProviderControllerService.ts';
import { ACCESS_KEY, type S3Emulator, SECRET_KEY } from '../../emulators/s3.ts';

/** The property that names who we are. */
export const SERVICE = 'AWS Credentials Provider Service';

/** The emulator's keys as a service; `more` properties go before. */
export const keys = (more: Record<string, string> = {}) => ({
  definition: AWSCredentialsProviderControllerService,
  properties: { 'Access Key ID': ACCESS_KEY, 'Secret Access Key': SECRET_KEY, ...more },
});

/** Properties that lead to an emulator. */
export const leadingTo = (server: S3Emulator): Record<string, string> => ({ Region: 'use-custom-region', 'Custom Region': 'eu-test-1', 'Endpoint Override URL': server.url });

export const messages = ({ bulletins }: { readonly bulletins: readonly { readonly message: string }[] }): string => bulletins.map(({ message }) => message).join('\n');
