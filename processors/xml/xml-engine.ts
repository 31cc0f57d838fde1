import { WorkerThread } from '../../server/extension/worker-thread.ts';
import type { XmlAnswer, XmlAnswers, XmlJob } from './xml-jobs.ts';

/** How long one document may take, milliseconds, and how much memory it may take, MB. */
const PATIENCE = 60_000;
const MEMORY = 768;

/** Evaluates XML in a thread of its own, one document after the other. The thread starts with the first. */
export class XmlEngine {
  readonly #patience: number;
  #thread: WorkerThread | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(patience = PATIENCE) {
    this.#patience = patience;
  }

  /** Throws an Error where the document, or what shall be done with it, is not as it must be, or where it takes too long. */
  run<J extends XmlJob>(job: J): Promise<XmlAnswers[J['kind']]> {
    const answered = this.#last.then(() => this.#run(job));
    this.#last = answered.catch(() => undefined);
    return answered as Promise<XmlAnswers[J['kind']]>;
  }

  async stop(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = undefined;
  }

  async #run(job: XmlJob): Promise<XmlAnswers[keyof XmlAnswers]> {
    this.#thread ??= new WorkerThread('./xml-worker', import.meta.url, undefined, MEMORY);
    let answer: XmlAnswer;
    try {
      answer = await this.#thread.ask<XmlAnswer>(this.#patience, job);
    } catch (thrown) {
      await this.stop();
      const cause = (thrown as Error).message;
      throw new Error(cause === 'it does not answer' ? `it took longer than ${this.#patience / 1000} s` : `it was given up: ${cause}`);
    }
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  }
}
