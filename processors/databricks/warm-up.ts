import type { ComponentLog } from '../../server/extension/component.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';
import type { DatabricksApi } from './api.ts';

/** How a SQL warehouse is (`GET /api/2.0/sql/warehouses/{id}`). */
export interface WarehouseState {
  readonly name?: string;
  readonly state: 'STARTING' | 'RUNNING' | 'STOPPING' | 'STOPPED' | 'DELETING' | 'DELETED';
  readonly health?: { readonly summary?: string };
}

/** Milliseconds between two looks at a warehouse that is not up. */
const LOOK_AGAIN = 5000;

/** What is said of a warehouse that is not up. */
export function coldText(id: string, { name, state, health }: WarehouseState): string {
  const trouble = health?.summary ? ` Its health: ${health.summary}.` : '';
  return `SQL warehouse ${name ?? id} is warming up (${state}), which takes two to five minutes.${trouble}`;
}

/** Whether the SQL warehouse is up. It starts by itself when a statement comes; until then statements wait, and this says why. */
export class WarmUp {
  readonly #api: DatabricksApi;
  readonly #id: string;
  readonly #log: Pick<ComponentLog, 'warn' | 'info'>;
  readonly #patience: number;
  #coldSince: number | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #text = '';

  /** `patience`: milliseconds after which a statement is no longer waited for, although the warehouse is still not up. */
  constructor(api: DatabricksApi, id: string, log: Pick<ComponentLog, 'warn' | 'info'>, patience: number) {
    this.#api = api;
    this.#id = id;
    this.#log = log;
    this.#patience = patience;
  }

  look(signal: AbortSignal): Promise<WarehouseState> {
    return this.#api.call<WarehouseState>({ method: 'GET', path: this.#path, signal, isRepeatable: true });
  }

  /** Asks for a start without a statement. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#api.call({ method: 'POST', path: `${this.#path}/start`, body: {}, signal, isRepeatable: true });
  }

  /** Called while a statement waits to be run. Throws WarehouseError where waiting is of no use, or has lasted too long. */
  async watch(signal: AbortSignal): Promise<void> {
    const now = performance.now();
    if (now - this.#lookedAt >= LOOK_AGAIN) {
      this.#lookedAt = now;
      const state = await this.look(signal).catch(() => undefined);
      signal.throwIfAborted();
      // Who may use a warehouse need not be allowed to look at it: then statements wait without a word.
      if (state) this.#take(state);
    }
    if (this.#coldSince !== undefined && now - this.#coldSince > this.#patience) throw this.error();
  }

  /** A statement runs: the warehouse is up. */
  isUp(): void {
    if (this.#coldSince === undefined) return;
    this.#coldSince = undefined;
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.#log.info(`SQL warehouse ${this.#id} is up.`);
  }

  get isCold(): boolean {
    return this.#coldSince !== undefined;
  }

  error(): WarehouseError {
    return new WarehouseError('warming up', this.#text);
  }

  #take(state: WarehouseState): void {
    if (state.state === 'RUNNING') return this.isUp();
    if (/^DELET/.test(state.state)) throw new WarehouseError('missing object', `SQL warehouse ${this.#id} is ${state.state}`, { remedy: 'Name another one as Warehouse ID.' });
    this.#text = coldText(this.#id, state);
    if (this.#coldSince !== undefined) return;
    this.#coldSince = performance.now();
    this.#log.warn(`${this.#text} The statement waits for it.`);
  }

  get #path(): string {
    return `/api/2.0/sql/warehouses/${encodeURIComponent(this.#id)}`;
  }
}
