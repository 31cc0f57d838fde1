/** So many wrong passwords are answered at once. */
const FREE_FAILURES = 5;
const FIRST_DELAY_MILLIS = 1000;
const LONGEST_DELAY_MILLIS = 5 * 60_000;
/** Who failed no more for so long begins anew. */
const FORGOTTEN_AFTER_MILLIS = 3_600_000;
/** So many names and addresses are remembered; the one that failed longest ago is forgotten first. */
const MOST_REMEMBERED = 10_000;

interface Failures {
  count: number;
  last: number;
}

/**
 * Slows down who guesses passwords or keys (NIST SP 800-63B 5.2.2): the fifth failure in a row, and each one after it, doubles the
 * time until the next try is looked at, up to five minutes. It knows keys only: names of users and addresses.
 */
export class Throttle {
  readonly #now: () => number;
  /** In the order of the last failure. */
  readonly #failures = new Map<string, Failures>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds until a try under all these keys is looked at; 0 for now. */
  wait(keys: readonly string[]): number {
    return Math.max(...keys.map((key) => this.#waitOf(key)));
  }

  fail(keys: readonly string[]): void {
    const now = this.#now();
    for (const key of keys) {
      const count = (this.#recent(key)?.count ?? 0) + 1;
      this.#failures.delete(key);
      this.#failures.set(key, { count, last: now });
    }
    for (const key of this.#failures.keys()) {
      if (this.#failures.size <= MOST_REMEMBERED) break;
      this.#failures.delete(key);
    }
  }

  forgive(key: string): void {
    this.#failures.delete(key);
  }

  get size(): number {
    return this.#failures.size;
  }

  #waitOf(key: string): number {
    const { count, last } = this.#recent(key) ?? { count: 0, last: 0 };
    if (count < FREE_FAILURES) return 0;
    const delay = Math.min(FIRST_DELAY_MILLIS * 2 ** (count - FREE_FAILURES), LONGEST_DELAY_MILLIS);
    return Math.max(0, last + delay - this.#now());
  }

  #recent(key: string): Failures | undefined {
    const found = this.#failures.get(key);
    return found && this.#now() - found.last < FORGOTTEN_AFTER_MILLIS ? found : undefined;
  }
}

/** What an address is counted as. Whoever has one address of IPv6 has 2^64 (RFC 6177): they count as one. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head, tail] = plain.split('::') as [string, string?];
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = tail === undefined ? 0 : 8 - before!.length - after!.length;
  const groups = [...before!, ...Array<string>(zeros).fill('0'), ...after!];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
