import { readFile } from 'node:fs/promises';
import { type AwsCredentials, type AwsCredentialsService, silenceSdk } from '../../server/extension/aws.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { AccessTokenProvider, ProxySettings } from '../../server/extension/http-services.ts';
import { httpAgents } from '../../server/extension/s3.ts';
import type { SslContext } from '../../server/extension/ssl-context.ts';

/** What AWSCredentialsProviderControllerService is configured with. */
export interface CredentialSources {
  readonly usesDefault: boolean | undefined;
  readonly accessKey: string | undefined;
  readonly secretKey: string | undefined;
  readonly file: string | undefined;
  readonly profile: string | undefined;
  readonly isAnonymous: boolean | undefined;
  readonly role: string | undefined;
  readonly session: string;
  readonly sessionTime: string | undefined;
  readonly externalId: string | undefined;
  readonly ssl: SslContext | undefined;
  readonly proxy: ProxySettings | undefined;
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  readonly tokens: AccessTokenProvider | undefined;
}

type Provider = () => Promise<AwsCredentials>;

/** Credentials are asked for again so long before they expire, milliseconds. */
const EARLY = 5 * 60_000;

/** Only one source may say who we are. */
export function credentialProblems({ usesDefault, accessKey, secretKey, file, profile, isAnonymous, role, sessionTime }: CredentialSources): string[] {
  const sources = {
    'Use Default Credentials': usesDefault,
    'Access Key ID': accessKey ?? secretKey,
    'Credentials File': file,
    'Profile Name': profile,
    'Use Anonymous Credentials': isAnonymous,
  };
  const [first, ...others] = Object.entries(sources).flatMap(([name, value]) => (value ? name : []));
  const seconds = Number(sessionTime ?? 3600);
  return [
    ...others.map((name) => `${name} cannot be used with ${first}: set one of them`),
    ...((accessKey === undefined) === (secretKey === undefined) ? [] : ['Access Key ID and Secret Access Key must be set together']),
    ...(role !== undefined && !(Number.isInteger(seconds) && seconds >= 900 && seconds <= 3600) ? ['Assume Role Session Time must be between 900 and 3600 seconds'] : []),
    ...(role !== undefined && isAnonymous ? ['A role cannot be assumed with Use Anonymous Credentials'] : []),
  ];
}

/** A file of Java properties, as far as keys need. */
async function fromFile(file: string): Promise<AwsCredentials> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new ProcessError(`The Credentials File ${file} cannot be read: ${messageOf(cause)}.`, { cause });
  });
  const value = (name: string): string | undefined => new RegExp(`^\\s*${name}\\s*[=:]\\s*(.*?)\\s*$`, 'm').exec(text)?.[1];
  const [accessKeyId, secretAccessKey] = [value('accessKey'), value('secretKey')];
  if (!accessKeyId || !secretAccessKey) throw new ProcessError(`The Credentials File ${file} must have lines accessKey=... and secretKey=...`);
  return { accessKeyId, secretAccessKey };
}

/** Amazon's SDK, loaded when somebody needs it. */
function providers(): Promise<typeof import('@aws-sdk/credential-providers')> {
  silenceSdk();
  return import('@aws-sdk/credential-providers');
}

/** Who we are before a role is assumed. */
async function source({ accessKey, secretKey, file, profile }: CredentialSources): Promise<Provider> {
  if (accessKey !== undefined && secretKey !== undefined) return async () => ({ accessKeyId: accessKey, secretAccessKey: secretKey });
  if (file !== undefined) return () => fromFile(file);
  const { fromIni, fromNodeProviderChain } = await providers();
  return profile === undefined ? fromNodeProviderChain() : fromIni({ profile });
}

async function assumed(sources: CredentialSources, role: string): Promise<Provider> {
  const { session, sessionTime, externalId, endpoint, region, tokens, ssl, proxy } = sources;
  const { fromTemporaryCredentials, fromWebToken } = await providers();
  const url = endpoint === undefined ? undefined : /^https?:/.test(endpoint) ? endpoint : `https://${endpoint}`;
  const clientConfig = { region, requestHandler: httpAgents({ ssl, proxy, timeout: 30_000 }), ...(url ? { endpoint: url } : {}) };
  const seconds = Number(sessionTime ?? 3600);
  if (tokens) {
    return async () => fromWebToken({ roleArn: role, roleSessionName: session, webIdentityToken: await tokens.token(), durationSeconds: seconds, clientConfig })();
  }
  const params = { RoleArn: role, RoleSessionName: session, DurationSeconds: seconds, ...(externalId === undefined ? {} : { ExternalId: externalId }) };
  return fromTemporaryCredentials({ masterCredentials: await source(sources), params, clientConfig });
}

/** Asks a provider once, and again before what it gave expires. */
function kept(provider: Provider): Provider {
  let asked: Promise<AwsCredentials> | undefined;
  return async () => {
    const known = await asked?.catch(() => undefined);
    if (!known || (known.expiration && known.expiration.getTime() - Date.now() < EARLY)) asked = provider();
    return asked!;
  };
}

/** Hands out credentials of the one source that is configured. */
export async function credentialsFrom({ name, properties }: { readonly name: string; readonly properties: CredentialSources }): Promise<AwsCredentialsService> {
  if (properties.isAnonymous) return { credentials: async () => undefined };
  const provider = kept(properties.role === undefined ? await source(properties) : await assumed(properties, properties.role));
  return {
    credentials: () =>
      provider().catch((cause: unknown) => {
        throw cause instanceof ProcessError ? cause : new ProcessError(`${name} has no credentials: ${messageOf(cause)}. Check how it is configured.`, { cause });
      }),
  };
}
