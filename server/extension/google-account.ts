import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { messageOf } from './errors.ts';
import { WarehouseError } from './warehouse.ts';

/** Who logs in: what counts of the key file that Google Cloud makes for a service account. */
export interface ServiceAccount {
  readonly email: string;
  readonly keyId: string | undefined;
  readonly key: KeyObject;
  readonly project: string | undefined;
  readonly tokenUri: string;
}

export interface AccessToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

const GOOGLE_TOKENS = 'https://oauth2.googleapis.com/token';
const MAKE_ANOTHER = { remedy: 'Make a JSON key of the service account in the Google Cloud console and give the service the whole file.' };

const unusable = (what: string, cause?: unknown): WarehouseError => new WarehouseError('configuration', `The service account's key ${what}`, { ...MAKE_ANOTHER, cause });

/** Reads the JSON of a key. Throws WarehouseError, which tells nothing of the key itself. */
export function serviceAccount(text: string): ServiceAccount {
  const { type, client_email, private_key, private_key_id, project_id, token_uri } = fields(text);
  if (type !== 'service_account') throw unusable(`has the type ${type ?? '(none)'}, not service_account`);
  if (!client_email || !private_key) throw unusable('lacks client_email or private_key');
  return { email: client_email, keyId: private_key_id, key: privateKey(private_key), project: project_id, tokenUri: token_uri ?? GOOGLE_TOKENS };
}

function fields(text: string): Partial<Record<string, string>> {
  try {
    return JSON.parse(text) as Partial<Record<string, string>>;
  } catch {
    // The parser's message would quote the key.
    throw unusable('is not JSON');
  }
}

function privateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw unusable('holds a private_key that is not in PEM', cause);
  }
}

/** The same from a file. Throws WarehouseError. */
export async function serviceAccountFile(path: string): Promise<ServiceAccount> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new WarehouseError('configuration', `The file with the service account's key cannot be read: ${messageOf(cause)}`, { cause });
  });
  return serviceAccount(text);
}

/**
 * Exchanges a signed assertion (RFC 7523) for a token; `scope` says for what, such as `https://www.googleapis.com/auth/bigquery`,
 * `timeout` how many milliseconds the answer may take. Throws WarehouseError.
 */
export async function accessToken(account: ServiceAccount, scope: string, timeout: number): Promise<AccessToken> {
  const assertion = await signed(account, scope);
  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }).toString();
  const { request } = await import('undici');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const answer = await request(account.tokenUri, { method: 'POST', headers, body, headersTimeout: timeout, bodyTimeout: timeout })
    .then(async ({ statusCode, body: content }) => ({ status: statusCode, text: await content.text() }))
    .catch((cause: unknown) => {
      throw new WarehouseError('connection', `${account.tokenUri} gave no token: ${messageOf(cause)}`, { cause });
    });
  return tokenOf(answer, account);
}

async function signed({ email, key, keyId, tokenUri }: ServiceAccount, scope: string): Promise<string> {
  const { SignJWT } = await import('jose');
  const jwt = new SignJWT({ scope }).setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) });
  return jwt.setIssuer(email).setSubject(email).setAudience(tokenUri).setIssuedAt().setExpirationTime('1h').sign(key);
}

function tokenOf({ status, text }: { status: number; text: string }, { email, tokenUri }: ServiceAccount): AccessToken {
  const answer = asObject(text);
  if (status === 200 && typeof answer.access_token === 'string') return { token: answer.access_token, expires: Date.now() + Number(answer.expires_in ?? 3600) * 1000 };
  if (status >= 500 || status === 429) throw new WarehouseError('connection', `${tokenUri} answered ${status}`);
  const reason = [answer.error, answer.error_description].filter((one) => typeof one === 'string').join(': ');
  throw new WarehouseError('authentication', `Google gives ${email} no token: ${reason || `status ${status}`}`, {
    remedy: "Check that the service account and its key still exist, and this machine's clock.",
  });
}

function asObject(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
