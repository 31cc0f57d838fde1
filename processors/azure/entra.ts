import { readFile } from 'node:fs/promises';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';

/** Who asks Microsoft Entra ID for tokens. */
export type EntraIdentity =
  | { readonly kind: 'secret'; readonly authority: string; readonly tenant: string; readonly client: string; readonly secret: string }
  /** Workload identity: a token that Kubernetes has put into a file stands for the secret. */
  | { readonly kind: 'file'; readonly authority: string; readonly tenant: string; readonly client: string; readonly file: string }
  | { readonly kind: 'machine'; readonly client: string | undefined };

/** A request for a token. */
export interface TokenCall {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A form to post; without one it is a GET. */
  readonly form?: string;
}

export const AUTHORITY = 'https://login.microsoftonline.com';
/** Azure's instance metadata service, at the same link-local address on every machine ("How to use managed identities ... to acquire an access token"). */
const METADATA = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** What the environment says: the variables that Azure's own libraries and its webhook for Kubernetes use; else the machine. */
export function identityOfEnvironment(environment: NodeJS.ProcessEnv): EntraIdentity {
  const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: secret, AZURE_FEDERATED_TOKEN_FILE: file } = environment;
  const authority = authorityOf(environment);
  if (tenant && client && secret) return { kind: 'secret', authority, tenant, client, secret };
  if (tenant && client && file) return { kind: 'file', authority, tenant, client, file };
  return { kind: 'machine', client };
}

/** AZURE_AUTHORITY_HOST names the one of a sovereign cloud. */
export function authorityOf({ AZURE_AUTHORITY_HOST }: NodeJS.ProcessEnv): string {
  return (AZURE_AUTHORITY_HOST || AUTHORITY).replace(/\/+$/, '');
}

/** How to ask for a token. App Service and Functions have an endpoint of their own, named by the environment. */
export async function tokenCall(identity: EntraIdentity, resource: string, environment: NodeJS.ProcessEnv): Promise<TokenCall> {
  if (identity.kind === 'machine') return machineCall(identity.client, resource, environment);
  const { authority, tenant, client } = identity;
  const proof: Record<string, string> =
    identity.kind === 'secret' ? { client_secret: identity.secret } : { client_assertion_type: ASSERTION, client_assertion: await tokenFile(identity.file) };
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: client, scope: `${resource}/.default`, ...proof }).toString();
  return { url: `${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, headers: { 'content-type': 'application/x-www-form-urlencoded' }, form };
}

function machineCall(client: string | undefined, resource: string, { IDENTITY_ENDPOINT, IDENTITY_HEADER }: NodeJS.ProcessEnv): TokenCall {
  const query = new URLSearchParams({ resource, ...(client === undefined ? {} : { client_id: client }) });
  if (!IDENTITY_ENDPOINT || !IDENTITY_HEADER) return { url: `${METADATA}&${query}`, headers: { metadata: 'true' } };
  return { url: `${IDENTITY_ENDPOINT}?api-version=2019-08-01&${query}`, headers: { 'x-identity-header': IDENTITY_HEADER } };
}

async function tokenFile(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new ProcessError(`The token in AZURE_FEDERATED_TOKEN_FILE cannot be read: ${messageOf(cause)}. Check that the pod uses workload identity.`, { cause });
  }
}
