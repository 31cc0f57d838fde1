import { messageOf } from '../../server/extension/errors.ts';

/** A token and how long it is good for; 0 seconds for ever. */
export interface Lease {
  readonly token: string;
  readonly seconds: number;
  readonly renewable: boolean;
}

/** What Vault is asked for. */
export interface TokenSource {
  login(signal: AbortSignal): Promise<Lease>;
  renew(token: string, signal: AbortSignal): Promise<Lease>;
  lookUp(token: string, signal: AbortSignal): Promise<Lease>;
  warn(message: string): void;
}

/** Vault's own agent renews when two thirds of the time are over. */
const RENEW_AT = 2 / 3;
const MOST_MILLIS = 24 * 3_600_000;
const PATIENCE = 30_000;

/** Vault's token: had by a login or configured, renewed before it ends, had anew when it cannot be. */
export class VaultToken {
  readonly #configured: string | undefined;
  readonly #source: TokenSource;
  #lease: Lease | undefined;
  #pending: Promise<Lease> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isEnded = false;

  constructor(configured: string | undefined, source: TokenSource) {
    this.#configured = configured;
    this.#source = source;
  }

  /** Of the present token; 0 for one that never ends, or of which nothing is known. */
  get seconds(): number {
    return this.#lease?.seconds ?? 0;
  }

  /** A token that is good, as far as is known. */
  async get(signal: AbortSignal): Promise<string> {
    this.#pending ??= this.#begin(signal);
    try {
      return (await this.#pending).token;
    } catch (thrown) {
      this.#pending = undefined;
      throw thrown;
    }
  }

  /** Lets the next `get` log in; false where that would give the same token, or somebody else did so. */
  forget(token: string): boolean {
    if (this.#configured !== undefined) return false;
    if (this.#lease?.token === token) this.#drop();
    return true;
  }

  /** Ends the renewals. Resolves to the token that a login gave, to be revoked. */
  end(): string | undefined {
    this.#isEnded = true;
    const own = this.#configured === undefined ? this.#lease?.token : undefined;
    this.#drop();
    return own;
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#lease = undefined;
    this.#pending = undefined;
  }

  async #begin(signal: AbortSignal): Promise<Lease> {
    const lease = this.#configured === undefined ? await this.#source.login(signal) : await this.#source.lookUp(this.#configured, signal);
    this.#keep(lease);
    return lease;
  }

  #keep(lease: Lease): void {
    if (this.#isEnded) return;
    this.#lease = lease;
    clearTimeout(this.#timer);
    if (lease.seconds <= 0) return;
    this.#timer = setTimeout(() => void this.#renew(lease), Math.min(lease.seconds * 1000 * RENEW_AT, MOST_MILLIS)).unref();
  }

  async #renew(lease: Lease): Promise<void> {
    try {
      if (!lease.renewable) throw new Error('it is not renewable');
      const renewed = await this.#source.renew(lease.token, AbortSignal.timeout(PATIENCE));
      if (this.#lease !== lease) return;
      this.#pending = Promise.resolve(renewed);
      this.#keep(renewed);
    } catch (thrown) {
      if (this.#lease !== lease) return;
      if (this.#configured === undefined) return this.#drop();
      this.#source.warn(
        `The token of Vault cannot be renewed and ends in ${Math.round(lease.seconds * (1 - RENEW_AT))} seconds: ${messageOf(thrown)}. Put a fresh one in, or use AppRole or Kubernetes.`,
      );
    }
  }
}
