import type { CookieJar } from 'tough-cookie';

/** Cookies by the rules of RFC 6265, for as long as the processor runs. */
export class CookieStore {
  readonly #jar: CookieJar;

  private constructor(jar: CookieJar) {
    this.#jar = jar;
  }

  /** tough-cookie is loaded when somebody wants cookies. */
  static async create(): Promise<CookieStore> {
    const { CookieJar: Jar } = await import('tough-cookie');
    return new CookieStore(new Jar());
  }

  /** The header Cookie for a URL; empty where there are none. */
  header(url: URL): string {
    return this.#jar.getCookieStringSync(url.href);
  }

  /** Keeps a cookie unless it may not be set from there. */
  take(header: string, url: URL): void {
    this.#jar.setCookieSync(header, url.href, { ignoreError: true });
  }
}
