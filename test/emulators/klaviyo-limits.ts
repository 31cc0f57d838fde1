/** Requests in a second and in a minute, each counted from its begin (Klaviyo, "Rate limits, status codes, and errors"). */
export interface Granted {
  readonly burst: number;
  readonly steady: number;
}

/** What each operation grants, as its description says. */
export const GRANTED = {
  accounts: { burst: 1, steady: 15 },
  metrics: { burst: 10, steady: 150 },
  jobs: { burst: 10, steady: 150 },
  profiles: { burst: 75, steady: 750 },
  analytics: { burst: 10, steady: 150 },
  events: { burst: 350, steady: 3500 },
} as const satisfies Readonly<Record<string, Granted>>;

export type LimitName = keyof typeof GRANTED;

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Two windows that begin anew when they are over. */
export class Windows {
  readonly #granted: Granted;
  #second = { begun: 0, used: 0 };
  #minute = { begun: 0, used: 0 };

  constructor(granted: Granted) {
    this.#granted = granted;
  }

  /** Counts a request; the seconds to wait where it is one too many. */
  take(now: number): number | undefined {
    if (now - this.#second.begun >= SECOND) this.#second = { begun: now, used: 0 };
    if (now - this.#minute.begun >= MINUTE) this.#minute = { begun: now, used: 0 };
    if (this.#minute.used >= this.#granted.steady) return Math.max(1, Math.ceil((this.#minute.begun + MINUTE - now) / SECOND));
    if (this.#second.used >= this.#granted.burst) return 1;
    this.#second.used++;
    this.#minute.used++;
    return undefined;
  }

  /** The state of the window of a minute; refusals do not say it. */
  headers(now: number): Record<string, string> {
    return {
      'ratelimit-limit': `${this.#granted.steady}, ${this.#granted.burst};w=1, ${this.#granted.steady};w=60`,
      'ratelimit-remaining': String(this.#granted.steady - this.#minute.used),
      'ratelimit-reset': String(Math.max(0, Math.ceil((this.#minute.begun + MINUTE - now) / SECOND))),
    };
  }
}
