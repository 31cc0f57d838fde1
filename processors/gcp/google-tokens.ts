import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { GoogleCredentials } from '../../server/extension/google.ts';
import { type AccessToken, accessToken, serviceAccount } from '../../server/extension/google-account.ts';

const TIMEOUT = 30_000;
/** A token is replaced so many milliseconds before it ends. */
const MARGIN = 60_000;

type Ask = (scope: string) => Promise<AccessToken>;

/** Tokens, one for each scope, kept until shortly before their end. */
export class GoogleTokens implements GoogleCredentials {
  readonly #ask: Ask;
  readonly #tokens = new Map<string, Promise<AccessToken>>();

  private constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** A service account with its JSON key. Throws WarehouseError where that is none. */
  static ofKey(json: string): GoogleTokens {
    const account = serviceAccount(json);
    return new GoogleTokens((scope) => accessToken(account, scope, TIMEOUT));
  }

  /** What the machine's metadata server says. */
  static ofMachine(): GoogleTokens {
    return new GoogleTokens(async () => {
      const { Compute } = await import('google-auth-library');
      return fromLibrary(new Compute());
    });
  }

  /** Application default credentials, as Google's libraries look for them. */
  static ofEnvironment(): GoogleTokens {
    return new GoogleTokens(async (scope) => {
      const { GoogleAuth } = await import('google-auth-library');
      return fromLibrary(await new GoogleAuth({ scopes: [scope] }).getClient());
    });
  }

  async token(scope: string): Promise<string> {
    const known = await this.#tokens.get(scope)?.catch(() => undefined);
    if (known && known.expires - MARGIN > Date.now()) return known.token;
    const asked = this.#ask(scope).catch((cause: unknown) => {
      throw cause instanceof ProcessError
        ? cause
        : new ProcessError(`Google gives no token: ${messageOf(cause)}. Check where the GCP credentials service looks for them.`, { cause });
    });
    this.#tokens.set(scope, asked);
    return (await asked).token;
  }
}

interface LibraryClient {
  getAccessToken(): Promise<{ readonly token?: string | null }>;
  readonly credentials: { readonly expiry_date?: number | null };
}

async function fromLibrary(client: LibraryClient): Promise<AccessToken> {
  const { token } = await client.getAccessToken();
  if (!token) throw new ProcessError('Google gives no token. Check where the GCP credentials service looks for them.');
  return { token, expires: client.credentials.expiry_date ?? 0 };
}
