import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { outgoingEnvironment } from './outgoing.ts';

/** Where a module of ours lies, beside the one that asks: from sources, as in tests, tsx translates it as it does ours. */
const sourceOf = (file: string): string => `import('tsx/esm/api').then(({ tsImport }) => tsImport(${JSON.stringify(file)}, ${JSON.stringify(file)}))`;

/**
 * A thread for what computes for long or may never end. It runs a module that answers each message with one message; an answer
 * that does not come in time is given up, and so is the thread: call `terminate`.
 */
export class WorkerThread {
  readonly #worker: Worker;

  /** `module` without its extension, relative to `from`, an import.meta.url. `megabytes`: how much memory its objects may take. */
  constructor(module: string, from: string, data: unknown, megabytes: number) {
    const extension = path.extname(from);
    const file = new URL(module + extension, from);
    const isSource = extension === '.ts';
    this.#worker = new Worker(isSource ? sourceOf(file.href) : file, {
      eval: isSource,
      workerData: data,
      env: outgoingEnvironment(),
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
      stdout: true,
      stderr: true,
    });
    this.#worker.unref();
  }

  /** The next message of the module, in answer to `request`; without one, what it says of itself at its start. Throws an Error where none comes within so many milliseconds. */
  ask<A>(millis: number, ...request: readonly unknown[]): Promise<A> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        this.#worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const onMessage = (message: A): void => settle(() => resolve(message));
      const onError = (error: Error): void => settle(() => reject(error));
      const onExit = (): void => settle(() => reject(new Error('its thread has ended')));
      const timer = setTimeout(() => settle(() => reject(new Error('it does not answer'))), millis);
      this.#worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      if (request.length > 0) this.#worker.postMessage(request[0]);
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }
}
