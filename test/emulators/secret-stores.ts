import { Emulator, type Received, type Reply } from './emulator.ts';

/** One secret of a cloud's store. */
export interface StoredSecret {
  readonly value: string;
  /** The label or tag `group-name`. */
  readonly group?: string;
  readonly enabled?: boolean;
}

/** An emulator with secrets in it. */
export interface SecretStoreEmulator {
  readonly emulator: Emulator;
  readonly secrets: Map<string, StoredSecret>;
}

async function start(answer: (request: Received, secrets: Map<string, StoredSecret>, url: string) => Reply): Promise<SecretStoreEmulator> {
  const secrets = new Map<string, StoredSecret>();
  const emulator: Emulator = await Emulator.start((request) => answer(request, secrets, emulator.url));
  return { emulator, secrets };
}

/** So many secrets are on a page. */
const PAGE = 2;

function page<T>(all: readonly T[], from: number): { items: readonly T[]; next: number | undefined } {
  const next = from + PAGE;
  return { items: all.slice(from, next), next: next < all.length ? next : undefined };
}

// ---- AWS Secrets Manager (API reference: ListSecrets, GetSecretValue; JSON 1.1)

function awsError(status: number, type: string, message: string): Reply {
  return { status, body: { __type: type, message }, headers: { 'content-type': 'application/x-amz-json-1.1' } };
}

function aws({ headers, body }: Received, secrets: Map<string, StoredSecret>): Reply {
  const operation = String(headers['x-amz-target']).split('.')[1];
  const fields = body as { SecretId?: string; NextToken?: string };
  if (!/Credential=AKIATEST\//.test(String(headers.authorization))) return awsError(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
  if (operation === 'ListSecrets') {
    const { items, next } = page([...secrets.keys()], Number(fields.NextToken ?? 0));
    return { status: 200, body: { SecretList: items.map((Name) => ({ Name })), ...(next === undefined ? {} : { NextToken: String(next) }) } };
  }
  const secret = secrets.get(fields.SecretId!);
  if (!secret) return awsError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  return { status: 200, body: { Name: fields.SecretId, SecretString: secret.value, VersionStages: ['AWSCURRENT'] } };
}

export const startAwsSecrets = (): Promise<SecretStoreEmulator> => start(aws);

// ---- Azure Key Vault (REST reference 7.4: Get Secrets, Get Secret), and Microsoft Entra ID's tokens

function azureError(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message } } };
}

function entra(body: unknown): Reply {
  const form = new URLSearchParams(String(body));
  const isRight = form.get('client_id') === 'millrace' && form.get('client_secret') === 'azure-secret' && form.get('scope') === 'https://vault.azure.net/.default';
  if (!isRight) return { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1' } };
  return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, access_token: 'azure-token' } };
}

function azure({ path, query, headers, body }: Received, secrets: Map<string, StoredSecret>, url: string): Reply {
  if (path === '/tenant/oauth2/v2.0/token') return entra(body);
  if (headers.authorization !== 'Bearer azure-token') return azureError(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.');
  if (query.get('api-version') !== '7.4') return azureError(400, 'BadParameter', 'api-version must be specified');
  const item = (name: string, { group, enabled = true }: StoredSecret) => ({
    id: `${url}/secrets/${name}`,
    attributes: { enabled },
    ...(group ? { tags: { 'group-name': group } } : {}),
  });
  const name = path.split('/')[2];
  if (name === undefined) {
    const { items, next } = page([...secrets], Number(query.get('$skiptoken') ?? 0));
    const nextLink = next === undefined ? null : `${url}/secrets?api-version=7.4&$skiptoken=${next}&maxresults=25`;
    return { status: 200, body: { value: items.map(([each, secret]) => item(each, secret)), nextLink } };
  }
  const secret = secrets.get(name);
  if (!secret) return azureError(404, 'SecretNotFound', `A secret with (name/id) ${name} was not found in this key vault.`);
  if (secret.enabled === false) return azureError(403, 'Forbidden', 'Operation get is not allowed on a disabled secret.');
  return { status: 200, body: { value: secret.value, ...item(name, secret) } };
}

export const startAzureVault = (): Promise<SecretStoreEmulator> => start(azure);

// ---- Google Secret Manager (REST v1: projects.secrets.list, versions.access), and tokens for service accounts

function googleError(status: number, name: string, message: string): Reply {
  return { status, body: { error: { code: status, message, status: name } } };
}

function google({ path, query, headers }: Received, secrets: Map<string, StoredSecret>): Reply {
  if (path === '/token') return { status: 200, body: { access_token: 'google-token', expires_in: 3599, token_type: 'Bearer' } };
  if (headers.authorization !== 'Bearer google-token') return googleError(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  const [, , , project, , name, , version] = path.split('/');
  if (project !== 'shop') return googleError(403, 'PERMISSION_DENIED', "Permission 'secretmanager.secrets.list' denied for resource 'projects/other' (or it may not exist).");
  if (name === undefined) {
    const { items, next } = page([...secrets], Number(query.get('pageToken') ?? 0));
    const listed = items.map(([each, { group }]) => ({ name: `projects/123/secrets/${each}`, ...(group ? { labels: { 'group-name': group } } : {}) }));
    return { status: 200, body: { secrets: listed, totalSize: secrets.size, ...(next === undefined ? {} : { nextPageToken: String(next) }) } };
  }
  const secret = secrets.get(name);
  if (!secret || version !== 'latest:access') return googleError(404, 'NOT_FOUND', `Secret [projects/123/secrets/${name}] not found or has no versions.`);
  if (secret.enabled === false) return googleError(400, 'FAILED_PRECONDITION', `Secret Version [projects/123/secrets/${name}/versions/1] is in DISABLED state.`);
  return { status: 200, body: { name: `projects/123/secrets/${name}/versions/1`, payload: { data: Buffer.from(secret.value).toString('base64') } } };
}

export const startGoogleSecrets = (): Promise<SecretStoreEmulator> => start(google);
