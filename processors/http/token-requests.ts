import { ProcessError } from '../../server/extension/errors.ts';
import type { HttpClient } from './http-client.ts';

export interface TokenAnswer {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly expiresIn: number | undefined;
}

/** Asks an authorization server for a token (RFC 6749). Throws ProcessError with what the server says. */
export async function requestToken(client: HttpClient, url: URL, form: Readonly<Record<string, string>>, basic: string | undefined): Promise<TokenAnswer> {
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
  if (basic !== undefined) headers.Authorization = basic;
  const { statusCode, body } = await client
    .request({ origin: url.origin, method: 'POST', path: url.pathname + url.search, headers, body: new URLSearchParams(form).toString() })
    .catch((cause: Error) => {
      throw new ProcessError(`${url.host} cannot be asked for a token: ${cause.message}. Check Authorization Server URL and the network.`, { cause });
    });
  const text = await body.text();
  const answer = parsed(text);
  const token = answer?.access_token;
  if (statusCode < 200 || statusCode > 299 || typeof token !== 'string') {
    const reason = answer?.error_description ?? answer?.error ?? text.slice(0, 200);
    throw new ProcessError(`${url.host} gives no token (status ${statusCode}): ${String(reason)}. Check the client, its secret and the grant in the token provider.`);
  }
  const { refresh_token: refreshToken, expires_in: expiresIn } = answer!;
  return {
    accessToken: token,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : undefined,
    expiresIn: Number.isFinite(Number(expiresIn ?? Number.NaN)) ? Number(expiresIn) : undefined,
  };
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
