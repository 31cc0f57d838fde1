import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { ProcessError } from '../../server/extension/errors.ts';
import type { SandboxLimits, ScriptInput, ScriptOutcome } from './script-sandbox.ts';

/** How much longer than the script may take the worker is waited for, milliseconds. */
const GRACE = 5000;
/** From sources, as in tests, tsx translates the worker's file as it does ours. */
const isSource = import.meta.url.endsWith('.ts');
const WORKER = new URL(`./script-worker${path.extname(import.meta.url)}`, import.meta.url);
const FROM_SOURCE = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(WORKER.href)}, ${JSON.stringify(import.meta.url)}))`;

/** A script in a worker thread of its own. Calls come one after the other. */
export class ScriptRunner {
  readonly #code: string;
  readonly #limits: SandboxLimits;
  #worker: Worker | undefined;
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
      return await this.#answer<ScriptOutcome[]>(worker, inputs.length, () => worker.postMessage(inputs));
    } catch (thrown) {
      const error = `the script was given up: ${(thrown as Error).message}`;
      return inputs.map(() => ({ error, fatal: true, log: [] }));
    }
  }

  async #ready(): Promise<Worker> {
    if (this.#worker) return this.#worker;
    const worker = new Worker(isSource ? FROM_SOURCE : WORKER, {
      eval: isSource,
      workerData: { code: this.#code, limits: this.#limits },
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 256 },
      stdout: true,
      stderr: true,
    });
    worker.unref();
    this.#worker = worker;
    const { problem } = await this.#answer<{ problem: string | undefined }>(worker, 1, () => undefined).catch(async (cause: Error) => {
      await this.stop();
      throw new ProcessError(`The script cannot be started: ${cause.message}.`, { cause });
    });
    if (problem === undefined) return worker;
    await this.stop();
    throw new ProcessError(`The script cannot be used: ${problem}. Correct it.`);
  }

  #answer<T>(worker: Worker, calls: number, send: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const onMessage = (message: T): void => settle(() => resolve(message));
      const onError = (error: Error): void => settle(() => reject(error));
      const onExit = (): void => settle(() => reject(new Error('its thread has ended')));
      const timer = setTimeout(() => settle(() => reject(new Error('it does not answer'))), this.#limits.time * calls + GRACE);
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      send();
    });
  }
}
