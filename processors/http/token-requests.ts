import { ProcessError } from '../../server/extension/errors.ts';

/** Posts a form and gives the answer's status and text. Throws an Error where there is none. */
export type PostForm = (url: URL, headers: Readonly<Record<string, string>>, form: string) => Promise<{ readonly status: number; readonly text: string }>;

export interface TokenAnswer {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Seconds. */
  readonly expiresIn: number | undefined;
}

/** Asks an authorization server for a token (RFC 6749). Throws ProcessError with what the server says. */
export async function requestToken(post: PostForm, url: URL, form: Readonly<Record<string, string>>, basic: string | undefined): Promise<TokenAnswer> {
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
  if (basic !== undefined) headers.Authorization = basic;
  const { status, text } = await post(url, headers, new URLSearchParams(form).toString()).catch((cause: Error) => {
    throw new ProcessError(`${url.host} cannot be asked for a token: ${cause.message}. Check the URL of the token provider and the network.`, { cause });
  });
  const answer = parsed(text);
  const token = answer?.access_token;
  if (status < 200 || status > 299 || typeof token !== 'string') {
    const reason = answer?.error_description ?? answer?.error ?? text.slice(0, 200);
    throw new ProcessError(`${url.host} gives no token (status ${status}): ${String(reason)}. Check the client, its secret and the grant in the token provider.`);
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
