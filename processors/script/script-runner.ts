import { ProcessError } from '../../server/extension/errors.ts';
import { WorkerThread } from '../../server/extension/worker-thread.ts';
import type { SandboxLimits, ScriptInput, ScriptOutcome } from './script-sandbox.ts';

/** How much longer than the script may take the worker is waited for, milliseconds. */
const GRACE = 5000;
/** How much memory the thread may take, MB. */
const MEMORY = 256;

/** A script in a worker thread of its own. Calls come one after the other. */
export class ScriptRunner {
  readonly #code: string;
  readonly #limits: SandboxLimits;
  #worker: WorkerThread | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(code: string, limits: SandboxLimits) {
    this.#code = code;
    this.#limits = limits;
  }

  /** Throws ProcessError where the script cannot be used. */
  static async start(code: string, limits: SandboxLimits): Promise<ScriptRunner> {
    const runner = new ScriptRunner(code, limits);
    await runner.#ready();
    return runner;
  }

  /** Calls the script for each input; a worker that does not answer is given up, and the inputs with it. */
  call(inputs: readonly ScriptInput[]): Promise<ScriptOutcome[]> {
    const answered = this.#last.then(() => this.#call(inputs));
    this.#last = answered.catch(() => undefined);
    return answered;
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #call(inputs: readonly ScriptInput[]): Promise<ScriptOutcome[]> {
    const outcomes: ScriptOutcome[] = [];
    while (outcomes.length < inputs.length) {
      const answered = await this.#some(inputs.slice(outcomes.length));
      outcomes.push(...answered);
      const last = answered.at(-1);
      if (last && 'fatal' in last && last.fatal) await this.stop();
    }
    return outcomes;
  }

  /** Outcomes of the first inputs, of one at least. */
  async #some(inputs: readonly ScriptInput[]): Promise<ScriptOutcome[]> {
    const worker = await this.#ready();
    try {
      return await worker.ask<ScriptOutcome[]>(this.#limits.time * inputs.length + GRACE, inputs);
    } catch (thrown) {
      const error = `the script was given up: ${(thrown as Error).message}`;
      return inputs.map(() => ({ error, fatal: true, log: [] }));
    }
  }

  async #ready(): Promise<WorkerThread> {
    if (this.#worker) return this.#worker;
    const worker = new WorkerThread('./script-worker', import.meta.url, { code: this.#code, limits: this.#limits }, MEMORY);
    this.#worker = worker;
    const { problem } = await worker.ask<{ problem: string | undefined }>(this.#limits.time + GRACE).catch(async (cause: Error) => {
      await this.stop();
      throw new ProcessError(`The script cannot be started: ${cause.message}.`, { cause });
    });
    if (problem === undefined) return worker;
    await this.stop();
    throw new ProcessError(`The script cannot be used: ${problem}. Correct it.`);
  }
}
