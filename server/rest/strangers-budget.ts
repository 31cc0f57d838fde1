const MINUTE_MILLIS = 60_000;
/** So many lines a minute about people who are not logged in. */
const MOST_A_MINUTE = 60;
/** Too many logins: a guess that was not even looked at. */
const THROTTLED = 429;
const MADE = 201;

/**
 * How many requests of people who are not logged in may be written down: whoever can reach the port must not be able to fill
 * the disk. Logins that succeed always may, and throttled ones never. The others are counted once there are too many.
 */
export class StrangersBudget {
  readonly #now: () => number;
  #minute = 0;
  #written = 0;
  #missing = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  mayBeWritten(status: number): boolean {
    if (status === MADE) return true;
    if (status === THROTTLED) return false;
    this.#turn();
    if (this.#written < MOST_A_MINUTE) {
      this.#written += 1;
      return true;
    }
    this.#missing += 1;
    return false;
  }

  /** How many were left out in minutes that are over, told once. */
  missing(): number {
    if (!this.#turn()) return 0;
    const missing = this.#missing;
    this.#missing = 0;
    return missing;
  }

  /** Whether a new minute began. */
  #turn(): boolean {
    const minute = Math.floor(this.#now() / MINUTE_MILLIS);
    if (minute === this.#minute) return false;
    this.#minute = minute;
    this.#written = 0;
    return true;
  }
}
