import { readFile } from 'node:fs/promises';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { ApiRequest } from '../../server/extension/json-api.ts';

/** How a token is had. Paths are those of the authentication methods' mounts. */
export type VaultLogin =
  | { readonly method: 'TOKEN'; readonly token: string }
  | { readonly method: 'APPROLE'; readonly path: string; readonly roleId: string; readonly secretId: string | undefined }
  | { readonly method: 'KUBERNETES'; readonly path: string; readonly role: string; readonly tokenFile: string }
  | { readonly method: 'CERT' };

/** The request for a token; undefined where there is one already. Throws ProcessError where the token of the pod cannot be read. */
export async function loginRequest(login: VaultLogin): Promise<ApiRequest | undefined> {
  if (login.method === 'TOKEN') return undefined;
  if (login.method === 'CERT') return { method: 'POST', path: '/v1/auth/cert/login', body: {} };
  const path = `/v1/auth/${login.path.replace(/^\/+|\/+$/g, '')}/login`;
  if (login.method === 'KUBERNETES') return { method: 'POST', path, body: { role: login.role, jwt: await podToken(login.tokenFile) } };
  // A role may do without a secret: bind_secret_id.
  return { method: 'POST', path, body: { role_id: login.roleId, ...(login.secretId === undefined ? {} : { secret_id: login.secretId }) } };
}

/** Kubernetes writes a new token into the file long before the old one ends, so it is read for each login. */
async function podToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new ProcessError(`The token of the pod's service account cannot be read: ${messageOf(cause)}. Check Service Account Token File, and that the pod has one mounted.`, {
      cause,
    });
  }
}
