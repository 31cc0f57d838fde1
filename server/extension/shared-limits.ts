import { createHash } from 'node:crypto';

/** What counts against the limits of an account is shared by all who use the same key, until the last one lets go. */
export class SharedLimits<L> {
  readonly #accounts = new Map<string, { readonly limits: L; users: number }>();
  readonly #make: () => L;

  constructor(make: () => L) {
    this.#make = make;
  }

  take(url: string, secret: string): L {
    const key = keyOf(url, secret);
    const known = this.#accounts.get(key) ?? { limits: this.#make(), users: 0 };
    known.users++;
    this.#accounts.set(key, known);
    return known.limits;
  }

  release(url: string, secret: string): void {
    const key = keyOf(url, secret);
    const known = this.#accounts.get(key);
    if (known && --known.users === 0) this.#accounts.delete(key);
  }
}

/** Secrets themselves are kept nowhere but in their service. */
const keyOf = (url: string, secret: string): string => createHash('sha256').update(`${url}\n${secret}`).digest('base64');
