import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AwsCredentialsService, silenceSdk } from '../../server/extension/aws.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { httpAgents } from '../../server/extension/s3.ts';
import type { SslContext } from '../../server/extension/ssl-context.ts';

export interface SecretsManagerSettings {
  readonly region: string;
  readonly credentials: AwsCredentialsService;
  readonly timeout: number;
  readonly ssl: SslContext | undefined;
  readonly endpoint: string | undefined;
}

/** What to do about the errors that Secrets Manager documents for ListSecrets and GetSecretValue. */
const REMEDIES: Readonly<Record<string, string>> = {
  ResourceNotFoundException: 'Check Secret Names and Region.',
  AccessDeniedException: 'Allow secretsmanager:GetSecretValue for the secret (and secretsmanager:ListSecrets to match a pattern), and kms:Decrypt for its key.',
  DecryptionFailure: "Allow kms:Decrypt for the secret's key.",
  InvalidRequestException: 'The secret may be marked for deletion: restore it, or leave its name out.',
  InvalidClientTokenId: 'Check the Access Key ID of the AWS Credentials Provider Service.',
  UnrecognizedClientException: 'Check the Access Key ID and the session token of the AWS Credentials Provider Service.',
  InvalidSignatureException: "Check the Secret Access Key of the AWS Credentials Provider Service, and this machine's clock.",
  ExpiredTokenException: 'Put fresh credentials into the AWS Credentials Provider Service.',
  ThrottlingException: 'Fetch less often, or fewer secrets at once.',
};

/** The SDK is loaded here; who opens a client closes it by `destroy()`. */
export async function openSecretsManager({ region, credentials, timeout, ssl, endpoint }: SecretsManagerSettings): Promise<SecretsManagerClient> {
  silenceSdk();
  const { SecretsManagerClient: Client } = await import('@aws-sdk/client-secrets-manager');
  return new Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    credentials: async () => {
      const present = await credentials.credentials();
      if (present) return present;
      throw new ProcessError('Secrets Manager answers nobody without credentials. Choose others than anonymous ones in the AWS Credentials Provider Service.');
    },
    requestHandler: httpAgents({ ssl, proxy: undefined, timeout }),
  });
}

/** Names of all secrets. Throws ProcessError. */
export async function listSecrets(client: SecretsManagerClient, signal: AbortSignal): Promise<string[]> {
  const { paginateListSecrets } = await import('@aws-sdk/client-secrets-manager');
  const names: string[] = [];
  try {
    for await (const { SecretList = [] } of paginateListSecrets({ client, pageSize: 100 }, {})) {
      signal.throwIfAborted();
      for (const { Name } of SecretList) if (Name !== undefined) names.push(Name);
    }
    return names;
  } catch (cause) {
    throw explained('the list of secrets', cause, signal);
  }
}

/** The text of a secret's present version; undefined for a binary one. Throws ProcessError. */
export async function readSecret(client: SecretsManagerClient, name: string, signal: AbortSignal): Promise<string | undefined> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  try {
    return (await client.send(new GetSecretValueCommand({ SecretId: name }), { abortSignal: signal })).SecretString;
  } catch (cause) {
    throw explained(`the secret ${name}`, cause, signal);
  }
}

function explained(what: string, cause: unknown, signal: AbortSignal): ProcessError {
  signal.throwIfAborted();
  if (cause instanceof ProcessError) return cause;
  const { name = '', $metadata } = cause as { name?: string; $metadata?: { httpStatusCode?: number } };
  const isAnswer = $metadata?.httpStatusCode !== undefined;
  const remedy = REMEDIES[name] ?? (isAnswer ? 'Check the credentials and Region.' : 'Check Region, Endpoint Override URL and the network.');
  return new ProcessError(`Secrets Manager does not give ${what}: ${isAnswer ? `${name}, ` : ''}${messageOf(cause).replace(/\.?$/, '.')} ${remedy}`, { cause });
}

/** Keys and values of a secret; undefined where it is something else. */
export function fieldsOf(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
